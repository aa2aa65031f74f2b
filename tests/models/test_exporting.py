"""genre.models.exporting: the network as ONNX gives torch's logits, for any number of windows."""

import numpy as np
import pytest
import torch
from torch import nn

from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.errors import BundleError
from genre.inference.network import OnnxNetwork
from genre.inference.windowing import Standardisation, Windowing
from genre.models.explain import pooled_features
from genre.models.exporting import export_network, largest_difference
from genre.models.scoring import TorchNetwork
from genre.models.short_chunk_cnn import ShortChunkCNN, ShortChunkCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig

STANDARD = Standardisation(mean=(-30.0,) * 96, deviation=(10.0,) * 96)
WINDOWING = Windowing(mel=MelConfig(), windows=WindowConfig(), standardisation=STANDARD)
NETWORKS: dict[str, SpectrogramCNNConfig | ShortChunkCNNConfig] = {
    "default": SpectrogramCNNConfig(),
    "plain": SpectrogramCNNConfig(
        channels=(4, 8), channel_attention=False, spatial_attention=False, pooling="mean", hidden=4
    ),
    "bands that do not divide the rows": SpectrogramCNNConfig(channels=(4, 8, 8), bands=5),
    "more bands than rows": SpectrogramCNNConfig(channels=(4, 8, 8), bands=9),
    "residual": ShortChunkCNNConfig(channels=(4, 8), hidden=4),
}


def seeded(name: str) -> nn.Module:
    """Make a network whose batch norms have seen something."""
    torch.manual_seed(0)
    config = NETWORKS[name]
    network: nn.Module
    if isinstance(config, ShortChunkCNNConfig):
        network = ShortChunkCNN(config, n_labels=3)
    else:
        network = SpectrogramCNN(config, n_labels=3)
    network(torch.randn(4, 1, 96, 200))
    return network.eval()


def batches() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.normal(-30, 10, (n, 200, 96)).astype(np.float16) for n in (1, 2, 5)]


@pytest.mark.parametrize("name", NETWORKS)
def test_logits_are_torchs_for_any_number_of_windows(name: str) -> None:
    network = seeded(name)
    model = export_network(network, n_mels=96, n_frames=200)
    exported = OnnxNetwork(model, WINDOWING, n_labels=3)
    # float32 in another order
    assert largest_difference(exported, TorchNetwork(network, STANDARD), batches()) < 1e-5


@pytest.mark.parametrize("name", NETWORKS)
def test_the_embedding_is_what_the_head_gets(name: str) -> None:
    import onnxruntime

    network = seeded(name)
    session = onnxruntime.InferenceSession(export_network(network, n_mels=96, n_frames=200))
    for batch in batches():
        inputs = STANDARD(batch)
        (embedding,) = session.run(["embedding"], {"windows": inputs})
        expected = pooled_features(network, torch.from_numpy(inputs))
        np.testing.assert_allclose(embedding, expected, atol=1e-4)


def test_a_network_without_a_head_has_its_logits_for_an_embedding() -> None:
    class Level(nn.Module):
        def forward(self, mel: torch.Tensor) -> torch.Tensor:
            return mel.mean(dim=(2, 3))

    model = export_network(Level(), n_mels=96, n_frames=200)
    exported = OnnxNetwork(model, WINDOWING, n_labels=1)
    (logits,) = exported.over([np.full((2, 200, 96), -20.0)])
    np.testing.assert_allclose(logits, 1.0, rtol=1e-6)


def test_the_network_stays_as_it_is() -> None:
    network = seeded("plain").train()
    before = {name: values.clone() for name, values in network.state_dict().items()}
    export_network(network, n_mels=96, n_frames=200)
    assert network.training
    for name, values in network.state_dict().items():
        torch.testing.assert_close(values, before[name], rtol=0, atol=0)


def test_a_difference_is_refused() -> None:
    network = seeded("plain")
    exported = OnnxNetwork(export_network(network, n_mels=96, n_frames=200), WINDOWING, n_labels=3)
    with torch.no_grad():
        next(network.get_submodule("head").parameters()).mul_(1.5)
    with pytest.raises(BundleError, match=r"must give torch's logits within 0\.0001; the largest"):
        largest_difference(exported, TorchNetwork(network, STANDARD), batches())


def test_what_onnx_has_no_word_for_is_told() -> None:
    class Odd(nn.Module):
        def forward(self, mel: torch.Tensor) -> torch.Tensor:
            values: torch.Tensor = torch.linalg.eigvals(mel[:, 0, :4, :4])
            return values.real

    with pytest.raises(BundleError, match="the network cannot be written as ONNX: "):
        export_network(Odd(), n_mels=96, n_frames=200)


def test_a_network_that_counts_its_windows_is_found_out() -> None:
    class Counting(nn.Module):
        def forward(self, mel: torch.Tensor) -> torch.Tensor:
            return mel.mean(dim=(2, 3)) * len(mel)

    model = export_network(Counting(), n_mels=96, n_frames=200)
    exported = OnnxNetwork(model, WINDOWING, n_labels=1)
    with pytest.raises(BundleError, match="must give torch's logits"):
        largest_difference(exported, TorchNetwork(Counting(), STANDARD), batches())
