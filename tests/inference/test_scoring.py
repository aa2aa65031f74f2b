"""genre.inference.scoring: hand-computed logits, whatever the batches are."""

from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.inference.scoring import Logits, Windows, in_batches, window_logits
from genre.inference.windowing import Standardisation, Windowing

N_MELS = 96


def windowing(*, mean: float = 0.0, deviation: float = 1.0) -> Windowing:
    return Windowing(
        mel=MelConfig(),
        windows=WindowConfig(),
        standardisation=Standardisation(mean=(mean,) * N_MELS, deviation=(deviation,) * N_MELS),
    )


class Level:
    """A network that gives the mean level of a window as its only logit."""

    device, batch_size = "cpu", 4

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def over(self, batches: Iterable[Windows]) -> Iterator[Logits]:
        for batch in batches:
            assert batch.shape[1:] == (200, N_MELS)
            self.sizes.append(len(batch))
            yield batch.mean(axis=(1, 2), dtype=np.float32)[:, None]


@pytest.mark.parametrize(
    ("batch_size", "sizes"), [(None, [4, 2]), (1, [1] * 6), (2, [2, 2, 2]), (64, [6])]
)
def test_logits_by_hand_over_batches_of_any_size(batch_size: int | None, sizes: list[int]) -> None:
    mels = [np.full((201, N_MELS), -10.0), np.full((501, N_MELS), -30.0), np.zeros((210, N_MELS))]
    network = Level()
    windows = window_logits(network, iter(mels), windowing(), batch_size=batch_size)
    assert windows.track.tolist() == [0, 1, 1, 1, 1, 2]
    assert windows.track.dtype == np.int64
    assert windows.logits[:, 0].tolist() == [-10.0, -30.0, -30.0, -30.0, -30.0, 0.0]
    assert network.sizes == sizes


def test_a_track_is_scored_by_some_of_its_windows_where_these_are_enough() -> None:
    mels = [np.repeat(np.arange(1001.0), N_MELS).reshape(-1, N_MELS), np.zeros((210, N_MELS))]
    windows = window_logits(Level(), mels, windowing(), windows_per_track=3)
    assert windows.track.tolist() == [0, 0, 0, 1]
    # The middles of the windows that begin at 0, 400 and 800.
    assert windows.logits[:3, 0].tolist() == [99.5, 499.5, 899.5]


def test_windows_are_read_as_they_are_needed() -> None:
    read: list[int] = []

    def windows() -> Iterator[Windows]:
        for number in range(10):
            read.append(number)
            yield np.full((2, 1), float(number))

    batches = in_batches(windows(), 4)
    assert next(batches)[:, 0, 0].tolist() == [0, 1, 2, 3]
    assert read == [0, 1, 2, 3]
    assert [len(batch) for batch in batches] == [4, 2]
