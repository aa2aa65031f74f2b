"""Scores that mean what they say, and the right to say nothing.

A track's logits are divided by a temperature (Guo et al. 2017), which changes how sure a model
sounds, and a bias is added for each genre (Platt 1999), which mends scores that are too high or too
low as a whole; training that weights or smooths answers leaves both wrong. Neither changes the
order of tracks within a genre. Abstention: a track whose scores all stay below their thresholds
gets no genre, which is a legal answer; raising all thresholds together by a margin trades coverage
for precision (El-Yaniv and Wiener 2010).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from genre.errors import ConfigError
from genre.evaluation.metrics.calibration import brier, expected_calibration_error
from genre.evaluation.metrics.checks import check_arrays

LARGEST_TEMPERATURE = 100.0
LARGEST_LOGIT = 16.0
BIAS_DEVIATION = 0.5
"""How far a genre's bias is expected from that of all: chosen by results/LOG.md."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How well scores mean what they say, before and after a `Scaling`.

    Parameters
    ----------
    temperature : float
        That of the scaling; of several, what stands for them.
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
        """Look up coverage and precision; no coverage and NaN where no genre is given.

        Parameters
        ----------
        margin : float
            Added to every threshold.
        """
        n_points = int(np.sum(self.margin >= margin))
        if not n_points:
            return 0.0, float("nan")
        return float(self.coverage[n_points - 1]), float(self.precision[n_points - 1])


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """What makes scores of logits: ``σ(logit / temperature + bias)``.

    Parameters
    ----------
    temperature : float
        Above 1 the model was too sure, below 1 too timid.
    bias : ndarray of shape (n_labels,)
        Below 0 the scores of a genre were too high, above 0 too low.
    """

    temperature: float
    bias: NDArray[np.float64]

    def scores(self, logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Turn logits into scores; the order in a genre stays.

        Parameters
        ----------
        logits : ndarray of shape (n_tracks, n_labels)
            Of a network, or the `logit` of scores.

        Returns
        -------
        ndarray of shape (n_tracks, n_labels), in [0, 1]
        """
        return np.asarray(expit(np.asarray(logits, np.float64) / self.temperature + self.bias))


def logit(y_score: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Turn scores into finite logits of the same shape, which keep their order.

    Parameters
    ----------
    y_score : ndarray of any shape, in [0, 1]
        The scores.
    """
    numbers = np.finfo(np.float64)
    scores = np.clip(np.asarray(y_score, dtype=np.float64), numbers.tiny, 1 - numbers.epsneg)
    return np.asarray(np.log(scores) - np.log1p(-scores))


def fit_scaling(y_true: NDArray[np.bool_], logits: NDArray[np.floating[Any]]) -> Scaling:
    """Find the temperature and the biases under which validation tracks are most likely.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The genres of the validation tracks.
    logits : ndarray of shape (n_tracks, n_labels)
        Their logits, or the `logit` of their scores. Beyond 16, float32's own limit, they count
        as 16: a score of exactly 0 or 1 would otherwise outweigh all others.

    Returns
    -------
    Scaling
        With a temperature from 1/100 to 100. A bias is that of all genres together and a part of
        its own, which is drawn towards 0 as if it came from a normal distribution of deviation
        `BIAS_DEVIATION`: a genre with few tracks stays near the others. The answers are softened
        as Platt (1999) does, so that faultless validation tracks do not drive every score to 0 or
        1. Nothing changes where nothing can be fitted: no track, no positive or no negative.

    Examples
    --------
    A model is sure, at a logit of 4, of four tracks, and of three rightly; of four others it says
    -4, and is right. The yes of three tracks counts as 4/5 and the no of five as 1/7, so the
    likeliest scores are ``(3 * 4 / 5 + 1 / 7) / 4 = 0.636`` and 0.143, far from the 0.982 and
    0.018 that the model says:

    >>> y_true = np.array([[True]] * 3 + [[False]] * 5)
    >>> logits = np.array([[4.0]] * 4 + [[-4.0]] * 4)
    >>> scaling = fit_scaling(y_true, logits)
    >>> scaling.temperature > 1
    True
    >>> scaling.scores(np.array([[4.0], [-4.0]])).round(3)
    array([[0.636],
           [0.143]])
    """
    _check_logits(y_true, logits)
    n_labels = y_true.shape[1]
    if y_true.size == 0 or y_true.all() or not y_true.any():
        return Scaling(temperature=1.0, bias=np.zeros(n_labels))
    n_positives = int(y_true.sum())
    n_negatives = y_true.size - n_positives
    target = np.where(y_true, (n_positives + 1) / (n_positives + 2), 1 / (n_negatives + 2))
    bounded = np.clip(np.asarray(logits, dtype=np.float64), -LARGEST_LOGIT, LARGEST_LOGIT)
    # Sums depend on the order in memory in their last digits; the answer should not.
    bounded, target = np.ascontiguousarray(bounded), np.ascontiguousarray(target)
    # In units of their own spread the optimiser sees all parameters alike.
    spread = float(bounded.std()) or 1.0
    units = bounded / spread

    def _loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        slope, common, own = parameters[0], parameters[1], parameters[2:]
        z = slope * units + common + own
        loss = np.logaddexp(0, z).sum() - (target * z).sum()
        by_logit = expit(z) - target
        by_genre = by_logit.sum(axis=0)
        gradient = [(by_logit * units).sum(), by_genre.sum(), *(by_genre + own / BIAS_DEVIATION**2)]
        penalty = (own**2).sum() / (2 * BIAS_DEVIATION**2)
        return float(loss + penalty), np.array(gradient)

    # Convex, so that any start leads to the one answer.
    limits = (spread / LARGEST_TEMPERATURE, spread * LARGEST_TEMPERATURE)
    start = np.concatenate([[np.clip(1.0, *limits)], np.zeros(1 + n_labels)])
    found = minimize(
        _loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[limits, *[(None, None)] * (1 + n_labels)],
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 1000},
    ).x
    return Scaling(temperature=float(spread / found[0]), bias=found[1] + found[2:])


def _check_logits(y_true: NDArray[np.bool_], logits: NDArray[np.floating[Any]]) -> None:
    if y_true.shape != logits.shape or y_true.ndim != 2:
        raise ConfigError(
            f"logits of shape {logits.shape} must have the shape of y_true, {y_true.shape}"
        )
    if not np.isfinite(logits).all():
        raise ConfigError("logits must be finite numbers; did the training diverge?")


def judge_calibration(
    y_true: NDArray[np.bool_],
    before: NDArray[np.floating[Any]],
    after: NDArray[np.floating[Any]],
    *,
    temperature: float,
) -> Calibration:
    """Compare two sets of scores, without and with a scaling, with the truth.

    Parameters
    ----------
    y_true, before, after : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        Test tracks.
    temperature : float
        That of the scaling between the two.
    """
    for scores in (before, after):
        check_arrays(y_true, scores)
    return Calibration(
        temperature=temperature,
        ece_before=expected_calibration_error(y_true, before),
        ece_after=expected_calibration_error(y_true, after),
        brier_before=brier(y_true, before),
        brier_after=brier(y_true, after),
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
    is_first = np.zeros(len(order), dtype=np.bool_)
    is_first[np.unique(order // gap.shape[1], return_index=True)[1]] = True
    # Equal gaps are accepted together: only the last of a group is a possible margin.
    cuts = np.append(np.flatnonzero(np.diff(margins)), len(margins) - 1)
    return CoverageCurve(
        margin=margins[cuts],
        coverage=np.cumsum(is_first)[cuts] / len(gap),
        precision=hits[cuts] / (cuts + 1),
    )
