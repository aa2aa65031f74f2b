"""The skeleton of the network, and what its options change."""

import pytest
import torch
from torch import nn

from genre.errors import ConfigError
from genre.models.attention import ChannelAttention, SpatialAttention
from genre.models.registry import count_parameters
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig


def network(**options: object) -> SpectrogramCNN:
    torch.manual_seed(0)
    return SpectrogramCNN(SpectrogramCNNConfig(**options), n_labels=7)  # type: ignore[arg-type]


def kinds(model: nn.Module) -> set[type]:
    return {type(module) for module in model.modules()}


def test_parameters_by_hand_without_attention() -> None:
    model = network(channel_attention=False, spatial_attention=False)
    convolutions = 9 * (1 * 16 + 16 * 32 + 32 * 64)
    norms = 2 * (16 + 32 + 64)
    head = (64 * 64 + 64) + (64 * 7 + 7)
    assert count_parameters(model) == convolutions + norms + head


def test_each_attention_switches_on_its_own() -> None:
    for channel in (True, False):
        for spatial in (True, False):
            found = kinds(network(channel_attention=channel, spatial_attention=spatial))
            assert (ChannelAttention in found) == channel
            assert (SpatialAttention in found) == spatial


def test_attention_off_is_the_identity_in_the_same_skeleton() -> None:
    plain, attentive = (network(channel_attention=on, spatial_attention=on) for on in (False, True))
    assert [len(block) for block in plain.blocks] == [len(block) for block in attentive.blocks]
    for block in attentive.blocks:
        block[4] = block[5] = nn.Identity()
    attentive.load_state_dict(plain.state_dict())
    mel = torch.randn(2, 1, 96, 200)
    torch.testing.assert_close(attentive.eval()(mel), plain.eval()(mel))


def test_dropout_works_in_training_only() -> None:
    mel = torch.randn(2, 1, 96, 200)
    model = network(block_dropout=0.5, head_dropout=0.5)
    assert not torch.equal(model(mel), model(mel))
    assert torch.equal(model.eval()(mel), model(mel))
    still = network(block_dropout=0.0, head_dropout=0.0)
    assert torch.equal(still(mel), still(mel))


def test_widths_are_the_users() -> None:
    model = network(channels=(4, 8), hidden=5)
    assert model.embed(torch.randn(2, 1, 32, 40)).shape == (2, 8)
    assert model.head[0].out_features == 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channels": ()}, r"channels=\(\) must be"),
        ({"channels": (4, 0)}, "counts above 0"),
        ({"hidden": 0}, "hidden=0 must be above 0"),
        ({"block_dropout": 1.0}, r"block_dropout=1.0 must lie in \[0, 1\)"),
        ({"head_dropout": -0.1}, "head_dropout=-0.1 must lie"),
    ],
)
def test_refuses(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SpectrogramCNNConfig(**options)  # type: ignore[arg-type]
