"""What training reports of each epoch."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """What one epoch measured; scores of windows at threshold 0.5, F1 weighted by support.

    `*_accuracy` counts a window as right where all its genres are (subset accuracy),
    `*_elementwise_accuracy` counts every genre of it. `val_macro_ap` is of track scores.
    """

    epoch: int
    learning_rate: float
    train_loss: float
    train_f1: float
    train_accuracy: float
    train_elementwise_accuracy: float
    val_loss: float
    val_f1: float
    val_accuracy: float
    val_elementwise_accuracy: float
    val_macro_ap: float
    seconds: float
