"""ShortChunkCNN: residual blocks over a log-mel window, pooled by maximum and mean.

Won, Ferraro, Bogdanov, Serra: Evaluation of CNN-based automatic music tagging models, SMC 2020
(their short-chunk CNN with residual connections, made smaller; its first step here is 2 × 2).
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import nn
from torch.nn.functional import relu

from genre.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class ShortChunkCNNConfig:
    """Shape of a `ShortChunkCNN`.

    Parameters
    ----------
    channels : tuple of int
        Output channels of the residual blocks, one block each; each ends by halving the map.
    hidden : int
        Units between the two linear layers.
    head_dropout : float, in [0, 1)
        Share of hidden units dropped while training.
    """

    channels: tuple[int, ...] = (32, 64, 128, 256)
    hidden: int = 256
    head_dropout: float = 0.5

    def __post_init__(self) -> None:
        if not self.channels or min(self.channels) < 1:
            raise ConfigError(f"channels={self.channels} must be one or more counts above 0")
        if self.hidden < 1:
            raise ConfigError(f"hidden={self.hidden} must be above 0")
        if not 0 <= self.head_dropout < 1:
            raise ConfigError(f"head_dropout={self.head_dropout} must lie in [0, 1)")


class ShortChunkCNN(nn.Module):
    """A residual convolutional network from log-mel windows to one logit per genre.

    Parameters
    ----------
    config : ShortChunkCNNConfig
        Its shape.
    n_labels : int
        Number of genres.
    """

    def __init__(self, config: ShortChunkCNNConfig, *, n_labels: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            _convolution(1, config.channels[0], kernel=5, stride=2),
            nn.BatchNorm2d(config.channels[0]),
            nn.ReLU(),
        )
        widths = (config.channels[0], *config.channels)
        self.blocks = nn.Sequential(*(_Residual(n_in, n_out) for n_in, n_out in pairwise(widths)))
        self.head = nn.Sequential(
            nn.Linear(2 * widths[-1], config.hidden, bias=False),
            nn.BatchNorm1d(config.hidden),
            nn.ReLU(),
            nn.Dropout(config.head_dropout),
            nn.Linear(config.hidden, n_labels),
        )
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # stub lacks it

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """Score windows.

        Parameters
        ----------
        mel : Tensor of shape (batch, 1, n_mels, window_frames)
            Standardised log-mel; at least 2 ** (len(channels) + 1) mels and frames.

        Returns
        -------
        Tensor of shape (batch, n_labels)
            Logits.
        """
        cells = self.blocks(self.stem(mel)).flatten(2)  # (batch, channels, cells)
        pooled = torch.cat([cells.max(dim=2).values, cells.mean(dim=2)], dim=1)
        logits: torch.Tensor = self.head(pooled)
        return logits


class _Residual(nn.Module):
    """Two convolutions beside a shortcut, then a maximum over 2 × 2 cells."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.path = nn.Sequential(
            _convolution(n_in, n_out),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
            _convolution(n_out, n_out),
            nn.BatchNorm2d(n_out),
        )
        self.shortcut: nn.Module = nn.Identity()
        if n_in != n_out:
            self.shortcut = nn.Sequential(
                _convolution(n_in, n_out, kernel=1), nn.BatchNorm2d(n_out)
            )
        self.pool = nn.MaxPool2d(2)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Add what two convolutions find to the features; mels and frames halve."""
        pooled: torch.Tensor = self.pool(relu(self.path(features) + self.shortcut(features)))
        return pooled


def _convolution(n_in: int, n_out: int, *, kernel: int = 3, stride: int = 1) -> nn.Conv2d:
    # The batch norm after it has the bias.
    return nn.Conv2d(n_in, n_out, kernel, stride=stride, padding=kernel // 2, bias=False)
