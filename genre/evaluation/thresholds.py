"""Thresholds, fitted on validation only: the one place where a score becomes a decision.

Every cut point is tried. A per-class threshold maximises the F1 of its class; a class with few
positives would fit noise, so it takes the global threshold, which maximises weighted F1.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.errors import ConfigError
from genre.tasks import Task, best_class

MIN_POSITIVES = 20
"""Validation tracks that a genre must have for a threshold of its own."""
NO_EVIDENCE = 0.5
"""The threshold where validation has no positive at all: the score's own scale."""


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which score on a genre is assigned.

    Parameters
    ----------
    values : ndarray of shape (n_labels,)
        The threshold of each genre.
    global_value : float
        The one threshold for genres with too few positives.
    is_global : ndarray of shape (n_labels,), bool
        Where `values` is the global one.
    """

    values: NDArray[np.float64]
    global_value: float
    is_global: NDArray[np.bool_]


def decide(
    y_score: NDArray[np.floating[Any]],
    thresholds: NDArray[np.floating[Any]],
    *,
    task: Task = "multilabel",
) -> NDArray[np.bool_]:
    """Assign every genre whose score reaches its threshold; of exclusive ones the best alone.

    Parameters
    ----------
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        Scores of tracks or of windows.
    thresholds : ndarray of shape (n_labels,)
        As fitted on validation.
    task : multilabel or exclusive
        Whether a track may have several genres, or at most one.

    Returns
    -------
    ndarray of shape (n_tracks, n_labels), bool
        ``y_score >= thresholds``; of exclusive genres no more than one in a row, the first of
        equally good ones.

    Examples
    --------
    >>> decide(np.array([[0.7, 0.2], [0.4, 0.3]]), np.array([0.5, 0.3]))
    array([[ True, False],
           [False,  True]])

    The answer to "which one" is the best, or none where not even that one is sure enough:

    >>> decide(np.array([[0.7, 0.3], [0.5, 0.5]]), np.array([0.6, 0.6]), task="exclusive")
    array([[ True, False],
           [False, False]])
    """
    decided = np.asarray(y_score >= np.asarray(thresholds), dtype=np.bool_)
    if task == "exclusive":
        decided &= best_class(y_score)
    return decided


def fit_thresholds(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    *,
    min_positives: int = MIN_POSITIVES,
) -> Thresholds:
    """Choose the thresholds that serve F1 best on validation tracks.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        The genres of the validation tracks and their scores.
    min_positives : int
        A class with fewer positives takes the global threshold.

    Returns
    -------
    Thresholds
        A cut lies midway between two neighbouring scores; of equally good cuts the highest wins.

    Examples
    --------
    With both positives and one negative accepted F1 is ``2 * 2 / (3 + 2)``, more than the
    ``2 * 1 / (1 + 2)`` of the first positive alone; the cut lies midway between 0.6 and 0.2:

    >>> y_true = np.array([[True], [False], [True], [False]])
    >>> y_score = np.array([[0.9], [0.7], [0.6], [0.2]])
    >>> fit_thresholds(y_true, y_score, min_positives=1).values
    array([0.4])
    """
    if min_positives < 1:
        raise ConfigError(f"min_positives={min_positives} must be at least 1")
    if y_true.shape != y_score.shape or y_true.ndim != 2:
        raise ConfigError(
            f"y_score of shape {y_score.shape} must have the shape of y_true, {y_true.shape}"
        )
    scores = np.asarray(y_score, dtype=np.float64)
    global_value = _global_threshold(y_true, scores)
    is_global = y_true.sum(axis=0) < min_positives
    values = np.full(y_true.shape[1], global_value)
    for label in np.flatnonzero(~is_global):
        order = np.argsort(-scores[:, label], kind="stable")
        f1 = _f1_by_rank(y_true[order, label])
        values[label] = _best_cut(scores[order, label], f1)
    return Thresholds(values=values, global_value=global_value, is_global=is_global)


def _f1_by_rank(y_sorted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """F1 of accepting the first 1, 2, … n tracks, best score first."""
    hits = np.cumsum(y_sorted, dtype=np.float64)
    ranks = np.arange(1, len(y_sorted) + 1)
    return np.asarray(2.0 * hits / (ranks + max(hits[-1], 1.0)))


def _global_threshold(y_true: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    n_positives = y_true.sum(axis=0)
    if n_positives.sum() == 0:
        return NO_EVIDENCE
    # Going down the pooled list, each accepted entry changes the F1 of its own class only: weighted
    # F1 at every cut is therefore a running sum of single changes.
    gains = np.empty_like(scores)
    for label in range(scores.shape[1]):
        order = np.argsort(-scores[:, label], kind="stable")
        gains[order, label] = np.diff(_f1_by_rank(y_true[order, label]), prepend=0.0)
    weighted = (gains * (n_positives / n_positives.sum())).ravel()
    pooled = scores.ravel()
    order = np.argsort(-pooled, kind="stable")
    return _best_cut(pooled[order], np.cumsum(weighted[order]))


def _best_cut(sorted_scores: NDArray[np.float64], value: NDArray[np.float64]) -> float:
    # Equal scores are accepted together, so only the last of a group is a possible cut.
    is_cut = np.append(np.diff(sorted_scores) < 0, True)
    cuts = np.flatnonzero(is_cut)
    # Rounding: running sums of the same changes in another order differ by about 1e-16.
    best = int(cuts[np.flatnonzero(value[cuts] >= value[cuts].max() - 1e-12)[0]])
    if best + 1 == len(sorted_scores):
        return float(sorted_scores[best])
    middle = (sorted_scores[best] + sorted_scores[best + 1]) / 2
    # Midway between two neighbouring floats is one of them, perhaps the lower, which is outside.
    return float(middle if middle > sorted_scores[best + 1] else sorted_scores[best])
