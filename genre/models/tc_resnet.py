"""TCResNet: residual convolutions over time alone, the mel bands of a window being its channels.

Choi, Seo, Shin, Byun, Kersner, Kim, Kim, Ha: Temporal Convolution for Real-time Keyword Spotting on
Mobile Devices, Interspeech 2019 (their TC-ResNet8, twice as wide). The first layer already sees all
bands, so that a window costs a small part of what a map of bands and frames would.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import nn
from torch.nn.functional import relu

from genre.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class TCResNetConfig:
    """Shape of a `TCResNet`.

    Parameters
    ----------
    channels : tuple of int
        Output channels of the first layer, then of the residual blocks, each of which halves the
        frames.
    kernel : int
        Frames that a convolution of the blocks sees, odd.
    n_mels : int
        Of a window.
    head_dropout : float, in [0, 1)
        Share of the linear layer's inputs dropped while training.
    """

    channels: tuple[int, ...] = (32, 48, 64, 96)
    kernel: int = 9
    n_mels: int = 96
    head_dropout: float = 0.3

    def __post_init__(self) -> None:
        if len(self.channels) < 2 or min(self.channels) < 1:
            raise ConfigError(f"channels={self.channels} must be two or more counts above 0")
        if self.kernel < 1 or self.kernel % 2 == 0:
            raise ConfigError(f"kernel={self.kernel} must be odd and above 0")
        if self.n_mels < 1:
            raise ConfigError(f"n_mels={self.n_mels} must be above 0")
        if not 0 <= self.head_dropout < 1:
            raise ConfigError(f"head_dropout={self.head_dropout} must lie in [0, 1)")


class TCResNet(nn.Module):
    """A convolutional network over time from log-mel windows to one logit per class.

    Parameters
    ----------
    config : TCResNetConfig
        Its shape.
    n_labels : int
        Number of classes.
    """

    def __init__(self, config: TCResNetConfig, *, n_labels: int) -> None:
        super().__init__()
        self.stem = _convolution(config.n_mels, config.channels[0], 3)
        self.blocks = nn.Sequential(
            *(_Residual(n_in, n_out, config.kernel) for n_in, n_out in pairwise(config.channels))
        )
        self.head = nn.Sequential(
            nn.Dropout(config.head_dropout), nn.Linear(config.channels[-1], n_labels)
        )
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # stub lacks it

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """Score windows.

        Parameters
        ----------
        mel : Tensor of shape (batch, 1, n_mels, window_frames)
            Standardised log-mel.

        Returns
        -------
        Tensor of shape (batch, n_labels)
            Logits.
        """
        features = self.blocks(self.stem(mel.transpose(1, 2)))  # (batch, channels, 1, frames)
        logits: torch.Tensor = self.head(features.mean(dim=(2, 3)))
        return logits


class _Residual(nn.Module):
    """Two convolutions beside a shortcut of one frame; the first of each takes steps of two."""

    def __init__(self, n_in: int, n_out: int, kernel: int) -> None:
        super().__init__()
        self.path = nn.Sequential(
            _convolution(n_in, n_out, kernel, stride=2),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
            _convolution(n_out, n_out, kernel),
            nn.BatchNorm2d(n_out),
        )
        self.shortcut = nn.Sequential(_convolution(n_in, n_out, 1, stride=2), nn.BatchNorm2d(n_out))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Add what two convolutions find to the features; the frames halve."""
        return relu(self.path(features) + self.shortcut(features))


def _convolution(n_in: int, n_out: int, kernel: int, *, stride: int = 1) -> nn.Conv2d:
    # The batch norm after it, or the first block's, has the bias.
    return nn.Conv2d(
        n_in, n_out, (1, kernel), stride=(1, stride), padding=(0, kernel // 2), bias=False
    )
