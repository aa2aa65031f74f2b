"""What training reports of each epoch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.metrics import elementwise_accuracy, subset_accuracy, weighted_f1


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """What one epoch measured; scores of windows at threshold 0.5, F1 weighted by support.

    The training windows are measured as they were seen: augmented, before the step that learned
    from them; of mixed ones, the genres with at least half of the mixture count. `*_accuracy`
    counts a window as right where all its genres are (subset accuracy), `*_elementwise_accuracy`
    counts every genre of it. `val_macro_ap` is of track scores.
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

    @property
    def in_short(self) -> str:
        """Training and validation in few words, for the bar on the terminal."""
        return (
            f"loss {self.train_loss:.3f}/{self.val_loss:.3f} "
            f"F1 {self.train_f1:.2f}/{self.val_f1:.2f} "
            f"accuracy {self.train_accuracy:.2f}/{self.val_accuracy:.2f} train/val"
        )


def judge_windows(logits: NDArray[np.floating], targets: NDArray[np.floating]) -> dict[str, float]:
    """Judge windows; of mixed ones, the genres with at least half count as theirs.

    Parameters
    ----------
    logits : ndarray of shape (n_windows, n_labels)
        A score of at least one half decides for a genre.
    targets : ndarray of shape (n_windows, n_labels), in [0, 1]
        What they are.

    Returns
    -------
    dict of str to float
        f1, accuracy and elementwise_accuracy.
    """
    decisions, y_true = logits >= 0, targets >= 0.5
    return {
        "f1": weighted_f1(y_true, decisions),
        "accuracy": subset_accuracy(y_true, decisions),
        "elementwise_accuracy": elementwise_accuracy(y_true, decisions),
    }
