"""Logistic regression, a network without hidden layers, on mean and deviation of the mel bands."""

from dataclasses import dataclass

import torch
from torch import nn

from genre.errors import ConfigError
from genre.models.frozen import Head


@dataclass(frozen=True, kw_only=True)
class LogisticConfig:
    """Shape of a `Logistic`.

    Parameters
    ----------
    n_mels : int
        Of a window.
    """

    n_mels: int = 96

    def __post_init__(self) -> None:
        if self.n_mels < 1:
            raise ConfigError(f"n_mels={self.n_mels} must be above 0")


class Logistic(nn.Module):
    """One linear layer from the mean and deviation of each band to one logit per class.

    Parameters
    ----------
    config : LogisticConfig
        Its shape.
    n_labels : int
        Number of classes.
    """

    def __init__(self, config: LogisticConfig, *, n_labels: int) -> None:
        super().__init__()
        n_features = 2 * config.n_mels
        self.head = Head(torch.zeros(n_features), torch.ones(n_features), n_labels=n_labels)

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
        scores: torch.Tensor = self.head(summarised(mel))
        return scores


def summarised(mel: torch.Tensor) -> torch.Tensor:
    """Compute the mean and the deviation of each band over time.

    Parameters
    ----------
    mel : Tensor of shape (batch, 1, n_mels, window_frames)
        Windows.

    Returns
    -------
    Tensor of shape (batch, 2 n_mels)
    """
    mean = mel.mean(dim=-1, keepdim=True)
    deviation = (mel - mean).square().mean(dim=-1, keepdim=True).sqrt()
    return torch.cat([mean, deviation], dim=-1).transpose(-1, -2).flatten(1)
