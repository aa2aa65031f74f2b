"""What is asked of every simulated test set: which procedures would have claimed a difference.

The procedures are those of `genre.evaluation.comparison` itself, called on simulated decisions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from error_rates.one_genre import GenreSetting, covers
from error_rates.simulation import Setting, Simulated, simulate
from genre.evaluation.bootstrap import (
    CountStatistic,
    bca_interval,
    draw_weights,
    f1_statistic,
    percentile_interval,
    weighted_f1_statistic,
)
from genre.evaluation.bootstrap.counting import Average
from genre.evaluation.comparison.contrasts import Contrast
from genre.evaluation.comparison.inference import estimate
from genre.evaluation.comparison.legacy import legacy_test
from genre.evaluation.comparison.measures import Replicated
from genre.evaluation.comparison.results import ComparisonConfig

ALPHA = 0.05
N_REPLICATES = 1000
PAIR = Contrast(side_a=("A",), side_b=("B",))
CONFIG = ComparisonConfig(n_replicates=N_REPLICATES)
TRUTH_ARTISTS = 40_000
WHICH_ONE: Mapping[str, Average] = {"accuracy": "accuracy", "macro F1": "macro"}
POWER_EFFECT = 0.2
"""Added to the skill of A where a real difference is to be found."""


@dataclass(frozen=True, kw_only=True)
class Study:
    """One simulation and what is asked of it.

    Parameters
    ----------
    setting : Setting or GenreSetting
        The test set and the noise, as `ask` takes it.
    ask : callable
        From the setting and a source of chance to yes-or-no answers by name.
    nominal : mapping of str to float
        The rate that a procedure promises, where it promises one.
    """

    setting: Any
    ask: Callable[[Any, np.random.Generator], dict[str, bool]]
    nominal: Mapping[str, float]


def one_repeat(name: str, repeat: int, *, rng_seed: int) -> dict[str, bool]:
    """Simulate one test set of a study; the same numbers give the same answers anywhere."""
    study = STUDIES[name]
    rng = np.random.default_rng([rng_seed, list(STUDIES).index(name), repeat])
    return study.ask(study.setting, rng)


def _units(setting: Setting, rng: np.random.Generator) -> dict[str, bool]:
    """Compare two exchangeable checkpoints by resampling windows, tracks or artists."""
    data = simulate(setting, rng, effects=(0.0, 0.0), n_seeds=1)
    answers = {}
    for unit, cluster in (
        ("window", np.arange(len(data.track))),
        ("track", data.track),
        ("artist", data.artist),
    ):
        weights = draw_weights(int(cluster.max()) + 1, n_replicates=N_REPLICATES, rng=rng)
        values = {
            name: weighted_f1_statistic(data.y_true, runs[0], cluster)(weights)
            for name, runs in zip("AB", data.decisions, strict=True)
        }
        legacy = legacy_test(PAIR, values, n_replicates=N_REPLICATES)
        answers[f"{unit}: paired t over replicates"] = legacy.p < ALPHA
        answers[f"{unit}: paired bootstrap"] = _leaves_out_zero(values["A"] - values["B"])
    return answers


def _configurations(
    setting: Setting, rng: np.random.Generator, *, n_seeds: int = 5
) -> dict[str, bool]:
    """Compare configurations that do not differ, from some seeds of each."""
    runs = _replicated(simulate(setting, rng, effects=(0.0, 0.0), n_seeds=n_seeds), rng)
    values = {name: np.array([run.replicates for run in some]) for name, some in runs.items()}
    found = estimate(PAIR.weights, runs, CONFIG)
    means = {name: some.mean(axis=0) for name, some in values.items()}
    return {
        "one seed, artist bootstrap": _leaves_out_zero(values["A"][0] - values["B"][0]),
        f"mean of {n_seeds} seeds, artist bootstrap": _leaves_out_zero(means["A"] - means["B"]),
        f"{n_seeds} seeds, hierarchical percentile": _leaves_out_zero(
            _with_drawn_seeds(values["A"], rng) - _with_drawn_seeds(values["B"], rng)
        ),
        f"{n_seeds} seeds, combined standard error": found.p_value < ALPHA,
        f"{n_seeds} seeds, run-by-artist noise twice": found.p_noise_twice < ALPHA,
    }


def _which_one(setting: Setting, rng: np.random.Generator) -> dict[str, bool]:
    """Compare configurations that do not differ by what is asked of exclusive genres."""
    data = simulate(setting, rng, effects=(0.0, 0.0), n_seeds=5)
    answers = {}
    for name, average in WHICH_ONE.items():
        runs = _replicated(data, rng, average)
        single = runs["A"][0].replicates - runs["B"][0].replicates
        found = estimate(PAIR.weights, runs, CONFIG)
        answers[f"{name}: one seed, artist bootstrap"] = _leaves_out_zero(single)
        answers[f"{name}: 5 seeds, combined standard error"] = found.p_value < ALPHA
        answers[f"{name}: 5 seeds, run-by-artist noise twice"] = found.p_noise_twice < ALPHA
    return answers


def _power(setting: Setting, rng: np.random.Generator) -> dict[str, bool]:
    """Look for a real difference between configurations, five seeds each."""
    runs = _replicated(simulate(setting, rng, effects=(POWER_EFFECT, 0.0), n_seeds=5), rng)
    found = estimate(PAIR.weights, runs, CONFIG)
    true_difference = true_delta(setting, POWER_EFFECT)
    return {
        "combined standard error finds it": found.p_value < ALPHA and found.value > 0,
        "noise counted twice finds it": found.p_noise_twice < ALPHA and found.value > 0,
        "t interval covers it": found.interval.low <= true_difference <= found.interval.high,
    }


def _coverage(setting: Setting, rng: np.random.Generator) -> dict[str, bool]:
    """See whether intervals cover the truth: of one checkpoint, and of two that differ."""
    data = simulate(setting, rng, effects=(POWER_EFFECT, 0.0), n_seeds=1)
    runs = _replicated(data, rng)
    a, b = runs["A"][0], runs["B"][0]
    truth = _population(setting, POWER_EFFECT)
    answers = {}
    for name, value, replicates, jackknife, true_value in (
        ("score", a.value, a.replicates, a.jackknife, truth[0]),
        (
            "difference",
            a.value - b.value,
            a.replicates - b.replicates,
            a.jackknife - b.jackknife,
            truth[0] - truth[1],
        ),
    ):
        bca = bca_interval(replicates, value, jackknife)
        plain = percentile_interval(replicates)
        answers[f"BCa covers the {name}"] = bca.low <= true_value <= bca.high
        answers[f"percentile covers the {name}"] = plain.low <= true_value <= plain.high
    return answers


def true_delta(setting: Setting, effect: float) -> float:
    """Give the difference in weighted F1 that an effect on the skill makes over all artists."""
    first, second = _population(setting, effect)
    return first - second


@cache
def _population(setting: Setting, effect: float) -> tuple[float, float]:
    """Score both configurations on very many artists, averaging over seeds."""
    rng = np.random.default_rng(0)
    n_seeds = 10 if setting.seed_spread else 1
    many = replace(setting, n_artists=TRUTH_ARTISTS // n_seeds)
    first, second = [], []
    for _ in range(n_seeds):
        data = simulate(many, rng, effects=(effect, 0.0), n_seeds=n_seeds)
        means = [np.mean([s.full()[0] for s in _statistics(data, k)]) for k in (0, 1)]
        first.append(means[0])
        second.append(means[1])
    return float(np.mean(first)), float(np.mean(second))


def _statistics(
    data: Simulated, configuration: int, average: Average = "weighted"
) -> list[CountStatistic]:
    return [
        f1_statistic(data.y_true, run, data.artist, average=average)
        for run in data.decisions[configuration]
    ]


def _replicated(
    data: Simulated, rng: np.random.Generator, average: Average = "weighted"
) -> dict[str, list[Replicated]]:
    weights = draw_weights(int(data.artist.max()) + 1, n_replicates=N_REPLICATES, rng=rng)
    return {
        name: [
            Replicated(
                value=float(statistic.full()[0]),
                replicates=statistic(weights),
                jackknife=statistic.jackknife(),
            )
            for statistic in _statistics(data, configuration, average)
        ]
        for configuration, name in enumerate("AB")
    }


def _with_drawn_seeds(values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Average seeds drawn anew in each replicate: (n_seeds, n_replicates) to (n_replicates,)."""
    n_seeds, n_replicates = values.shape
    drawn = rng.integers(n_seeds, size=(n_seeds, n_replicates))
    return np.asarray(values[drawn, np.arange(n_replicates)].mean(axis=0))


