"""SpectrogramCNN: convolution blocks with optional attention over a log-mel window.

Each block is n × (Conv2d → BatchNorm → ReLU) → MaxPool → [ChannelAttention] → [SpatialAttention]
→ Dropout; then pooling to one vector, and one or two linear layers. Attention that is switched off
leaves an identity in the same skeleton, so that an ablation changes one thing. Attention stands
after the pooling, where it works on a quarter of the cells; so does the last ReLU, for which it
makes no difference.

The first convolution may take steps, so that the costly first block sees fewer cells.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from torch import nn

from genre.errors import ConfigError
from genre.models.attention import ChannelAttention, SpatialAttention
from genre.models.pooling import N_STATISTICS, BandStatistics, GlobalMean


@dataclass(frozen=True, kw_only=True)
class SpectrogramCNNConfig:
    """Shape of a `SpectrogramCNN`.

    Parameters
    ----------
    channels : tuple of int
        Output channels of the blocks, one block each; every block halves mels and frames.
    convolutions : int
        Convolutions of each block.
    first_kernel : int
        Side of the first convolution's square, odd; the others have 3.
    stride_mels : int
        Step of the first convolution over the mel bands.
    stride_frames : int
        Step of the first convolution over the frames.
    pooling : mean or statistics
        mean averages over the whole map; statistics keeps bands apart and takes mean, deviation
        and maximum over time.
    bands : int
        Bands that the pooling keeps apart; ignored by mean.
    hidden : int
        Units between the two linear layers; 0 leaves one layer.
    channel_attention : bool
        Whether each block weighs its channels.
    spatial_attention : bool
        Whether each block weighs its cells.
    block_dropout : float, in [0, 1)
        Share of whole channels dropped after each block while training.
    head_dropout : float, in [0, 1)
        Share of the last linear layer's inputs dropped while training.
    """

    channels: tuple[int, ...] = (24, 48, 96)
    convolutions: int = 2
    first_kernel: int = 5
    stride_mels: int = 2
    stride_frames: int = 2
    pooling: Literal["mean", "statistics"] = "statistics"
    bands: int = 6
    hidden: int = 0
    channel_attention: bool = True
    spatial_attention: bool = True
    block_dropout: float = 0.0
    head_dropout: float = 0.3

    def __post_init__(self) -> None:
        if not self.channels or min(self.channels) < 1:
            raise ConfigError(f"channels={self.channels} must be one or more counts above 0")
        for name in ("convolutions", "stride_mels", "stride_frames", "bands"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name}={getattr(self, name)} must be above 0")
        if self.first_kernel < 1 or self.first_kernel % 2 == 0:
            raise ConfigError(f"first_kernel={self.first_kernel} must be odd and above 0")
        if self.pooling not in ("mean", "statistics"):
            raise ConfigError(f"pooling={self.pooling!r} must be one of: mean, statistics")
        if self.hidden < 0:
            raise ConfigError(f"hidden={self.hidden} must be at least 0")
        for name in ("block_dropout", "head_dropout"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigError(f"{name}={getattr(self, name)} must lie in [0, 1)")


class SpectrogramCNN(nn.Module):
    """A small convolutional network from log-mel windows to one logit per genre.

    Parameters
    ----------
    config : SpectrogramCNNConfig
        Widths, pooling, attention and dropout.
    n_labels : int
        Number of genres.
    """

    def __init__(self, config: SpectrogramCNNConfig, *, n_labels: int) -> None:
        super().__init__()
        widths = (1, *config.channels)
        self.blocks = nn.Sequential(
            *(_block(n_in, n_out, config) for n_in, n_out in pairwise(widths))
        )
        n_pooled = widths[-1]
        self.pooling: GlobalMean | BandStatistics = GlobalMean()
        if config.pooling == "statistics":
            self.pooling = BandStatistics(config.bands)
            n_pooled *= N_STATISTICS * config.bands
        self.head = _head(n_pooled, n_labels, config)
        # Channels last makes a training step on the CPU 1.4 to 1.6 times as fast.
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # stub lacks it

    def embed(self, mel: torch.Tensor) -> torch.Tensor:
        """Pool a window to one vector, the input of the linear layers.

        Parameters
        ----------
        mel : Tensor of shape (batch, 1, n_mels, window_frames)
            Standardised log-mel.

        Returns
        -------
        Tensor of shape (batch, channels[-1]), times 3 * bands with statistics
        """
        pooled: torch.Tensor = self.pooling(self.blocks(mel))
        return pooled

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """Score windows.

        Parameters
        ----------
        mel : Tensor of shape (batch, 1, n_mels, window_frames)
            Standardised log-mel; at least 2 ** len(channels) mels and frames, times the strides.

        Returns
        -------
        Tensor of shape (batch, n_labels)
            Logits.
        """
        logits: torch.Tensor = self.head(self.embed(mel))
        return logits


def _block(n_in: int, n_out: int, config: SpectrogramCNNConfig) -> nn.Sequential:
    layers: list[nn.Module] = []
    for number in range(config.convolutions):
        # One input channel: the spectrogram itself.
        first = n_in == 1 and number == 0
        kernel = config.first_kernel if first else 3
        layers += [
            nn.Conv2d(
                n_out if number else n_in,
                n_out,
                kernel,
                stride=(config.stride_mels, config.stride_frames) if first else 1,
                padding=kernel // 2,
                bias=False,  # The batch norm has the bias.
            ),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
    return nn.Sequential(
        *layers[:-1],
        # The same as after the ReLU, on a quarter of the cells.
        nn.MaxPool2d(2),
        nn.ReLU(),
        ChannelAttention(n_out) if config.channel_attention else nn.Identity(),
        SpatialAttention() if config.spatial_attention else nn.Identity(),
        nn.Dropout2d(config.block_dropout),
    )


def _head(n_in: int, n_labels: int, config: SpectrogramCNNConfig) -> nn.Sequential:
    if config.hidden == 0:
        return nn.Sequential(nn.Dropout(config.head_dropout), nn.Linear(n_in, n_labels))
    return nn.Sequential(
        nn.Linear(n_in, config.hidden),
        nn.ReLU(),
        nn.Dropout(config.head_dropout),
        nn.Linear(config.hidden, n_labels),
    )
