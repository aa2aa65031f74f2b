"""From the logits of windows to scores: how windows become a track, temperature and bias.

A track's logit is made from those of its windows, `AGGREGATIONS` says how; its scores are
``σ(logit / temperature + bias)``, with one temperature and a bias for each genre. Both leave the
order of tracks within a genre as it is. Where a track has exactly one genre, scores are a softmax,
as `genre.inference.exclusive` has it. With a tree of genres no parent is below its child, neither
in the logits that temperature and bias are fitted to nor in the scores that these make. All of it
is settled on validation tracks and kept in the bundle.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from genre.config import later
from genre.errors import ConfigError
from genre.inference.consistency import Columns, check_columns, raise_parents
from genre.inference.exclusive import against_the_rest, softmax_scores
from genre.inference.log_score import log_score
from genre.inference.scoring import WindowLogits
from genre.plugins import Registry
from genre.tasks import TASKS, Task

TOP_SHARE = 5
"""`top_fifth` averages one window in so many, and at least one."""


@dataclass(frozen=True, kw_only=True)
class ScoreRule:
    """What a model's logits mean.

    Parameters
    ----------
    aggregation : str
        A key of `AGGREGATIONS`.
    temperature : float
        Above 0; a track's logits are divided by it.
    bias : tuple of float, n_labels values or none
        Added to the divided logits of each genre; none is 0 for all.
    window_temperature : float
        Above 0; divides the logits of windows before they become a track. 1 but for bundles of
        format 2, whose temperature stood there.
    task : multilabel or exclusive
        Whether every genre is scored by itself, or all together as shares of one whole.
    parents : tuple of tuple of int, n_labels values or none
        The columns of each genre's parents, which are never below it; none where there is no tree.
    """

    aggregation: str = "mean"
    temperature: float = 1.0
    bias: tuple[float, ...] = ()
    window_temperature: float = 1.0
    task: Task = later("multilabel")
    parents: Columns = later(())

    def __post_init__(self) -> None:
        AGGREGATIONS.find(self.aggregation)
        check_columns(self.parents)
        if self.task not in TASKS:
            raise ConfigError(f"task={self.task!r} must be one of: {', '.join(TASKS)}")
        for name in ("temperature", "window_temperature"):
            # JSON as Python reads it knows NaN, Infinity, and integers too large for a float.
            if not 0 < getattr(self, name) <= sys.float_info.max:
                raise ConfigError(f"{name}={getattr(self, name)} must be a finite number above 0")
        for value in self.bias:
            if not abs(value) <= sys.float_info.max:
                raise ConfigError(f"bias={value} must be a finite number")
        if self.task == "exclusive" and any(self.parents):
            raise ConfigError("task=exclusive must come without parents: scores are shares")

    def window_scores(self, windows: WindowLogits) -> NDArray[np.float64]:
        """Score every window as a track of its own.

        Parameters
        ----------
        windows : WindowLogits
            As the network gave them.

        Returns
        -------
        ndarray of shape (n_windows, n_labels), in [0, 1]
        """
        return self._scores(self.logits(windows))

    def track_scores(self, windows: WindowLogits) -> NDArray[np.float64]:
        """Score tracks.

        Parameters
        ----------
        windows : WindowLogits
            All windows of each track.

        Returns
        -------
        ndarray of shape (n_tracks, n_labels), in [0, 1]
        """
        return self._scores(track_logits(self.logits(windows), windows.track, self.aggregation))

    def logits(self, windows: WindowLogits) -> NDArray[np.float64]:
        """Make the logits of windows what aggregations take: each genre by itself.

        Parameters
        ----------
        windows : WindowLogits
            As the network gave them.

        Returns
        -------
        ndarray of shape (n_windows, n_labels)
            At a temperature of 1 and without bias, ``σ`` of it is the score.
        """
        divided = windows.logits.astype(np.float64) / self.window_temperature
        return divided if self.task == "multilabel" else against_the_rest(divided)

    def _scores(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        bias = np.array(self.bias or 0.0)
        if self.task == "exclusive":
            return softmax_scores(logits, temperature=self.temperature, bias=bias)
        consistent = raise_parents(logits, self.parents)
        scores = np.exp(log_score(consistent / self.temperature + bias))
        return raise_parents(scores, self.parents)


def track_logits(
    logits: NDArray[np.floating], track: NDArray[np.int64], aggregation: str
) -> NDArray[np.float64]:
    """Make the logits of tracks from those of their windows.

    Parameters
    ----------
    logits : ndarray of shape (n_windows, n_labels)
        Of all windows of all tracks.
    track : ndarray of shape (n_windows,), int64
        Index of each window's track: ascending, each from 0 on at least once.
    aggregation : str
        A key of `AGGREGATIONS`.

    Returns
    -------
    ndarray of shape (n_tracks, n_labels)
    """
    starts = np.flatnonzero(np.diff(track, prepend=-1))
    return AGGREGATIONS[aggregation].function(logits.astype(np.float64), starts)


class OnnxNodes(Protocol):
    """What an aggregation writes its ONNX with; values of the graph are known by their names.

    Attributes
    ----------
    windows : str
        The logits of all windows of one track, of shape (n_windows, n_labels).
    n_windows : str
        How many there are, int64 of shape (1,).
    first_axis : str
        The axis of the windows as operators want it, ``[0]``.
    """

    windows: str
    n_windows: str
    first_axis: str

    def add(self, operator: str, *inputs: str, n_outputs: int = 1, **attributes: int) -> str:
        """Add a node.

        Parameters
        ----------
        operator : str
            An operator of ONNX, such as ``ReduceMax``.
        *inputs : str
            Names of values.
        n_outputs : int
            How many the operator has.
        **attributes : int
            Of the node, such as ``keepdims``.

        Returns
        -------
        str
            The name of its first output.
        """

    def whole(self, number: int) -> str:
        """Add a constant, int64 of shape (1,), and return its name."""


@dataclass(frozen=True, kw_only=True)
class Aggregation:
    """A way from the logits of windows to that of their track, each genre by itself.

    It is an average of some kind: a single window is its track, the order of windows does not
    matter, and a window whose logit rises never lowers the track's.

    Parameters
    ----------
    function : callable of ndarray (n_windows, n_labels) and ndarray (n_tracks,)
        From the logits of windows, and the first window of each track, to the logits of tracks, of
        shape (n_tracks, n_labels).
    title : str
        What it is, for people.
    onnx : callable of OnnxNodes, optional
        Adds the same for one track to an ONNX graph and returns the name of the track's logits, of
        shape (n_labels,). Bundles with an aggregation without it cannot be exported.
    """

    function: Callable[[NDArray[np.float64], NDArray[np.intp]], NDArray[np.float64]]
    title: str
    onnx: Callable[[OnnxNodes], str] | None = None


def _mean(logits: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    # log mean σ(x) - log mean σ(-x): the number of windows cancels.
    yes = np.logaddexp.reduceat(log_score(logits), starts, axis=0)
    no = np.logaddexp.reduceat(log_score(-logits), starts, axis=0)
    return np.asarray(yes - no)


def _mean_logit(logits: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    counts = np.diff(starts, append=len(logits))
    return np.asarray(np.add.reduceat(logits, starts, axis=0) / counts[:, None])


def _max(logits: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    return np.asarray(np.maximum.reduceat(logits, starts, axis=0))


def _top_fifth(logits: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    ends = np.append(starts[1:], len(logits))
    tops = []
    for start, end in zip(starts, ends, strict=True):
        n_kept = -(-(end - start) // TOP_SHARE)
        best = np.sort(logits[start:end], axis=0)[-n_kept:]
        tops.append(_mean(best, np.zeros(1, dtype=np.intp)))
    return np.concatenate(tops)


def _onnx_mean_of(nodes: OnnxNodes, logits: str) -> str:
    # As in `_mean`: finite where σ itself is 0 or 1.
    minus = nodes.add("Neg", logits)
    log_yes = nodes.add("Neg", nodes.add("Softplus", minus))
    log_no = nodes.add("Neg", nodes.add("Softplus", logits))
    yes = nodes.add("ReduceLogSumExp", log_yes, nodes.first_axis, keepdims=0)
    no = nodes.add("ReduceLogSumExp", log_no, nodes.first_axis, keepdims=0)
    return nodes.add("Sub", yes, no)


def _onnx_mean(nodes: OnnxNodes) -> str:
    return _onnx_mean_of(nodes, nodes.windows)


def _onnx_mean_logit(nodes: OnnxNodes) -> str:
    return nodes.add("ReduceMean", nodes.windows, nodes.first_axis, keepdims=0)


def _onnx_max(nodes: OnnxNodes) -> str:
    return nodes.add("ReduceMax", nodes.windows, nodes.first_axis, keepdims=0)


def _onnx_top_fifth(nodes: OnnxNodes) -> str:
    nearly = nodes.add("Add", nodes.n_windows, nodes.whole(TOP_SHARE - 1))
    n_kept = nodes.add("Div", nearly, nodes.whole(TOP_SHARE))  # rounded up
    best = nodes.add("TopK", nodes.windows, n_kept, n_outputs=2, axis=0)
    return _onnx_mean_of(nodes, best)


AGGREGATIONS: Registry[Aggregation] = Registry(
    "aggregation",
    {
        "mean": Aggregation(
            function=_mean, title="the mean of the windows' scores", onnx=_onnx_mean
        ),
        "mean_logit": Aggregation(
            function=_mean_logit, title="the mean of the windows' logits", onnx=_onnx_mean_logit
        ),
        "max": Aggregation(function=_max, title="the best window", onnx=_onnx_max),
        "top_fifth": Aggregation(
            function=_top_fifth,
            title="the mean score of the best fifth of the windows",
            onnx=_onnx_top_fifth,
        ),
    },
)
"""All ways from windows to a track, by the name that bundles and options know them by."""
