"""Do scores mean what they say? The Brier score and the expected calibration error."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.metrics.checks import check_arrays

N_BINS = 15
FEWEST_IN_A_BIN = 5


def brier(y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]) -> float:
    """Mean squared distance of score and truth; lower is better.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores.

    Returns
    -------
    float, in [0, 1]
    """
    check_arrays(y_true, y_score)
    return float(np.mean((y_score - y_true) ** 2, dtype=np.float64))


def expected_calibration_error(
    y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]
) -> float:
    """Mean over classes of the gap between mean score and share of positives; lower is better.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores.

    Returns
    -------
    float, in [0, 1]
        From 15 bins of equal mass per class, fewer where there are fewer rows.
    """
    check_arrays(y_true, y_score)
    gaps = []
    for label in range(y_true.shape[1]):
        mean_score, share, mass = reliability_bins(y_true[:, label], y_score[:, label])
        gaps.append(float(mass @ np.abs(mean_score - share)))
    return float(np.mean(gaps))


def reliability_bins(
    y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]], *, n_bins: int = N_BINS
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Cut one class's sorted scores into bins of equal mass.

    Parameters
    ----------
    y_true : ndarray of shape (n_rows,), bool
        Truth of one class.
    y_score : ndarray of shape (n_rows,), in [0, 1]
        Scores of that class.
    n_bins : int
        Number of bins; at most one per row is made.

    Returns
    -------
    tuple of three ndarrays of shape (n_bins,), in [0, 1]
        Mean score, share of positives, and share of all rows in each bin.
    """
    order = np.argsort(y_score, kind="stable")
    bins = np.array_split(order, min(n_bins, len(order)))
    mean_score = np.array([np.mean(y_score[rows], dtype=np.float64) for rows in bins])
    share = np.array([y_true[rows].mean() for rows in bins])
    mass = np.array([len(rows) / len(order) for rows in bins])
    return mean_score, share, mass


def score_bins(
    y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]], *, n_bins: int = N_BINS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cut scores into bins of equal width, for a picture.

    Where most scores are near 0, as with many genres, bins of equal mass would all lie there.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows,), bool and in [0, 1]
        Truth and scores, of one class or of all together.
    n_bins : int
        Most bins; one with fewer than five rows is put together with the next.

    Returns
    -------
    tuple of two ndarrays of shape (n_filled,), in [0, 1]
        Mean score and share of positives of each bin.
    """
    order = np.argsort(y_score, kind="stable")
    edges = np.searchsorted(y_score[order], np.arange(1, n_bins) / n_bins)
    cuts, last = [], 0
    for edge in edges:
        if edge - last >= FEWEST_IN_A_BIN and len(order) - edge >= FEWEST_IN_A_BIN:
            cuts.append(edge)
            last = edge
    bins = [rows for rows in np.split(order, cuts) if len(rows)]
    mean_score = np.array([np.mean(y_score[rows], dtype=np.float64) for rows in bins])
    return mean_score, np.array([y_true[rows].mean() for rows in bins])
