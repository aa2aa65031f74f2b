"""From log-mel to window logits; `score_rule` makes scores of them: the only scoring path.

Validation, test, the command line and a server all come through here, so that a model is used
exactly as it was measured.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from genre.inference.windowing import Windowing

Windows = NDArray[np.floating]
Logits = NDArray[np.float32]


class WindowNetwork(Protocol):
    """A network ready to score windows: onnxruntime's, or torch's."""

    @property
    def device(self) -> str:
        """Where it computes, such as cpu or cuda:0."""

    @property
    def batch_size(self) -> int:
        """Windows per pass that suit it; changes speed, not scores."""

    def over(self, batches: Iterable[Windows]) -> Iterator[Logits]:
        """Score batches of windows.

        Parameters
        ----------
        batches : iterable of ndarray of shape (n_windows, window_frames, n_mels), in dB
            As they are cut; read a few ahead of what is done.

        Yields
        ------
        ndarray of shape (n_windows, n_labels), float32
            The logits of each batch, in order.

        Raises
        ------
        MemoryError
            Where a pass needs more than there is.
        """


@dataclass(frozen=True)
class WindowLogits:
    """The raw output of a network over tracks.

    Parameters
    ----------
    logits : ndarray of shape (n_windows, n_labels), float32
        As the network gave them.
    track : ndarray of shape (n_windows,), int64
        Index of each window's track; ascending.
    """

    logits: NDArray[np.float32]
    track: NDArray[np.int64]


def window_logits(
    network: WindowNetwork,
    mels: Iterable[NDArray[np.floating]],
    windowing: Windowing,
    *,
    batch_size: int | None = None,
    windows_per_track: int = 0,
) -> WindowLogits:
    """Run a network over the windows of every track.

    Parameters
    ----------
    network : WindowNetwork
        What scores the windows.
    mels : iterable of ndarray of shape (n_frames, n_mels), in dB
        One per track; read one at a time.
    windowing : Windowing
        How tracks become windows.
    batch_size : int or None
        Windows per pass; changes speed, not scores. None takes what suits the network.
    windows_per_track : int
        Most windows of a track, evenly spread; 0 takes every one.

    Returns
    -------
    WindowLogits
        Tracks in the order given.
    """
    owners: list[int] = []

    def _windows() -> Iterator[Windows]:
        for index, mel in enumerate(mels):
            for window in windowing.views(mel, most=windows_per_track):
                owners.append(index)
                yield window

    batches = in_batches(_windows(), batch_size or network.batch_size)
    logits = np.concatenate(list(network.over(batches)))
    return WindowLogits(logits, np.array(owners, dtype=np.int64))


def in_batches(windows: Iterable[Windows], size: int) -> Iterator[Windows]:
    """Stack windows to batches.

    Parameters
    ----------
    windows : iterable of ndarray of shape (window_frames, n_mels)
        Read as they are needed.
    size : int
        Of a batch; the last may be smaller.

    Yields
    ------
    ndarray of shape (n_windows, window_frames, n_mels)
    """
    waiting: list[Windows] = []
    for window in windows:
        waiting.append(window)
        if len(waiting) == size:
            yield np.stack(waiting)
            waiting.clear()
    if waiting:
        yield np.stack(waiting)
