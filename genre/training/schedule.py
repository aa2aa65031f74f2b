"""The learning rate: a warm-up and a cosine over the steps, or halved on a plateau.

The cosine is a function of how much of the training is done and so needs no state; what the
plateau has seen is in the history of validation losses.
"""

import math
from collections.abc import Sequence

from genre.training.config import TrainingConfig

# A warm-up from 0 would waste its first steps.
FIRST_SHARE = 0.04


def learning_rate(config: TrainingConfig, *, done: float, val_losses: Sequence[float]) -> float:
    """Compute the learning rate of the next step.

    Parameters
    ----------
    config : TrainingConfig
        Which schedule, and its settings.
    done : float, in [0, 1]
        Share of the steps of all epochs that are done.
    val_losses : sequence of float
        Validation loss of the finished epochs.
    """
    if config.schedule == "plateau":
        return config.learning_rate * 0.5 ** _n_plateaus(val_losses, config.plateau_patience)
    if done < config.warm_up:
        share = FIRST_SHARE + (1 - FIRST_SHARE) * done / config.warm_up
    else:
        share = 0.5 * (1 + math.cos(math.pi * (done - config.warm_up) / (1 - config.warm_up)))
    return config.learning_rate * share


def _n_plateaus(losses: Sequence[float], patience: int) -> int:
    """Count how often more than `patience` epochs in a row brought no loss 1e-4 below the best."""
    best, n_bad, n_plateaus = math.inf, 0, 0
    for loss in losses:
        if loss < best * (1 - 1e-4):
            best, n_bad = loss, 0
        else:
            n_bad += 1
        if n_bad > patience:
            n_plateaus, n_bad = n_plateaus + 1, 0
    return n_plateaus
