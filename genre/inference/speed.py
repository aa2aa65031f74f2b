"""How long a network takes for one window, and how many it takes in a second."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genre.inference.network import OnnxNetwork
from genre.inference.windowing import Windowing

_WARM_UP, _FEWEST_CALLS, _MOST_CALLS, _MOST_SECONDS = 2, 3, 300, 0.5


@dataclass(frozen=True, kw_only=True)
class Speed:
    """The network alone, from windows to logits.

    Parameters
    ----------
    window_ms : float, in milliseconds
        A window by itself, the median of the calls.
    windows_per_second : float
        In batches, the median of the calls.
    """

    window_ms: float
    windows_per_second: float


def measure_speed(network: OnnxNetwork, windowing: Windowing) -> Speed:
    """Time a network on noise, on one thread: up to 300 calls or half a second for each figure.

    Parameters
    ----------
    network : OnnxNetwork
        As it will be used.
    windowing : Windowing
        What its windows are like.
    """
    shape = (network.batch_size, 1, windowing.mel.n_mels, windowing.n_frames)
    noise = np.random.default_rng(0).standard_normal(shape, dtype=np.float32)
    return Speed(
        window_ms=1000 * _seconds(network, noise[:1]),
        windows_per_second=len(noise) / _seconds(network, noise),
    )


def _seconds(network: OnnxNetwork, windows: NDArray[np.float32]) -> float:
    """Take the median of the calls, after the first ones, which prepare memory."""
    for _ in range(_WARM_UP):
        network.logits(windows)
    taken: list[float] = []
    while len(taken) < _FEWEST_CALLS or (len(taken) < _MOST_CALLS and sum(taken) < _MOST_SECONDS):
        began = time.perf_counter()
        network.logits(windows)
        taken.append(time.perf_counter() - began)
    return float(np.median(taken))
