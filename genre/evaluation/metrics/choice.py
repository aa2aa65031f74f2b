"""What epochs, runs and configurations are chosen by, on validation tracks."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.metrics.exclusive import accuracy, log_loss
from genre.evaluation.metrics.ranking import macro_average_precision
from genre.tasks import Task, best_class

CHOSEN_BY: Mapping[Task, str] = {"multilabel": "macro_ap", "exclusive": "accuracy"}
"""The first figure of each task, by its name in `genre.evaluation.metrics.METRICS`."""

Choice = tuple[float, ...]
"""Larger is better, the first figure first, as tuples compare; NaN where nothing can be said."""


def choice(y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]], *, task: Task) -> Choice:
    """Measure what the better of two answers is told by.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        The genres of the validation tracks and their scores.
    task : multilabel or exclusive
        Which question was asked.

    Returns
    -------
    tuple of float
        Macro average precision; of exclusive genres the accuracy, and minus the log loss, which
        decides between equally many right answers.
    """
    if not len(y_true):
        return (float("nan"),)
    if task == "multilabel":
        return (macro_average_precision(y_true, y_score),)
    return accuracy(y_true, best_class(y_score)), -log_loss(y_true, y_score)


def mean_choice(choices: list[Choice]) -> Choice:
    """Average what several folds or seeds came to, figure by figure.

    Parameters
    ----------
    choices : list of tuple of float
        At least one, of one task.
    """
    return tuple(float(value) for value in np.mean(choices, axis=0))
