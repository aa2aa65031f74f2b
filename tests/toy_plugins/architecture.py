"""A plug-in of the tests: the smallest network there is, a mean over time and one layer."""

from dataclasses import dataclass

import torch
from torch import nn

from genre.models import MODELS, Architecture


@dataclass(frozen=True, kw_only=True)
class MeanBandsConfig:
    """Shape of a `MeanBands`.

    Parameters
    ----------
    n_bands : int
        Bands that the window's mean is brought down to.
    """

    n_bands: int = 8


class MeanBands(nn.Module):
    """One linear layer on the mean of each band over time.

    Parameters
    ----------
    config : MeanBandsConfig
        Its shape.
    n_labels : int
        Number of genres.
    """

    def __init__(self, config: MeanBandsConfig, *, n_labels: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(nn.AdaptiveAvgPool2d((config.n_bands, 1)))
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(config.n_bands, n_labels))

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """Compute logits, (batch, n_labels), of windows, (batch, 1, n_mels, frames)."""
        logits: torch.Tensor = self.head(self.blocks(mel))
        return logits


MODELS["mean_bands"] = Architecture(config_class=MeanBandsConfig, build=MeanBands)
