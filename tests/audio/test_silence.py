"""What is silent: whatever nobody hears, however it is written down; and nothing else."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.audio.silence import SilenceMeter

N = 50_000
Sound = NDArray[np.float64]


def is_silent(samples: Sound, *, cut: int = 7000) -> bool:
    meter = SilenceMeter(samples.shape[1])
    for start in range(0, len(samples), cut):
        meter.push(samples[start : start + cut].astype(np.float32))
    return meter.is_silent


def noise(level: float, n_channels: int = 2) -> Sound:
    return np.random.default_rng(0).normal(0, level, (N, n_channels))


def offset(*levels: float) -> Sound:
    return np.tile(np.array(levels), (N, 1))


def with_sound_at(place: int, samples: Sound, level: float) -> Sound:
    samples[place : place + 1000, 0] += level * np.sin(np.arange(1000) / 5)
    return samples


@pytest.mark.parametrize(
    "make",
    [
        lambda: np.zeros((N, 1)),
        lambda: noise(1e-5),
        lambda: noise(9e-5),  # -81 dB: peaks reach 4e-4
        lambda: offset(0.3, 0.3),
        lambda: offset(0.5, -0.5),
        lambda: offset(1.0),
        lambda: offset(0.3, 0.0) + noise(5e-5),
        # one bit of dither
        lambda: np.random.default_rng(1).integers(-1, 2, (N, 2)) / 32768,
        lambda: np.zeros((1, 2)),
    ],
)
def test_what_nobody_hears_is_silent(make: Callable[[], Sound]) -> None:
    assert is_silent(make())


@pytest.mark.parametrize(
    "make",
    [
        lambda: noise(2e-4),
        lambda: with_sound_at(0, np.zeros((N, 1)), 0.002),
        lambda: with_sound_at(N - 1000, np.zeros((N, 2)), 0.002),  # silent for nearly all of it
        lambda: with_sound_at(N // 2, offset(0.9, 0.9), 0.01),  # beside a large offset
        lambda: np.stack([np.zeros(N), noise(0.01)[:, 0]], axis=1),  # one silent channel
        lambda: noise(0.1) * [1, -1],
    ],
)
def test_what_somebody_hears_is_not(make: Callable[[], Sound]) -> None:
    assert not is_silent(make())


def test_how_blocks_are_cut_changes_nothing() -> None:
    for samples in (noise(9.9e-5), noise(1.01e-4)):
        assert len({is_silent(samples, cut=cut) for cut in (100, 7000, N)}) == 1
