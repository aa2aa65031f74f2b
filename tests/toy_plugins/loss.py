"""A plug-in of the tests: the squared error of the scores, which is no member of the family."""

import torch
from torch import nn

from genre.training import LOSSES


class SquaredError(nn.Module):
    """Mean of (σ(logit) − target)²."""

    def forward(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Give the mean over batch and genres, of shape ()."""
        return (torch.sigmoid(logits.float()) - targets).square().mean()


class SquaredErrorLoss:
    """The entry: nothing is learned from the training set beforehand."""

    def build(self, targets: torch.Tensor) -> nn.Module:  # noqa: ARG002 - as losses are built
        """Build the loss."""
        return SquaredError()


LOSSES["squared"] = SquaredErrorLoss()
