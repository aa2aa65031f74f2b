"""Metrics of the question "which one": a row is exactly one of the classes, or is left open."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.metrics.calibration import expected_calibration_error
from genre.evaluation.metrics.checks import check_arrays
from genre.evaluation.metrics.decisions import averaged


def accuracy(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> float:
    """Share of rows that are given their class, in [0, 1]; one that is given none is wrong.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        The class of each row, and the one that was assigned.
    """
    return averaged(y_true, decisions, measure="recall", average="micro")


def balanced_accuracy(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> float:
    """Mean over the classes that occur of the share of their rows that are right, in [0, 1].

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        The class of each row, and the one that was assigned.
    """
    return averaged(y_true, decisions, measure="recall", average="macro")


def log_loss(y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]) -> float:
    """Mean of minus the logarithm of the right class's score; lower is better.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        The class of each row, and scores.

    Returns
    -------
    float, at least 0
        In nats; a score of 0 counts as the smallest number above it, and rows of no class are left
        out. NaN where none is left.
    """
    check_arrays(y_true, y_score)
    rows = y_true.any(axis=1)
    if not rows.any():
        return float("nan")
    scores = np.asarray(y_score, dtype=np.float64)[y_true]
    return float(-np.log(np.maximum(scores, np.finfo(np.float64).tiny)).sum() / rows.sum())


def top_calibration_error(y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]) -> float:
    """Gap between the largest score and how often it is right; lower is better.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        The class of each row, and scores.

    Returns
    -------
    float, in [0, 1]
        From 15 bins of equal mass, fewer where there are fewer rows (Guo et al. 2017, there with
        bins of equal width).
    """
    check_arrays(y_true, y_score)
    best = np.argmax(y_score, axis=1)[:, np.newaxis]
    right = np.take_along_axis(y_true, best, axis=1)
    return expected_calibration_error(right, np.take_along_axis(y_score, best, axis=1))