def _leaves_out_zero(differences: NDArray[np.float64]) -> bool:
    interval = percentile_interval(differences)
    return not interval.low <= 0 <= interval.high


SEEDS_DIFFER = Setting(seed_spread=0.3, configuration_noise=0.25, artist_noise=0.3, track_noise=0.4)
SOME_OF_BOTH = Setting(seed_spread=0.1, artist_noise=0.6)
NOMINAL_WHICH_ONE = {f"{name}: 5 seeds, combined standard error": ALPHA for name in WHICH_ONE}
STUDIES: Mapping[str, Study] = {
    "units": Study(
        setting=Setting(
            n_artists=100,
            windows_per_track=14,
            artist_noise=0.3,
            track_noise=0.8,
            window_noise=0.3,
        ),
        ask=_units,
        nominal={"artist: paired bootstrap": ALPHA},
    ),
    "seeds differ": Study(
        setting=SEEDS_DIFFER,
        ask=_configurations,
        nominal={"5 seeds, combined standard error": ALPHA},
    ),
    "runs differ by artist": Study(
        setting=Setting(artist_noise=1.0),
        ask=_configurations,
        nominal={"5 seeds, combined standard error": ALPHA},
    ),
    "power": Study(setting=SOME_OF_BOTH, ask=_power, nominal={}),
    "coverage": Study(
        setting=Setting(artist_noise=0.6),
        ask=_coverage,
        nominal={"BCa covers the score": 1 - ALPHA, "BCa covers the difference": 1 - ALPHA},
    ),
    "power by artist": Study(setting=Setting(artist_noise=1.0), ask=_power, nominal={}),
    "two seeds": Study(setting=SOME_OF_BOTH, ask=partial(_configurations, n_seeds=2), nominal={}),
    "which one, seeds differ": Study(
        setting=replace(SEEDS_DIFFER, is_exclusive=True), ask=_which_one, nominal=NOMINAL_WHICH_ONE
    ),
    "which one, by artist": Study(
        setting=Setting(artist_noise=1.0, is_exclusive=True),
        ask=_which_one,
        nominal=NOMINAL_WHICH_ONE,
    ),
    **{
        f"one genre of {n_bearing} artist{'s' * (n_bearing > 1)}": Study(
            setting=GenreSetting(n_bearing=n_bearing), ask=covers, nominal={}
        )
        for n_bearing in (1, 2, 3, 5, 10, 20)
    },
}
"""What is resampled, which errors count, whether intervals cover, and what is found."""
