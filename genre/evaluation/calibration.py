"""Scores that mean what they say, and the right to say nothing.

Temperature scaling (Guo et al. 2017) divides every logit by one number, fitted on validation: it
changes how sure a model sounds and not the order of its windows; a track's score is a mean over
windows, so that close tracks may change places. Abstention: a track whose scores
all stay below their thresholds gets no genre, which is a legal answer; raising all thresholds
together by a margin trades coverage for precision (El-Yaniv and Wiener 2010).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_expit

from genre.errors import ConfigError
from genre.evaluation.metrics.calibration import brier, expected_calibration_error
from genre.evaluation.metrics.checks import check_arrays

LARGEST_TEMPERATURE = 100.0
SMALLEST_SCORE = 1e-7
"""Scores nearer to 0 or 1 are read as this far away: a logit of 16, float32's own limit."""
N_TRIED = 25
"""Temperatures tried before the best is refined: each 1.47 times the one before."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How well scores mean what they say, before and after dividing logits by a temperature.

    Parameters
    ----------
    temperature : float
        Above 1 the model was too sure, below 1 too timid.
    ece_before, ece_after : float, in [0, 1]
        Expected calibration error, 15 bins of equal mass per class.
    brier_before, brier_after : float, in [0, 1]
        Mean squared distance of score and truth.
    """

    temperature: float
    ece_before: float
    ece_after: float
    brier_before: float
    brier_after: float


@dataclass(frozen=True, kw_only=True)
class CoverageCurve:
    """What more caution gains: one point per margin, from the most cautious to the least.

    Parameters
    ----------
    margin : ndarray of shape (n_points,)
        Added to every threshold; 0 is the rule as fitted.
    coverage : ndarray of shape (n_points,), in (0, 1]
        Share of the tracks that get at least one genre.
    precision : ndarray of shape (n_points,), in [0, 1]
        Share of the genres given that are right.
    """

    margin: NDArray[np.float64]
    coverage: NDArray[np.float64]
    precision: NDArray[np.float64]

    def at(self, margin: float) -> tuple[float, float]:
        """Give coverage and precision at a margin; no coverage and NaN where nothing is given."""
        n_points = int(np.sum(self.margin >= margin))
        if not n_points:
            return 0.0, float("nan")
        return float(self.coverage[n_points - 1]), float(self.precision[n_points - 1])


