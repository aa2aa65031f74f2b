"""Bundles made for the tests, untrained."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import torch
from torch import nn

from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.config import from_mapping, to_mapping
from genre.inference import Bundle, ScoreRule, Standardisation
from genre.models import SpectrogramCNN, SpectrogramCNNConfig, save_bundle, with_network


def network_of(bundle: Bundle) -> nn.Module:
    """Make the untrained network that belongs to a bundle of this module."""
    torch.manual_seed(0)
    config = from_mapping(SpectrogramCNNConfig, bundle.model_config)
    return SpectrogramCNN(config, n_labels=len(bundle.genres)).eval()


def completed(bundle: Bundle) -> Bundle:
    """Put the network in that a changed bundle of this module has."""
    return with_network(bundle, network_of(bundle))


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Save a bundle of this module, however it has been changed."""
    save_bundle(bundle, network_of(bundle), folder)


@cache
def small_bundle() -> Bundle:
    """Make a bundle that decides "a" and "b" of everything, and never "c"."""
    plain = Bundle(
        network_onnx=None,
        model_name="spectrogram_cnn",
        model_config=to_mapping(SpectrogramCNNConfig(channels=(4, 8), hidden=8)),
        genres=("a", "b", "c"),
        front_end=FrontEndConfig(),
        windows=WindowConfig(),
        standardisation=Standardisation(mean=(-30.0,) * 96, deviation=(15.0,) * 96),
        rule=ScoreRule(),
        thresholds=(0.0, 0.0, 1.0),
    )
    return completed(plain)


@cache
def varying_bundle() -> Bundle:
    """Make a small bundle whose scores differ from window to window where the sound does."""
    plain = replace(
        small_bundle(),
        model_config=to_mapping(SpectrogramCNNConfig(channels=(4, 8), hidden=0)),
        standardisation=Standardisation(mean=(-30.0,) * 96, deviation=(0.1,) * 96),
        rule=ScoreRule(temperature=0.1),
    )
    return completed(plain)


@cache
def hearing_bundle() -> Bundle:
    """Make a small bundle whose scores depend on what is heard, as an untrained one's hardly do."""
    network = network_of(small_bundle())
    torch.manual_seed(1)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight)
    ears = Standardisation(mean=(-45.0,) * 96, deviation=(5.0,) * 96)
    changed = replace(small_bundle(), standardisation=ears, rule=ScoreRule(temperature=0.1))
    return with_network(changed, network)
