"""How long a window takes: genre.inference.speed."""

import time

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.inference import speed
from genre.inference.speed import measure_speed
from tests.bundles import varying_bundle


def test_the_median_call_is_what_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = varying_bundle()
    network = bundle.network(n_threads=1)
    heard: list[tuple[int, ...]] = []

    def slow(windows: NDArray[np.float32]) -> NDArray[np.float32]:
        heard.append(windows.shape)
        # one of the first calls, and one later, take longer than the others
        time.sleep(0.2 if len(heard) in (1, 5) else 0.002 * len(windows))
        return np.zeros((len(windows), 1), dtype=np.float32)

    monkeypatch.setattr(network, "logits", slow)
    monkeypatch.setattr(speed, "_MOST_SECONDS", 0.3)
    found = measure_speed(network, bundle.windowing)
    assert 2.0 <= found.window_ms < 20
    assert 50 < found.windows_per_second <= 500
    one = (1, 1, bundle.windowing.mel.n_mels, bundle.windowing.n_frames)
    assert set(heard) == {one, (network.batch_size, *one[1:])}


def test_a_real_network_is_timed() -> None:
    bundle = varying_bundle()
    found = measure_speed(bundle.network(n_threads=1), bundle.windowing)
    assert 0 < found.window_ms < 1000
    assert found.windows_per_second > 1
