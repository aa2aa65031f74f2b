"""SmallCNN: three plain convolutions over one short window, and all of their cells at once.

The plain network of introductions to spoken commands: Conv2d → ReLU → MaxPool2d, three times;
flatten; Linear → ReLU → Dropout; Linear. Every window is brought to [0, 1] by its own smallest and
largest value.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import nn

from genre.errors import ConfigError

SMALLEST_RANGE = 1e-6


@dataclass(frozen=True, kw_only=True)
class SmallCNNConfig:
    """Shape of a `SmallCNN`, and of the windows that it takes.

    Parameters
    ----------
    channels : tuple of int
        Output channels of the convolutions, each of which ends by halving the map.
    n_mels, n_frames : int
        Of a window: no other fits, as each cell of the last map has weights of its own.
    hidden : int
        Units between the two linear layers.
    head_dropout : float, in [0, 1)
        Share of hidden units dropped while training.
    """

    channels: tuple[int, ...] = (16, 32, 64)
    n_mels: int = 96
    n_frames: int = 200
    hidden: int = 128
    head_dropout: float = 0.5

    def __post_init__(self) -> None:
        if not self.channels or min(self.channels) < 1:
            raise ConfigError(f"channels={self.channels} must be one or more counts above 0")
        if self.hidden < 1:
            raise ConfigError(f"hidden={self.hidden} must be above 0")
        for name in ("n_mels", "n_frames"):
            if (value := getattr(self, name)) < self.reduction:
                raise ConfigError(f"{name}={value} must be at least {self.reduction}")
        if not 0 <= self.head_dropout < 1:
            raise ConfigError(f"head_dropout={self.head_dropout} must lie in [0, 1)")

    @property
    def reduction(self) -> int:
        """How many mels, and how many frames, become one cell of the last map."""
        return int(2 ** len(self.channels))


class SmallCNN(nn.Module):
    """A plain convolutional network from log-mel windows to one logit per class.

    Parameters
    ----------
    config : SmallCNNConfig
        Its shape.
    n_labels : int
        Number of classes.
    """

    def __init__(self, config: SmallCNNConfig, *, n_labels: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            *(
                nn.Sequential(nn.Conv2d(n_in, n_out, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
                for n_in, n_out in pairwise((1, *config.channels))
            )
        )
        n_cells = (config.n_mels // config.reduction) * (config.n_frames // config.reduction)
        self.head = nn.Sequential(
            nn.Linear(config.channels[-1] * n_cells, config.hidden),
            nn.ReLU(),
            nn.Dropout(config.head_dropout),
            nn.Linear(config.hidden, n_labels),
        )

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """Score windows.

        Parameters
        ----------
        mel : Tensor of shape (batch, 1, n_mels, n_frames)
            Log-mel, to any scale and offset.

        Returns
        -------
        Tensor of shape (batch, n_labels)
            Logits.
        """
        low, high = mel.amin(dim=(2, 3), keepdim=True), mel.amax(dim=(2, 3), keepdim=True)
        scaled = (mel - low) / (high - low).clamp(min=SMALLEST_RANGE)
        logits: torch.Tensor = self.head(self.blocks(scaled).flatten(1))
        return logits
