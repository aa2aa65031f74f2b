"""What training reports of each epoch."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.metrics import (
    elementwise_accuracy,
    macro_average_precision,
    subset_accuracy,
    weighted_f1,
)
from genre.evaluation.metrics.choice import Choice, choice
from genre.tasks import Task, best_class


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """What one epoch measured; scores of windows at threshold 0.5, F1 weighted by support.

    The training windows are measured as they were seen: augmented, before the step that learned
    from them; of mixed ones, the genres with at least half of the mixture count. `*_accuracy`
    counts a window as right where all its genres are (subset accuracy), `*_elementwise_accuracy`
    counts every genre of it. `val_macro_ap` is of track scores. Of exclusive genres the largest
    score decides, and `val_track_accuracy` and `val_log_loss` are of tracks too.
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
    val_track_accuracy: float | None = None
    val_log_loss: float | None = None

    @property
    def choice(self) -> Choice:
        """What the best epoch is chosen by, as of `genre.evaluation.metrics.choice`."""
        if self.val_track_accuracy is None or self.val_log_loss is None:
            return (self.val_macro_ap,)
        return self.val_track_accuracy, -self.val_log_loss

    @property
    def row(self) -> dict[str, Any]:
        """The figures that the task has, for a table."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def in_short(self) -> tuple[str, ...]:
        """Training and validation in few words each, for the terminal; the weightiest first."""
        chosen_by = "AP" if self.val_track_accuracy is None else "right"
        return (
            f"loss {self.train_loss:.3f}/{self.val_loss:.3f}",
            f"{chosen_by} {self.choice[0]:.3f}",
            f"F1 {self.train_f1:.2f}/{self.val_f1:.2f}",
            f"accuracy {self.train_accuracy:.2f}/{self.val_accuracy:.2f}",
        )


def judge_windows(
    logits: NDArray[np.floating], targets: NDArray[np.floating], *, task: Task = "multilabel"
) -> dict[str, float]:
    """Judge windows; of mixed ones, the genres with at least half count as theirs.

    Parameters
    ----------
    logits : ndarray of shape (n_windows, n_labels)
        A score of at least one half decides for a genre.
    targets : ndarray of shape (n_windows, n_labels), in [0, 1]
        What they are.
    task : multilabel or exclusive
        Of exclusive genres the largest logit decides, and of mixed windows the largest share
        counts.

    Returns
    -------
    dict of str to float
        f1, accuracy and elementwise_accuracy.
    """
    if task == "exclusive":
        decisions, y_true = best_class(logits), best_class(targets)
    else:
        decisions, y_true = logits >= 0, targets >= 0.5
    return {
        "f1": weighted_f1(y_true, decisions),
        "accuracy": subset_accuracy(y_true, decisions),
        "elementwise_accuracy": elementwise_accuracy(y_true, decisions),
    }


def judge_tracks(
    y_true: NDArray[np.bool_], y_score: NDArray[np.floating], *, task: Task
) -> dict[str, float]:
    """Judge validation tracks, for the choice of the best epoch.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        Their genres and scores.
    task : multilabel or exclusive
        Which question was asked.

    Returns
    -------
    dict of str to float
        macro_ap; of exclusive genres track_accuracy and log_loss, too.
    """
    figures = {"macro_ap": macro_average_precision(y_true, y_score)}
    if task == "exclusive":
        figures["track_accuracy"], minus = choice(y_true, y_score, task=task)
        figures["log_loss"] = -minus
    return figures