def logit(y_score: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Turn scores in [0, 1] into finite logits of the same shape."""
    scores = np.clip(np.asarray(y_score, dtype=np.float64), SMALLEST_SCORE, 1 - SMALLEST_SCORE)
    return np.asarray(np.log(scores) - np.log1p(-scores))


def fit_temperature(
    y_true: NDArray[np.bool_],
    logits: NDArray[np.floating[Any]],
    *,
    track: NDArray[np.integer[Any]] | None = None,
) -> float:
    """Find the temperature under which validation tracks are most likely.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The genres of the validation tracks.
    logits : ndarray of shape (n_windows, n_labels)
        Logits of their windows, or of the tracks themselves (see `logit` for scores).
    track : ndarray of shape (n_windows,), int, optional
        The row of `y_true` of each window, ascending, every row at least once. Without it each
        row of `logits` is a track.

    Returns
    -------
    float, in [1/100, 100]
        Minimises the cross entropy of the tracks' scores, the means of σ(logit / T) over windows:
        what is used is what is fitted. The answers are softened as Platt (1999) does, so that
        faultless validation tracks do not drive every score to 0 or 1. 1 where nothing can be
        fitted: no track, no positive or no negative.
    """
    rows = np.arange(len(logits)) if track is None else np.asarray(track)
    _check_windows(y_true, logits, rows)
    if y_true.size == 0 or y_true.all() or not y_true.any():
        return 1.0
    n_positives = int(y_true.sum())
    n_negatives = y_true.size - n_positives
    target = np.where(y_true, (n_positives + 1) / (n_positives + 2), 1 / (n_negatives + 2))
    windows = np.asarray(logits, dtype=np.float64)
    starts = np.searchsorted(rows, np.arange(len(y_true)))

    def _cross_entropy(log_temperature: float) -> float:
        scaled = windows * np.exp(-log_temperature)
        # The number of windows is left out: it adds the same at every temperature.
        yes = np.logaddexp.reduceat(log_expit(scaled), starts, axis=0)
        no = np.logaddexp.reduceat(log_expit(-scaled), starts, axis=0)
        return -float(np.mean(target * yes + (1 - target) * no))

    # Convex in 1 / T for one window per track, and not always for several.
    tried = np.linspace(-np.log(LARGEST_TEMPERATURE), np.log(LARGEST_TEMPERATURE), N_TRIED)
    best = int(np.argmin([_cross_entropy(value) for value in tried]))
    bounds = (tried[max(best - 1, 0)], tried[min(best + 1, N_TRIED - 1)])
    found = minimize_scalar(
        _cross_entropy, bounds=bounds, method="bounded", options={"xatol": 1e-6}
    )
    return float(np.exp(found.x))


def _check_windows(
    y_true: NDArray[np.bool_], logits: NDArray[np.floating[Any]], rows: NDArray[np.integer[Any]]
) -> None:
    if y_true.shape[1:] != logits.shape[1:] or rows.shape != logits.shape[:1]:
        raise ConfigError(
            f"logits of shape {logits.shape} must have the columns of y_true, {y_true.shape}, and "
            f"a row for each of the {len(rows)} windows"
        )
    if not np.array_equal(np.unique(rows), np.arange(len(y_true))) or (np.diff(rows) < 0).any():
        raise ConfigError(f"track must ascend and name each of the {len(y_true)} rows of y_true")
    if not np.isfinite(logits).all():
        raise ConfigError("logits must be finite numbers; did the training diverge?")


def apply_temperature(
    y_score: NDArray[np.floating[Any]], temperature: float
) -> NDArray[np.float64]:
    """Divide the logits of scores by a temperature; the order of scores stays.

    Parameters
    ----------
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        Scores of tracks or of windows.
    temperature : float
        From `fit_temperature`, above 0.

    Returns
    -------
    ndarray of shape (n_tracks, n_labels), in [0, 1]
    """
    if not temperature > 0:
        raise ConfigError(f"temperature={temperature} must be above 0")
    return np.asarray(expit(logit(y_score) / temperature))


def judge_temperature(
    y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]], temperature: float
) -> Calibration:
    """Compare scores with the truth before and after, on tracks that did not fit the temperature.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        Test tracks; their scores are taken for single logits. Where windows were averaged, give
        both scores to `judge_calibration`.
    temperature : float
        Fitted on validation tracks.
    """
    after = apply_temperature(y_score, temperature)
    return judge_calibration(y_true, y_score, after, temperature=temperature)


def judge_calibration(
    y_true: NDArray[np.bool_],
    before: NDArray[np.floating[Any]],
    after: NDArray[np.floating[Any]],
    *,
    temperature: float,
) -> Calibration:
    """Compare two sets of scores, without and with a temperature, with the truth.

    Parameters
    ----------
    y_true, before, after : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        Test tracks.
    temperature : float
        What lies between the two.
    """
    for scores in (before, after):
        check_arrays(y_true, scores)
    return Calibration(
        temperature=temperature,
        ece_before=expected_calibration_error(y_true, before, y_true),
        ece_after=expected_calibration_error(y_true, after, y_true),
        brier_before=brier(y_true, before, y_true),
        brier_after=brier(y_true, after, y_true),
    )


def coverage_precision(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    thresholds: NDArray[np.floating[Any]],
) -> CoverageCurve:
    """Raise and lower all thresholds together, and see how many tracks get a genre, how rightly.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        Truth and scores.
    thresholds : ndarray of shape (n_labels,) or (n_tracks, n_labels)
        As fitted on validation, for all tracks or for the fold of each.
    """
    check_arrays(y_true, y_score)
    if not np.isfinite(thresholds).all():
        raise ConfigError("thresholds must be finite numbers")
    gap = np.asarray(y_score, dtype=np.float64) - thresholds
    order = np.argsort(-gap, axis=None, kind="stable")
    margins = gap.ravel()[order]
    hits = np.cumsum(y_true.ravel()[order])
    track = order // gap.shape[1]
    is_first = np.zeros(len(order), dtype=np.bool_)
    is_first[np.unique(track, return_index=True)[1]] = True
    # Equal gaps are accepted together: only the last of a group is a possible margin.
    cuts = np.append(np.flatnonzero(np.diff(margins)), len(margins) - 1)
    return CoverageCurve(
        margin=margins[cuts],
        coverage=np.cumsum(is_first)[cuts] / len(gap),
        precision=hits[cuts] / (cuts + 1),
    )
