"""From log-mel to logits of windows: hand-computed cases and independence of the batch size."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import nn

from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.errors import ConfigError
from genre.models.scoring import (
    Standardisation,
    Windowing,
    map_batches,
    window_logits,
)
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig


@pytest.fixture(params=[1, 3])
def n_threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def test_results_come_in_order_and_items_are_read_a_few_ahead(n_threads: int) -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for number in range(50):
            read.append(number)
            yield number

    given = []
    for result in map_batches(lambda item: item**2, items()):
        given.append(result)
        assert len(read) - len(given) <= n_threads + 1
    assert given == [item**2 for item in range(50)]


def test_each_of_many_runs_on_one_thread_and_the_setting_is_given_back(n_threads: int) -> None:
    seen = set(map_batches(lambda _: torch.get_num_threads(), range(20)))
    assert seen == {1}
    assert torch.get_num_threads() == n_threads
    assert list(map_batches(lambda _: torch.get_num_threads(), range(1))) == [n_threads]
    assert list(map_batches(lambda item: item, ())) == []


def test_an_error_is_raised_and_the_setting_given_back(n_threads: int) -> None:
    def fail(item: int) -> int:
        if item == 3:
            raise ValueError("third")
        return item

    with pytest.raises(ValueError, match="third"):
        list(map_batches(fail, range(10)))
    assert torch.get_num_threads() == n_threads


N_MELS = 96


def windowing(*, mean: float = 0.0, deviation: float = 1.0) -> Windowing:
    return Windowing(
        mel=MelConfig(),
        windows=WindowConfig(),
        standardisation=Standardisation(mean=(mean,) * N_MELS, deviation=(deviation,) * N_MELS),
    )


class Level(nn.Module):
    """A network that gives the mean standardised level of a window as its only logit."""

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        assert mel.shape[1:] == (1, N_MELS, 200)
        return mel.mean(dim=(1, 2, 3))[:, None]


def test_standardisation_by_hand() -> None:
    standard = Standardisation(mean=(-20.0, -40.0), deviation=(10.0, 20.0))
    windows = torch.tensor([[[-20.0, -40.0], [-10.0, 0.0], [-30.0, -80.0]]])
    expected = torch.tensor([[[[0.0, 1.0, -1.0], [0.0, 2.0, -2.0]]]])
    torch.testing.assert_close(standard(windows), expected)
    with pytest.raises(ConfigError, match="must have 2 values above 0"):
        Standardisation(mean=(0.0, 0.0), deviation=(1.0, 0.0))


def test_windows_are_slices_every_two_seconds_and_one_at_the_end() -> None:
    mel = np.arange(401 + 60, dtype=np.float32)[:, None].repeat(N_MELS, axis=1)
    first_frames = windowing().cut(mel)[:, 0, 0]
    assert first_frames.tolist() == [0, 100, 200, 261]


def test_a_short_track_is_padded_with_the_floor() -> None:
    (window,) = windowing().cut(np.zeros((10, N_MELS), dtype=np.float32))
    assert window.shape == (200, N_MELS)
    assert (window[:10] == 0).all()
    assert (window[10:] == MelConfig().floor_db).all()


def test_logits_by_hand_with_standardisation() -> None:
    mels = [np.full((201, N_MELS), -10.0), np.full((301, N_MELS), -30.0)]
    windows = window_logits(Level(), mels, windowing(mean=-20.0, deviation=5.0))
    assert windows.track.tolist() == [0, 1, 1]
    # float32
    np.testing.assert_allclose(windows.logits[:, 0], [2.0, -2.0, -2.0], rtol=1e-6)


def test_scores_do_not_depend_on_the_batch_size() -> None:
    torch.manual_seed(0)
    network = SpectrogramCNN(SpectrogramCNNConfig(), n_labels=3)
    rng = np.random.default_rng(0)
    mels = [rng.normal(-30, 10, (n, N_MELS)).astype(np.float16) for n in (150, 201, 460, 999)]
    results = [window_logits(network, mels, windowing(), batch_size=n) for n in (1, 3, 64)]
    for result in results[1:]:
        assert result.track.tolist() == results[0].track.tolist()
        # convolutions sum in another order for another batch size
        np.testing.assert_allclose(result.logits, results[0].logits, atol=1e-5)


def test_scores_do_not_depend_on_the_number_of_threads() -> None:
    network = SpectrogramCNN(SpectrogramCNNConfig(), n_labels=3)
    rng = np.random.default_rng(0)
    mels = [rng.normal(-30, 10, (n, N_MELS)).astype(np.float16) for n in (150, 460, 2999)]
    before = torch.get_num_threads()
    results = []
    for n_threads in (1, 2, 5):
        torch.set_num_threads(n_threads)
        results.append(window_logits(network, mels, windowing()).logits)
    torch.set_num_threads(before)
    np.testing.assert_array_equal(results[1], results[0])
    np.testing.assert_array_equal(results[2], results[0])


def test_the_networks_mode_is_given_back() -> None:
    network = nn.Sequential(Level(), nn.Dropout(0.9)).train()
    mels = [np.full((201, N_MELS), 1.0)]
    first = window_logits(network, mels, windowing())
    assert network.training
    np.testing.assert_array_equal(first.logits, window_logits(network, mels, windowing()).logits)
