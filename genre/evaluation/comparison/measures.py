"""The numbers that are compared, as functions of a run and of the weights of the artists."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap import (
    OfClasses,
    Statistic,
    class_statistic,
    f1_statistic,
    mean_over_classes,
    rank_statistic,
)
from genre.evaluation.inputs import PooledRun
from genre.evaluation.metrics.registry import WINDOW_F1 as WINDOW_F1_NAME

WINDOW_THRESHOLD = 0.5
"""The reference's fixed threshold."""

Found = TypeVar("Found")
Builder = Callable[[NDArray[np.bool_], NDArray[Any], NDArray[np.integer[Any]]], Statistic]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One number to compare runs by.

    Parameters
    ----------
    name : str
        As in the tables.
    builder : callable
        From truth, scores or decisions, and clusters to a statistic.
    values : callable
        From a run to the scores or decisions that the builder takes.
    on_windows : bool
        Whether the rows are windows instead of tracks.
    by_class : Measure or None
        The measure of every class whose mean over the known classes this is.
    """

    name: str
    builder: Builder
    values: Callable[[PooledRun], NDArray[Any]]
    on_windows: bool = False
    by_class: "Measure | None" = None

    def statistic(
        self, runs: tuple[PooledRun, ...], cluster: NDArray[np.integer[Any]]
    ) -> Statistic:
        """Make the statistic of one run, or of several stacked with clusters of their own.

        Parameters
        ----------
        runs : tuple of PooledRun
            All with the same tracks.
        cluster : ndarray of shape (n_tracks,), int
            The artist of each track; those of the second run count on from the first.
        """
        n_clusters = int(cluster.max()) + 1
        truth, values, rows = [], [], []
        for index, run in enumerate(runs):
            tracks = run.window_track if self.on_windows else np.arange(len(run.track_id))
            truth.append(run.y_true[tracks])
            values.append(self.values(run))
            rows.append(cluster[tracks] + index * n_clusters)
        return self.builder(np.concatenate(truth), np.concatenate(values), np.concatenate(rows))


def _scores(run: PooledRun) -> NDArray[np.float64]:
    return run.y_score


def _decisions(run: PooledRun) -> NDArray[np.bool_]:
    return run.decisions


_OF_DECISIONS: tuple[OfClasses, ...] = ("precision", "recall", "f1")
CLASS_AP = Measure(
    name="ap", builder=partial(rank_statistic, measure="ap", is_macro=False), values=_scores
)
CLASS_AUC = Measure(
    name="auc", builder=partial(rank_statistic, measure="auc", is_macro=False), values=_scores
)
CLASS_MEASURES = (
    *(
        Measure(name=name, builder=partial(class_statistic, measure=name), values=_decisions)
        for name in _OF_DECISIONS
    ),
    CLASS_AP,
    CLASS_AUC,
)
"""Of every class by itself."""

MACRO_AP = Measure(
    name="macro_ap",
    builder=partial(rank_statistic, measure="ap"),
    values=_scores,
    by_class=CLASS_AP,
)
WEIGHTED_F1 = Measure(
    name="weighted_f1", builder=partial(f1_statistic, average="weighted"), values=_decisions
)
ACCURACY = Measure(
    name="accuracy", builder=partial(f1_statistic, average="accuracy"), values=_decisions
)
MACRO_F1 = Measure(
    name="macro_f1", builder=partial(f1_statistic, average="macro"), values=_decisions
)
WINDOW_F1 = Measure(
    name=WINDOW_F1_NAME,
    builder=partial(f1_statistic, average="weighted"),
    values=lambda run: run.window_score >= WINDOW_THRESHOLD,
    on_windows=True,
)
MEASURES = {
    measure.name: measure for measure in (MACRO_AP, WEIGHTED_F1, ACCURACY, MACRO_F1, WINDOW_F1)
}
"""What models are compared by: every primary metric, and the customary number beside them."""


@dataclass(frozen=True, kw_only=True)
class Replicated:
    """A number with what resampling says of it.

    Parameters
    ----------
    value : float
        On the full test set.
    replicates : ndarray of shape (n_replicates,)
        On bootstrap samples of the artists.
    jackknife : ndarray of shape (n_clusters,)
        Without each artist in turn.
    """

    value: float
    replicates: NDArray[np.float64]
    jackknife: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ReplicatedClasses:
    """A number of every class with what resampling says of it; NaN for a class without one.

    Parameters
    ----------
    values : ndarray of shape (n_labels,)
        On the full test set.
    replicates : ndarray of shape (n_replicates, n_labels)
        On bootstrap samples of the artists.
    jackknife : ndarray of shape (n_clusters, n_labels)
        Without each artist in turn.
    """

    values: NDArray[np.float64]
    replicates: NDArray[np.float64]
    jackknife: NDArray[np.float64]

    def of_class(self, label: int) -> Replicated:
        """Select the number of one class.

        Parameters
        ----------
        label : int
            The column of the class.
        """
        return Replicated(
            value=float(self.values[label]),
            replicates=self.replicates[:, label],
            jackknife=self.jackknife[:, label],
        )

    def mean(self) -> Replicated:
        """Compute the mean over the classes that have a value in the full test set."""
        known = ~np.isnan(self.values)
        return Replicated(
            value=float(mean_over_classes(self.values[np.newaxis], known)[0]),
            replicates=mean_over_classes(self.replicates, known),
            jackknife=mean_over_classes(self.jackknife, known),
        )


def replicate(
    measure: Measure,
    run: PooledRun,
    *,
    cluster: NDArray[np.integer[Any]],
    weights: NDArray[np.int16],
) -> Replicated:
    """Compute a measure on the full sample, on bootstrap samples and on the jackknife.

    Parameters
    ----------
    measure : Measure
        What to compute: one number.
    run : PooledRun
        Of which run.
    cluster : ndarray of shape (n_tracks,), int
        The artist of each track.
    weights : ndarray of shape (n_replicates, n_clusters)
        Shared by all that is to be compared.
    """
    statistic = measure.statistic((run,), cluster)
    return Replicated(
        value=float(statistic.full()[0]),
        replicates=statistic(weights),
        jackknife=statistic.jackknife(),
    )


def replicate_classes(
    measure: Measure,
    run: PooledRun,
    *,
    cluster: NDArray[np.integer[Any]],
    weights: NDArray[np.int16],
) -> ReplicatedClasses:
    """Compute a measure of every class on the full sample, on bootstrap samples and the jackknife.

    Parameters
    ----------
    measure : Measure
        What to compute: one number for each class.
    run : PooledRun
        Of which run.
    cluster : ndarray of shape (n_tracks,), int
        The artist of each track.
    weights : ndarray of shape (n_replicates, n_clusters)
        Shared by all that is to be compared.
    """
    statistic = measure.statistic((run,), cluster)
    return ReplicatedClasses(
        values=statistic.full()[0],
        replicates=statistic(weights),
        jackknife=statistic.jackknife(),
    )


class Kept(Generic[Found]):
    """What was computed already of a measure and of certain runs.

    Runs are told apart by identity, for their arrays are too large to be compared; each is kept
    beside what was found, so that its identity cannot pass to another.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, tuple[int, ...]], tuple[tuple[PooledRun, ...], Found]] = {}

    def get(
        self, measure: Measure, runs: tuple[PooledRun, ...], compute: Callable[[], Found]
    ) -> Found:
        """Return what is known of a measure of these runs, and compute it the first time.

        Parameters
        ----------
        measure : Measure
            Told apart by its name.
        runs : tuple of PooledRun
            In this order.
        compute : callable
            Called the first time.
        """
        key = (measure.name, tuple(map(id, runs)))
        if key not in self._found:
            self._found[key] = (runs, compute())
        return self._found[key][1]
