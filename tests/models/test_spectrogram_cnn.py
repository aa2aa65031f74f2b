"""The skeleton of the network, and what its options change."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from genre.errors import ConfigError
from genre.grid.recipes import RECIPES
from genre.models.attention import ChannelAttention, SpatialAttention
from genre.models.registry import count_parameters
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig
from tests.layers import layer_at


def network(config: SpectrogramCNNConfig) -> SpectrogramCNN:
    torch.manual_seed(0)
    return SpectrogramCNN(config, n_labels=7)


def kinds(model: nn.Module) -> set[type]:
    return {type(module) for module in model.modules()}


def blocks_of(model: SpectrogramCNN) -> list[nn.Sequential]:
    return [layer_at(model.blocks, n, nn.Sequential) for n in range(len(model.blocks))]


def test_parameters_by_hand_without_attention() -> None:
    off = SpectrogramCNNConfig(channel_attention=False, spatial_attention=False)
    first = 25 * 1 * 24 + 9 * 24 * 24
    others = 9 * (24 * 48 + 48 * 48 + 48 * 96 + 96 * 96)
    norms = 2 * 2 * (24 + 48 + 96)
    head = 3 * 6 * 96 * 7 + 7
    assert count_parameters(network(off)) == first + others + norms + head
    convolutions = 9 * (1 * 16 + 16 * 32 + 32 * 64)
    norms = 2 * (16 + 32 + 64)
    head = (64 * 64 + 64) + (64 * 7 + 7)
    plain = replace(RECIPES["reference"].model, channel_attention=False, spatial_attention=False)
    model = SpectrogramCNN(plain, n_labels=7)
    assert count_parameters(model) == convolutions + norms + head


def test_each_attention_switches_on_its_own() -> None:
    for channel in (True, False):
        for spatial in (True, False):
            config = SpectrogramCNNConfig(channel_attention=channel, spatial_attention=spatial)
            found = kinds(network(config))
            assert (ChannelAttention in found) == channel
            assert (SpatialAttention in found) == spatial


def test_attention_off_is_the_identity_in_the_same_skeleton() -> None:
    plain, attentive = (
        network(SpectrogramCNNConfig(channel_attention=on, spatial_attention=on))
        for on in (False, True)
    )
    assert [*map(len, blocks_of(plain))] == [*map(len, blocks_of(attentive))]
    for block in blocks_of(attentive):
        for number, layer in enumerate(block):
            if isinstance(layer, ChannelAttention | SpatialAttention):
                block[number] = nn.Identity()
    attentive.load_state_dict(plain.state_dict())
    mel = torch.randn(2, 1, 96, 200)
    torch.testing.assert_close(attentive.eval()(mel), plain.eval()(mel))


def test_dropout_works_in_training_only() -> None:
    mel = torch.randn(2, 1, 96, 200)
    model = network(SpectrogramCNNConfig(block_dropout=0.5, head_dropout=0.5))
    assert not torch.equal(model(mel), model(mel))
    assert torch.equal(model.eval()(mel), model(mel))
    still = network(SpectrogramCNNConfig(block_dropout=0.0, head_dropout=0.0))
    assert torch.equal(still(mel), still(mel))


def test_widths_are_the_users() -> None:
    model = network(SpectrogramCNNConfig(channels=(4, 8), hidden=5))
    assert layer_at(model.head, 0, nn.Linear).out_features == 5
    deeper = network(SpectrogramCNNConfig(convolutions=3, channels=(4, 8)))
    assert layer_at(blocks_of(deeper)[1], 6, nn.Conv2d).weight.shape == (8, 8, 3, 3)


@pytest.mark.parametrize(
    ("options", "n_pooled"),
    [
        ({"pooling": "mean"}, 8),
        ({"pooling": "statistics", "bands": 6}, 8 * 3 * 6),
        ({"pooling": "statistics", "bands": 2}, 8 * 3 * 2),
    ],
)
def test_pooling_is_the_users(options: dict[str, Any], n_pooled: int) -> None:
    model = network(SpectrogramCNNConfig(channels=(4, 8), **options))
    assert model.embed(torch.randn(2, 1, 96, 200)).shape == (2, n_pooled)


@pytest.mark.parametrize(
    ("options", "cells"),
    [
        ({"stride_mels": 1, "stride_frames": 1}, (48, 100)),
        ({"stride_mels": 2, "stride_frames": 1}, (24, 100)),
        ({"stride_mels": 2, "stride_frames": 2, "first_kernel": 7}, (24, 50)),
    ],
)
def test_the_first_convolution_alone_takes_steps(
    options: dict[str, Any], cells: tuple[int, int]
) -> None:
    first, second = network(SpectrogramCNNConfig(channels=(4, 8), **options)).blocks
    features = first(torch.randn(2, 1, 96, 200))
    assert features.shape == (2, 4, *cells)
    assert second(features).shape == (2, 8, cells[0] // 2, cells[1] // 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channels": ()}, r"channels=\(\) must be"),
        ({"channels": (4, 0)}, "counts above 0"),
        ({"hidden": -1}, "hidden=-1 must be at least 0"),
        ({"convolutions": 0}, "convolutions=0 must be above 0"),
        ({"stride_frames": 0}, "stride_frames=0 must be above 0"),
        ({"bands": 0}, "bands=0 must be above 0"),
        ({"first_kernel": 4}, "first_kernel=4 must be odd"),
        ({"pooling": "max"}, "pooling='max' must be one of: mean, statistics"),
        ({"block_dropout": 1.0}, r"block_dropout=1.0 must lie in \[0, 1\)"),
        ({"head_dropout": -0.1}, "head_dropout=-0.1 must lie"),
    ],
)
def test_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SpectrogramCNNConfig(**options)
