"""The registry of architectures: a name, its config class, and the network built from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from genre.config import from_mapping
from genre.errors import ConfigError
from genre.models.short_chunk_cnn import ShortChunkCNN, ShortChunkCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """One entry of `MODELS`.

    Parameters
    ----------
    config_class : type
        The frozen dataclass of the architecture's options.
    build : callable (config, n_labels=int) -> Module
        Makes a network whose forward takes standardised log-mel of shape
        (batch, 1, n_mels, window_frames) and gives logits of shape (batch, n_labels).
    """

    config_class: type[Any]
    build: Callable[..., nn.Module]


MODELS: dict[str, Architecture] = {
    "spectrogram_cnn": Architecture(config_class=SpectrogramCNNConfig, build=SpectrogramCNN),
    "short_chunk_cnn": Architecture(config_class=ShortChunkCNNConfig, build=ShortChunkCNN),
}


def build_network(name: str, options: Mapping[str, Any], *, n_labels: int) -> nn.Module:
    """Build a network from what a bundle or a record says of it.

    Parameters
    ----------
    name : str
        A key of `MODELS`.
    options : mapping
        The fields of its config, as plain values.
    n_labels : int
        Number of genres.

    Raises
    ------
    ConfigError
        On an unknown architecture or option.
    """
    if name not in MODELS:
        raise ConfigError(f"model={name!r} must be one of: {', '.join(MODELS)}")
    architecture = MODELS[name]
    return architecture.build(from_mapping(architecture.config_class, options), n_labels=n_labels)


def count_parameters(network: nn.Module) -> int:
    """Count the trainable numbers of a network."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
