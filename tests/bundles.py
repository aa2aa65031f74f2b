"""Bundles made for the tests, untrained."""

from dataclasses import replace

import torch

from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.config import to_mapping
from genre.models.bundle import Bundle
from genre.models.score_rule import ScoreRule
from genre.models.scoring import Standardisation
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig


def small_bundle() -> Bundle:
    """Make a bundle that decides "a" and "b" of everything, and never "c"."""
    torch.manual_seed(0)
    config = SpectrogramCNNConfig(channels=(4, 8), hidden=8)
    return Bundle(
        network=SpectrogramCNN(config, n_labels=3).eval(),
        model_name="spectrogram_cnn",
        model_config=to_mapping(config),
        genres=("a", "b", "c"),
        front_end=FrontEndConfig(),
        windows=WindowConfig(),
        standardisation=Standardisation(mean=(-30.0,) * 96, deviation=(15.0,) * 96),
        rule=ScoreRule(),
        thresholds=(0.0, 0.0, 1.0),
    )


def varying_bundle() -> Bundle:
    """Make a small bundle whose scores differ from window to window where the sound does."""
    plain = small_bundle()
    torch.manual_seed(0)
    config = SpectrogramCNNConfig(channels=(4, 8), hidden=0)
    return replace(
        plain,
        network=SpectrogramCNN(config, n_labels=3).eval(),
        model_config=to_mapping(config),
        standardisation=Standardisation(mean=(-30.0,) * 96, deviation=(0.1,) * 96),
        rule=ScoreRule(temperature=0.1),
    )
