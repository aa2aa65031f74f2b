"""Where a network looks: against weights set by hand, and against what its formulas promise."""

from typing import Literal

import numpy as np
import pytest
import torch
from torch import nn

from genre.errors import ConfigError
from genre.models.attention import ChannelAttention, SpatialAttention
from genre.models.explain import block_attention, genre_evidence, pooled_features
from genre.models.outline import outline
from genre.models.registry import MODELS, count_parameters
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig
from tests.layers import layer_at

N_MELS, N_FRAMES = 32, 48


def network(
    *, pooling: Literal["mean", "statistics"] = "statistics", attention: bool = True
) -> SpectrogramCNN:
    torch.manual_seed(0)
    config = SpectrogramCNNConfig(
        channels=(4, 6), pooling=pooling, channel_attention=attention, spatial_attention=attention
    )
    return SpectrogramCNN(config, n_labels=3).eval()


def windows(n_windows: int = 2) -> torch.Tensor:
    return torch.randn(n_windows, 1, N_MELS, N_FRAMES, generator=torch.Generator().manual_seed(1))


class Passing(nn.Module):
    """One block that hands two channels to its attention as they are."""

    def __init__(self, *attention: nn.Module) -> None:
        super().__init__()
        self.blocks = nn.Sequential(nn.Sequential(*attention))
        self.head = nn.Flatten()

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(self.blocks(mel))
        return logits


def test_attention_that_knows_nothing_lets_half_through() -> None:
    model = network()
    for name, values in model.named_parameters():
        if "perceptron" in name or "convolution.weight" in name:
            nn.init.zeros_(values)
    found = block_attention(model, windows())
    assert [one.block for one in found] == [1, 2]
    for one, n_channels, cells in zip(found, (4, 6), ((12, 8), (6, 4)), strict=True):
        assert one.channel_weights is not None
        assert one.channel_gain is not None
        assert one.spatial_weights is not None
        np.testing.assert_allclose(one.channel_weights, np.full((2, n_channels), 0.5))
        np.testing.assert_allclose(one.channel_gain, np.full((2, *cells), 0.5), rtol=1e-6)
        np.testing.assert_allclose(one.spatial_weights, np.full((2, *cells), 0.5))


def test_the_gain_of_a_cell_is_that_of_the_channels_that_found_something() -> None:
    channel = ChannelAttention(2)
    for values in channel.parameters():
        nn.init.zeros_(values)
    with torch.no_grad():
        layer_at(channel.perceptron, 2, nn.Linear).bias.copy_(torch.tensor([1.0, -1.0]))
    # channel 0 alone, channel 1 alone, both alike, none: bands × frames are 2 × 2
    features = torch.tensor([[[[3.0, 0.0], [2.0, 0.0]], [[0.0, 5.0], [2.0, 0.0]]]])
    (found,) = block_attention(Passing(channel), features)
    high, low = torch.sigmoid(torch.tensor([2.0, -2.0])).tolist()  # two summaries: twice the bias
    assert found.channel_weights is not None
    assert found.channel_gain is not None
    np.testing.assert_allclose(found.channel_weights, [[high, low]], rtol=1e-6)
    # time first: the rows are frames
    np.testing.assert_allclose(found.channel_gain, [[[high, 0.5], [low, 0.5]]], rtol=1e-6)
    assert found.spatial_weights is None


def test_the_weights_are_what_the_block_multiplies_by() -> None:
    channel, spatial = ChannelAttention(2), SpatialAttention(kernel_size=3)
    features = torch.rand(3, 2, 5, 7)
    model = Passing(channel, spatial).eval()
    (found,) = block_attention(model, features)
    assert found.channel_weights is not None
    assert found.spatial_weights is not None
    by_hand = (
        features.numpy()
        * found.channel_weights[:, :, None, None]
        * found.spatial_weights.transpose(0, 2, 1)[:, None]
    )
    np.testing.assert_allclose(by_hand, model.blocks(features).detach(), rtol=1e-5)


def test_without_attention_there_is_none_and_evidence_all_the_same() -> None:
    model = network(attention=False)
    assert block_attention(model, windows()) == ()
    assert genre_evidence(model, windows(), label=0).shape == (2, 6, 4)


