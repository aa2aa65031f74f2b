"""genre.models.scoring: torch as an engine gives the same, whatever batches and threads are."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import nn

from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.inference.scoring import window_logits
from genre.inference.windowing import Standardisation, Windowing
from genre.models.scoring import TorchNetwork, standardised
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig

N_MELS = 96
STANDARD = Standardisation(mean=(-20.0,) * N_MELS, deviation=(5.0,) * N_MELS)
WINDOWING = Windowing(mel=MelConfig(), windows=WindowConfig(), standardisation=STANDARD)


class Level(nn.Module):
    """A network that gives the mean standardised level of a window as its only logit."""

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        assert mel.shape[1:] == (1, N_MELS, 200)
        return mel.mean(dim=(1, 2, 3))[:, None]


@pytest.fixture(params=[1, 3])
def n_threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def test_torch_standardises_as_numpy_does() -> None:
    windows = np.random.default_rng(0).normal(-30, 10, (3, 200, N_MELS)).astype(np.float16)
    ours = standardised(torch.from_numpy(windows), STANDARD)
    np.testing.assert_array_equal(ours.numpy(), STANDARD(windows))
    assert ours.is_contiguous(memory_format=torch.channels_last)


def test_logits_by_hand(n_threads: int) -> None:
    mels = [np.full((201, N_MELS), -10.0), np.full((2001, N_MELS), -30.0)]
    windows = window_logits(TorchNetwork(Level(), STANDARD), mels, WINDOWING)
    # float32
    np.testing.assert_allclose(windows.logits[:, 0], [2.0] + [-2.0] * 19, rtol=1e-6)
    assert torch.get_num_threads() == n_threads


def test_scores_do_not_depend_on_the_batch_size() -> None:
    torch.manual_seed(0)
    network = TorchNetwork(SpectrogramCNN(SpectrogramCNNConfig(), n_labels=3).eval(), STANDARD)
    rng = np.random.default_rng(0)
    mels = [rng.normal(-30, 10, (n, N_MELS)).astype(np.float16) for n in (150, 201, 460, 999)]
    results = [window_logits(network, mels, WINDOWING, batch_size=n) for n in (1, 3, 64)]
    for result in results[1:]:
        # convolutions sum in another order for another batch size
        np.testing.assert_allclose(result.logits, results[0].logits, atol=1e-5)


def test_scores_do_not_depend_on_the_number_of_threads() -> None:
    network = TorchNetwork(SpectrogramCNN(SpectrogramCNNConfig(), n_labels=3).eval(), STANDARD)
    rng = np.random.default_rng(0)
    mels = [rng.normal(-30, 10, (n, N_MELS)).astype(np.float16) for n in (150, 460, 2999)]
    before = torch.get_num_threads()
    results = []
    for n_threads in (1, 2, 5):
        torch.set_num_threads(n_threads)
        results.append(window_logits(network, mels, WINDOWING).logits)
    torch.set_num_threads(before)
    np.testing.assert_array_equal(results[1], results[0])
    np.testing.assert_array_equal(results[2], results[0])


def test_the_networks_mode_is_given_back() -> None:
    network = nn.Sequential(Level(), nn.Dropout(0.9)).train()
    mels = [np.full((201, N_MELS), 1.0)]
    first, second = (
        window_logits(TorchNetwork(network, STANDARD), mels, WINDOWING) for _ in range(2)
    )
    assert network.training
    np.testing.assert_array_equal(first.logits, second.logits)


@pytest.mark.parametrize(
    "message", ["[enforce fail] DefaultCPUAllocator: can't allocate memory", "CUDA out of memory."]
)
def test_a_lack_of_memory_has_its_own_error(message: str) -> None:
    class Greedy(nn.Module):
        def forward(self, _: torch.Tensor) -> torch.Tensor:
            raise RuntimeError(message)

    with pytest.raises(MemoryError):
        window_logits(TorchNetwork(Greedy(), STANDARD), [np.zeros((201, N_MELS))], WINDOWING)


def test_other_errors_stay_as_they_are() -> None:
    class Broken(nn.Module):
        def forward(self, _: torch.Tensor) -> torch.Tensor:
            raise RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes do not fit"):
        window_logits(TorchNetwork(Broken(), STANDARD), [np.zeros((201, N_MELS))], WINDOWING)
