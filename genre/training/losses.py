"""The registry of losses: of exclusive classes cross entropy, else one numerically stable family.

With logit x, p = σ(x), target y in [0, 1], focusing γ+ and γ−, margin m and class weights w+:

    L+ = σ(−x)^γ+ · softplus(−x)
    pm = max(p − m, 0);   L− = pm^γ− · (−log1p(−pm) if m > 0 else softplus(x))
    loss = mean over batch and classes of  w+ y L+ + (1 − y) L−

γ+ = γ− = m = 0 is binary cross entropy. Focal loss: Lin et al., ICCV 2017; the asymmetric form and
the margin: Ridnik et al., ICCV 2021. A mean, not a sum: a sum ties the learning rate to the batch
size and the number of classes.
"""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import nn
from torch.nn.functional import softplus

from genre.errors import ConfigError
from genre.plugins import Registry
from genre.tasks import Task
from genre.training.cross_entropy import MAX_CLASS_WEIGHT, CrossEntropyConfig


class Loss(Protocol):
    """What an entry of `LOSSES` offers; and a `task`, where it is for exclusive classes."""

    def build(self, targets: torch.Tensor) -> nn.Module:
        """Build the loss for a training set.

        Parameters
        ----------
        targets : Tensor of shape (n_tracks, n_labels), in {0, 1}
            The training tracks.

        Returns
        -------
        Module
            Takes logits and targets, each of shape (batch, n_labels), and gives a Tensor of shape
            (). Targets lie in [0, 1]: training mixes windows and smooths labels.
        """


@dataclass(frozen=True, kw_only=True)
class LossConfig:
    """One member of the family.

    Parameters
    ----------
    gamma_positive : float, at least 0
        How strongly easy positives are discounted.
    gamma_negative : float, at least 0
        How strongly easy negatives are discounted.
    margin : float, in [0, 1)
        Negatives below this probability cost nothing.
    class_weights : bool
        Whether positives weigh min(negatives / positives, 10) by genre.
    task : multilabel
        All of the family.
    """

    gamma_positive: float = 0.0
    gamma_negative: float = 0.0
    margin: float = 0.0
    class_weights: bool = False
    task: Task = "multilabel"

    def __post_init__(self) -> None:
        if min(self.gamma_positive, self.gamma_negative) < 0:
            raise ConfigError(f"gamma_positive, gamma_negative={self} must be at least 0")
        if not 0 <= self.margin < 1:
            raise ConfigError(f"margin={self.margin} must lie in [0, 1)")

    def build(self, targets: torch.Tensor) -> "MultiLabelLoss":
        """Build the loss for a training set; see `Loss.build`.

        Parameters
        ----------
        targets : Tensor of shape (n_tracks, n_labels), in {0, 1}
            The training tracks: genres are weighed by how often they occur in them.
        """
        return MultiLabelLoss(self, class_weights(targets))


class MultiLabelLoss(nn.Module):
    """A loss of the family; see the module's formulas.

    Parameters
    ----------
    config : LossConfig
        Which member of the family it is.
    positive_weights : Tensor of shape (n_labels,), above 0
        w+ of every class; ignored unless `config.class_weights`.
    """

    positive_weights: torch.Tensor

    def __init__(self, config: LossConfig, positive_weights: torch.Tensor) -> None:
        super().__init__()
        self.config = config
        weights = positive_weights if config.class_weights else torch.ones_like(positive_weights)
        self.register_buffer("positive_weights", weights)

    def forward(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Compute the mean loss.

        Parameters
        ----------
        logits : Tensor of shape (batch, n_labels)
            As the network gives them.
        targets : Tensor of shape (batch, n_labels), in [0, 1]
            Mixed windows and smoothed labels have targets between 0 and 1.

        Returns
        -------
        Tensor of shape ()
            In float32 at least, also under autocast.
        """
        if logits.dtype in (torch.float16, torch.bfloat16):
            logits = logits.float()
        targets = targets.to(logits.dtype)
        positive = self._positive(logits) * self.positive_weights
        return (targets * positive + (1 - targets) * self._negative(logits)).mean()

    def _positive(self, logits: torch.Tensor) -> torch.Tensor:
        cost = softplus(-logits)
        if self.config.gamma_positive > 0:
            cost = cost * torch.sigmoid(-logits) ** self.config.gamma_positive
        return cost

    def _negative(self, logits: torch.Tensor) -> torch.Tensor:
        probability = (torch.sigmoid(logits) - self.config.margin).clamp(min=0)
        # The margin keeps pm below 1, so log1p is finite; without one, softplus is the stable form.
        cost = -torch.log1p(-probability) if self.config.margin > 0 else softplus(logits)
        if self.config.gamma_negative > 0:
            cost = cost * probability**self.config.gamma_negative
        return cost


def class_weights(targets: torch.Tensor) -> torch.Tensor:
    """Weigh rare genres up: min(negatives / positives, 10).

    Parameters
    ----------
    targets : Tensor of shape (n_tracks, n_labels), in {0, 1}
        The training tracks; a class without positives takes the largest weight.

    Returns
    -------
    Tensor of shape (n_labels,), float32
    """
    positives = targets.float().sum(dim=0)
    return ((len(targets) - positives) / positives.clamp(min=1)).clamp(max=MAX_CLASS_WEIGHT)


LOSSES: Registry[Loss] = Registry(
    "loss",
    {
        "bce": LossConfig(class_weights=True),
        "focal": LossConfig(gamma_positive=1.0, gamma_negative=4.0),
        "asl": LossConfig(gamma_positive=1.0, gamma_negative=4.0, margin=0.05),
        "cross_entropy": CrossEntropyConfig(),
        "weighted_cross_entropy": CrossEntropyConfig(class_weights=True),
    },
)


def task_of(name: str) -> Task:
    """Look up which question a registered loss teaches to answer.

    Parameters
    ----------
    name : str
        A key of `LOSSES`.
    """
    task: Task = getattr(LOSSES.find(name), "task", "multilabel")
    return task


def build_loss(name: str, targets: torch.Tensor) -> nn.Module:
    """Build a registered loss for a training set.

    Parameters
    ----------
    name : str
        A key of `LOSSES`.
    targets : Tensor of shape (n_tracks, n_labels), in {0, 1}
        The training tracks.

    Raises
    ------
    ConfigError
        On an unknown name.
    """
    return LOSSES.find(name).build(targets)