@pytest.mark.parametrize("attention", [True, False])
def test_evidence_adds_up_to_the_logit_behind_a_mean(attention: bool) -> None:
    model = network(pooling="mean", attention=attention)
    evidence = genre_evidence(model, windows(), label=1)
    logits = model(windows())[:, 1].detach().numpy()
    bias = layer_at(model.head, -1, nn.Linear).bias[1].item()
    np.testing.assert_allclose(evidence.sum(axis=(1, 2)), logits - bias, rtol=1e-4, atol=1e-5)


def test_evidence_is_that_of_grad_cam_behind_a_mean() -> None:
    model = network(pooling="mean")
    features = model.blocks(windows()).detach()
    last = layer_at(model.head, -1, nn.Linear)
    weights = last.weight[2].detach() / features[0, 0].numel()  # d logit / d cell
    by_hand = torch.einsum("c,bcmf->bfm", weights, features)
    evidence = genre_evidence(model, windows(), label=2)
    np.testing.assert_allclose(evidence, by_hand, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("block", [1, 2, -1])
@pytest.mark.parametrize("pooling", ["mean", "statistics"])
def test_evidence_finds_the_only_sound_there_is(
    block: int, pooling: Literal["mean", "statistics"]
) -> None:
    model = network(pooling=pooling, attention=False)
    with torch.no_grad():
        for values in model.parameters():
            if values.dim() > 1:
                values.abs_()  # more sound, larger logit
    mel = torch.zeros(1, 1, N_MELS, N_FRAMES)
    mel[0, 0, 20:24, 32:40] = 5.0
    (evidence,) = genre_evidence(model, mel, label=0, block=block)
    frame, band = np.unravel_index(int(np.argmax(evidence)), evidence.shape)
    # the middle of the cell lies in the patch, or less than a cell beside it
    cells_time, cells_band = evidence.shape
    assert 32 - N_FRAMES / cells_time < (frame + 0.5) * N_FRAMES / cells_time < 40 + 8
    assert 20 - N_MELS / cells_band < (band + 0.5) * N_MELS / cells_band < 24 + 8


def test_what_speaks_against_a_genre_is_below_zero() -> None:
    model = network(pooling="statistics")
    before = genre_evidence(model, windows(), label=0)
    with torch.no_grad():
        layer_at(model.head, -1, nn.Linear).weight.neg_()
    np.testing.assert_allclose(genre_evidence(model, windows(), label=0), -before, rtol=1e-5)


def test_an_explanation_leaves_the_network_as_it_was() -> None:
    model = network().train()
    block_attention(model, windows())
    genre_evidence(model, windows(), label=0)
    pooled_features(model, windows())
    outline(model, n_mels=N_MELS, n_frames=N_FRAMES)
    assert model.training
    assert all(values.grad is None for values in model.parameters())
    for layer in model.modules():
        assert not layer._forward_hooks
        assert not layer._forward_pre_hooks


def test_a_block_that_is_not_there_is_refused() -> None:
    for block in (0, 3, -2):
        with pytest.raises(ConfigError, match=f"block={block} must be from 1 to 2"):
            genre_evidence(network(), windows(), label=0, block=block)


def test_pooled_features_are_what_the_linear_layers_get() -> None:
    model = network()
    np.testing.assert_allclose(
        pooled_features(model, windows()), model.embed(windows()).detach(), rtol=1e-6
    )


@pytest.mark.parametrize("name", MODELS)
def test_every_architecture_can_be_explained(name: str) -> None:
    architecture = MODELS[name]
    model = architecture.build(architecture.config_class(), n_labels=5).eval()
    mel = torch.randn(2, 1, 96, 200)
    assert genre_evidence(model, mel, label=4).shape[0] == 2
    assert pooled_features(model, mel).shape[0] == 2
    first, *stages = outline(model, n_mels=96, n_frames=200)
    assert first.shape == (1, 96, 200)
    assert stages[-1].shape == (5,)
    assert sum(stage.n_parameters for stage in stages) == count_parameters(model)
