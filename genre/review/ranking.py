"""Which labels are doubtful: rules that order tracks by how much scores speak against them.

Convention: `y_true` says which genres the labels name, (n_tracks, n_labels); `y_score` is what each
run that never heard a track says of it, (n_runs, n_tracks, n_labels) in [0, 1], NaN where that run
trained on it. A rule gives a number per track, the larger the more doubtful; NaN where no run can
judge. Confident learning: Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty
in Dataset Labels", JAIR 70 (2021); its thresholds are the mean score of each genre's own tracks.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Truth = NDArray[np.bool_]
Scores = NDArray[np.floating[Any]]
_LEAST = 1e-4
_MOST = 20.0  # no difference of log odds is larger


def mean_scores(y_score: Scores) -> NDArray[np.float64]:
    """Average the scores of the runs that can judge.

    Parameters
    ----------
    y_score : ndarray of shape (n_runs, n_tracks, n_labels)
        As above.

    Returns
    -------
    ndarray of shape (n_tracks, n_labels)
        NaN where no run can judge.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a track that every run trained on
        return np.asarray(np.nanmean(y_score, axis=0), dtype=np.float64)


def by_loss(y_true: Truth, y_score: Scores) -> NDArray[np.float64]:
    """Take the log loss of the labels, summed over genres, mean over runs.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        As above.
    y_score : ndarray of shape (n_runs, n_tracks, n_labels)
        As above.
    """
    right = np.where(y_true, y_score, 1 - y_score)
    return np.asarray(mean_scores(-np.log(np.maximum(right, _LEAST))).sum(axis=1))


def by_confidence(y_true: Truth, y_score: Scores) -> NDArray[np.float64]:
    """Take how far the best other genre, less its usual score, is above the label less its own.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        As above.
    y_score : ndarray of shape (n_runs, n_tracks, n_labels)
        As above.
    """
    return _margin(y_true, mean_scores(y_score))


def by_agreement(y_true: Truth, y_score: Scores) -> NDArray[np.float64]:
    """Take the share of runs in which another genre is above the label; ties by confidence.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        As above.
    y_score : ndarray of shape (n_runs, n_tracks, n_labels)
        As above.
    """
    margins = np.stack([_margin(y_true, run) for run in y_score])
    share = np.where(np.isnan(margins), np.nan, margins > 0)[:, :, None]
    # a margin lies in (-2, 2): never more than what one run more counts
    ties = by_confidence(y_true, y_score) / (4 * len(y_score))
    return mean_scores(share)[:, 0] + ties


def by_odds(y_true: Truth, y_score: Scores) -> NDArray[np.float64]:
    """Take how far the best other genre is above the labels, in log odds less their usual ones.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        As above.
    y_score : ndarray of shape (n_runs, n_tracks, n_labels)
        As above.

    Returns
    -------
    ndarray of shape (n_tracks,)
        Confident learning's margin, which in log odds tells a small score from a very small one;
        of several labels the mean counts, since seldom all of them are wrong.
    """
    above = odds_above_usual(y_true, mean_scores(y_score))
    others = np.where(y_true, -np.inf, above).max(axis=1, initial=-_MOST)
    own = np.where(y_true, above, 0.0).sum(axis=1) / np.maximum(y_true.sum(axis=1), 1)
    return np.where(np.isnan(above).any(axis=1), np.nan, others - own)


def odds_above_usual(y_true: Truth, scores: Scores) -> NDArray[np.float64]:
    """Subtract from the log odds of each score the mean ones of the genre's own tracks.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        As above.
    scores : ndarray of shape (n_tracks, n_labels)
        Means over runs.
    """
    clipped = np.clip(scores, _LEAST, 1 - _LEAST)
    odds = np.log(clipped / (1 - clipped))
    return np.asarray(odds - usual_scores(y_true, odds, nobody=0.0))


RULES: dict[str, Callable[[Truth, Scores], NDArray[np.float64]]] = {
    "loss": by_loss,
    "confident learning": by_confidence,
    "agreement of seeds": by_agreement,
    "log odds": by_odds,
}


def usual_scores(y_true: Truth, scores: Scores, *, nobody: float = 0.5) -> NDArray[np.float64]:
    """Average each genre's scores over the tracks that are labelled with it.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        As above.
    scores : ndarray of shape (n_tracks, n_labels)
        Of one run, or the mean of several.
    nobody : float
        What is returned for a genre of which no track can be judged.

    Returns
    -------
    ndarray of shape (n_labels,)
    """
    own = np.where(y_true & ~np.isnan(scores), scores, 0.0).sum(axis=0)
    n_own = (y_true & ~np.isnan(scores)).sum(axis=0)
    return np.where(n_own > 0, own / np.maximum(n_own, 1), nobody)


def _margin(y_true: Truth, scores: Scores) -> NDArray[np.float64]:
    above = scores - usual_scores(y_true, scores)
    others = np.where(y_true, -np.inf, above).max(axis=1, initial=-1.0)
    own = np.where(y_true, above, np.inf).min(axis=1, initial=1.0)
    return np.where(np.isnan(scores).any(axis=1), np.nan, others - own)
