"""Whether the interval of one genre covers the truth where few artists have it."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap import (
    Interval,
    Statistic,
    bca_interval,
    class_statistic,
    draw_weights,
    percentile_interval,
    rank_statistic,
    share_interval,
)

N_REPLICATES = 500
TRUTH_TIMES = 400
SKILLS = {"hard": 1.0, "middling": 2.5, "easy": 4.0}
MEASURES = ("AP", "F1")


@dataclass(frozen=True, kw_only=True)
class GenreSetting:
    """A test set seen from one genre.

    Parameters
    ----------
    n_bearing : int
        Artists who have the genre.
    n_artists, tracks_per_artist : int
        The whole test set.
    artist_noise, track_noise : float
        Deviation of what an artist and a track add to the score.
    """

    n_bearing: int
    n_artists: int = 40
    tracks_per_artist: int = 4
    artist_noise: float = 0.8
    track_noise: float = 1.0


def covers(setting: GenreSetting, rng: np.random.Generator) -> dict[str, bool]:
    """Simulate a test set for each skill, and see which intervals miss the truth.

    Parameters
    ----------
    setting : GenreSetting
        The test set.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    dict of str to bool
        Whether an interval misses the truth, by method, measure and skill; and whether the one that
        the report has is given at all, which it must be to miss.
    """
    answers: dict[str, bool] = {}
    weights = draw_weights(setting.n_artists, n_replicates=N_REPLICATES, rng=rng)
    for name, skill in SKILLS.items():
        statistics = _statistics(setting, skill, rng)
        for measure, statistic, true in zip(
            MEASURES, statistics, _truth(setting, skill), strict=True
        ):
            value, replicates = float(statistic.full()[0, 0]), statistic(weights)[:, 0]
            jackknife = statistic.jackknife()[:, 0]
            report = share_interval(value, jackknife, n_bearing=setting.n_bearing)
            of = f"{measure}, {name}"
            answers[f"BCa misses {of}"] = _misses(bca_interval(replicates, value, jackknife), true)
            answers[f"percentile misses {of}"] = _misses(percentile_interval(replicates), true)
            answers[f"logit misses {of}"] = _misses(report, true)
            answers[f"no logit interval of {of}"] = report.method == "none"
    return answers


def _misses(interval: Interval, true: float) -> bool:
    return interval.method != "none" and not interval.low <= true <= interval.high


def _statistics(
    setting: GenreSetting, skill: float, rng: np.random.Generator
) -> tuple[Statistic, Statistic]:
    artist = np.repeat(np.arange(setting.n_artists), setting.tracks_per_artist)
    y_true = (artist < setting.n_bearing)[:, np.newaxis]
    latent = skill * y_true[:, 0] + setting.track_noise * rng.normal(size=len(artist))
    latent += setting.artist_noise * rng.normal(size=setting.n_artists)[artist]
    scores: NDArray[np.float64] = (1 / (1 + np.exp(-latent)))[:, np.newaxis]
    given = latent[:, np.newaxis] > skill / 2
    return (
        rank_statistic(y_true, scores, artist, measure="ap", is_macro=False),
        class_statistic(y_true, given, artist, measure="f1"),
    )


@cache
def _truth(setting: GenreSetting, skill: float) -> tuple[float, float]:
    """Score very many artists, as large a share of whom has the genre."""
    many = replace(
        setting,
        n_artists=TRUTH_TIMES * setting.n_artists,
        n_bearing=TRUTH_TIMES * setting.n_bearing,
    )
    ap, f1 = _statistics(many, skill, np.random.default_rng(0))
    return float(ap.full()[0, 0]), float(f1.full()[0, 0])
