"""The registry of architectures: a name, its config class, and the network built from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import nn

from genre.config import from_mapping
from genre.models.logistic import Logistic, LogisticConfig
from genre.models.short_chunk_cnn import ShortChunkCNN, ShortChunkCNNConfig
from genre.models.small_cnn import SmallCNN, SmallCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig
from genre.models.tc_resnet import TCResNet, TCResNetConfig
from genre.plugins import Registry


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """One entry of `MODELS`.

    Parameters
    ----------
    config_class : type
        The frozen dataclass of the architecture's options; ``n_mels`` and ``n_frames``, where it
        has them, are set to those of a window.
    build : callable (config, n_labels=int) -> Module
        Makes a network whose forward takes standardised log-mel of shape
        (batch, 1, n_mels, window_frames) and gives logits of shape (batch, n_labels). Its parts
        named ``blocks`` and ``head`` are what pictures and explanations look at.
    variants : mapping of str to mapping
        What a configuration's name may begin with, and the options that each such name settles;
        none is the architecture's own name and settles nothing.
    by_band : bool
        Whether every mel band is standardised by its own mean and deviation, or all by those of
        the whole spectrogram, which keeps their proportions.
    """

    config_class: type[Any]
    build: Callable[..., nn.Module]
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    by_band: bool = True


def _attention(is_on: bool) -> dict[str, bool]:
    return {"channel_attention": is_on, "spatial_attention": is_on}


MODELS: Registry[Architecture] = Registry(
    "model",
    {
        "spectrogram_cnn": Architecture(
            config_class=SpectrogramCNNConfig,
            build=SpectrogramCNN,
            variants={f"attn{is_on}": _attention(is_on) for is_on in (True, False)},
        ),
        "short_chunk_cnn": Architecture(config_class=ShortChunkCNNConfig, build=ShortChunkCNN),
        "small_cnn": Architecture(config_class=SmallCNNConfig, build=SmallCNN, by_band=False),
        "tc_resnet": Architecture(config_class=TCResNetConfig, build=TCResNet),
    },
)

LOGISTIC = "logistic"
FITTED: Mapping[str, Architecture] = {
    LOGISTIC: Architecture(config_class=LogisticConfig, build=Logistic)
}
"""What bundles may hold besides: fitted beside every grid, so that no configuration names it."""


def build_network(name: str, options: Mapping[str, Any], *, n_labels: int) -> nn.Module:
    """Build a network from what a bundle or a record says of it.

    Parameters
    ----------
    name : str
        A key of `MODELS` or `FITTED`.
    options : mapping
        The fields of its config, as plain values.
    n_labels : int
        Number of genres.

    Raises
    ------
    ConfigError
        On an unknown architecture or option.
    """
    # one that somebody has registered under the same name comes first
    architecture = FITTED[name] if name in FITTED and name not in MODELS else MODELS.find(name)
    return architecture.build(from_mapping(architecture.config_class, options), n_labels=n_labels)


def count_parameters(network: nn.Module) -> int:
    """Count the trainable numbers of a network."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
