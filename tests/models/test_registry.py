"""Architectures by name: genre.models.registry."""

import pytest
from torch import nn

from genre.errors import ConfigError
from genre.models.registry import MODELS, build_network, count_parameters
from genre.models.short_chunk_cnn import ShortChunkCNN, ShortChunkCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNNConfig


def test_a_network_is_built_from_its_name_and_plain_values() -> None:
    network = build_network("short_chunk_cnn", {"channels": [4, 8], "hidden": 5}, n_labels=3)
    assert isinstance(network, ShortChunkCNN)
    assert network.head[-1].out_features == 3


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="model='vgg' must be one of: spectrogram_cnn, short_c"):
        build_network("vgg", {}, n_labels=3)


def test_variants_settle_options_that_there_are() -> None:
    """AttnTrue and attnFalse turn both kinds of attention on and off, and nothing else."""
    variants = MODELS["spectrogram_cnn"].variants
    assert list(variants) == ["attnTrue", "attnFalse"]
    for name, is_on in (("attnTrue", True), ("attnFalse", False)):
        config = SpectrogramCNNConfig(**variants[name])
        assert (config.channel_attention, config.spatial_attention) == (is_on, is_on)
    assert MODELS["short_chunk_cnn"].variants == {}
    assert MODELS["short_chunk_cnn"].config_class is ShortChunkCNNConfig


def test_only_what_learns_is_counted() -> None:
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2, bias=False))
    network[2].weight.requires_grad_(False)
    assert count_parameters(network) == 3 * 4 + 4 + 2 * 4
