"""The loss of the question "which one": softmax cross entropy.

With logits z, targets t that sum to 1 (mixed windows and smoothed labels have several above 0) and
class weights w:

    loss = mean over the batch of  - Σ_c w_c t_c log softmax(z)_c
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import log_softmax

from genre.tasks import Task

MAX_CLASS_WEIGHT = 10.0


@dataclass(frozen=True, kw_only=True)
class CrossEntropyConfig:
    """Softmax cross entropy.

    Parameters
    ----------
    class_weights : bool
        Whether classes weigh the more the rarer they are, 1 on average over the training tracks,
        and 10 at most.
    task : exclusive
        Each track has one class.
    """

    class_weights: bool = False
    task: Task = "exclusive"

    def build(self, targets: torch.Tensor) -> "CrossEntropyLoss":
        """Build the loss for a training set.

        Parameters
        ----------
        targets : Tensor of shape (n_tracks, n_labels), in {0, 1}
            The training tracks, each with one class.
        """
        weights = balanced_weights(targets) if self.class_weights else torch.ones_like(targets[0])
        return CrossEntropyLoss(weights.float())


class CrossEntropyLoss(nn.Module):
    """The loss of the module's formula.

    Parameters
    ----------
    weights : Tensor of shape (n_labels,), above 0
        w of every class.
    """

    weights: torch.Tensor

    def __init__(self, weights: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("weights", weights)

    def forward(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Compute the mean loss.

        Parameters
        ----------
        logits : Tensor of shape (batch, n_labels)
            As the network gives them.
        targets : Tensor of shape (batch, n_labels), in [0, 1]
            Each row sums to 1.

        Returns
        -------
        Tensor of shape ()
            In float32 at least, also under autocast.
        """
        if logits.dtype in (torch.float16, torch.bfloat16):
            logits = logits.float()
        costs = -log_softmax(logits, dim=1) * targets.to(logits.dtype) * self.weights
        return costs.sum(dim=1).mean()


def balanced_weights(targets: torch.Tensor) -> torch.Tensor:
    """Weigh every class so that all count alike: tracks / (classes · tracks of the class).

    Parameters
    ----------
    targets : Tensor of shape (n_tracks, n_labels), in {0, 1}
        The training tracks; a class without any weighs as if it had one.

    Returns
    -------
    Tensor of shape (n_labels,), float32, at most 10
    """
    positives = targets.float().sum(dim=0).clamp(min=1)
    return (len(targets) / (targets.shape[1] * positives)).clamp(max=MAX_CLASS_WEIGHT)
