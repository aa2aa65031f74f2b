"""One temperature for scores that are shares of one whole (Guo et al., ICML 2017)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from genre.evaluation.calibration import LARGEST_TEMPERATURE
from genre.evaluation.metrics.checks import check_arrays
from genre.evaluation.metrics.exclusive import log_loss

SOFTENED = 1.0
"""Tracks that are added, in thought, which have every genre in equal shares."""


def heated(y_score: NDArray[np.floating[Any]], temperature: float) -> NDArray[np.float64]:
    """Make shares less sure, above a temperature of 1, or surer, below: ``softmax(log s / T)``.

    Parameters
    ----------
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        Shares of one whole; a share of 0 counts as the smallest number above it.
    temperature : float
        Above 0.

    Returns
    -------
    ndarray of shape (n_tracks, n_labels), in [0, 1]
        Each row sums to 1; the order in a row stays.
    """
    scores = np.maximum(np.asarray(y_score, dtype=np.float64), np.finfo(np.float64).tiny)
    x = np.log(scores) / temperature
    return np.asarray(np.exp(x - np.logaddexp.reduce(x, axis=1, keepdims=True)))


def fit_temperature(y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]) -> float:
    """Find the temperature under which validation tracks are most likely.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        The genre of each validation track, and shares.

    Returns
    -------
    float
        From 1/100 to 100. As one more track would be of every genre in equal shares, faultless
        validation tracks do not make every score 0 or 1. 1 where there is no track, or one genre.

    Examples
    --------
    A model gives 0.9 to its answer and is right in three of four; with the track of both genres
    that is 3.5 of 5, so that its answer should have 0.7:

    >>> y_true = np.array([[True, False]] * 3 + [[False, True]])
    >>> y_score = np.array([[0.9, 0.1]] * 4)
    >>> heated(y_score, fit_temperature(y_true, y_score))[0].round(3)
    array([0.7, 0.3])
    """
    n_tracks, n_labels = y_true.shape
    if not n_tracks or n_labels < 2:
        return 1.0
    check_arrays(y_true, y_score)
    equal = SOFTENED / n_labels

    def _cost(log_temperature: float) -> float:
        scores = heated(y_score, float(np.exp(log_temperature)))
        costs = -np.log(np.maximum(scores, np.finfo(np.float64).tiny))
        return float(n_tracks * log_loss(y_true, scores) + equal * costs.mean(axis=0).sum())

    limit = float(np.log(LARGEST_TEMPERATURE))
    found = minimize_scalar(
        _cost, bounds=(-limit, limit), method="bounded", options={"xatol": 1e-6}
    )
    return float(np.exp(found.x))
