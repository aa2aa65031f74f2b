"""Standard errors, intervals, p-values: formulas by hand, and false positives."""

import numpy as np
import pytest
from scipy.stats import t as student_t
from statsmodels.stats.weightstats import ttest_ind

from genre.evaluation import compare
from genre.evaluation.bootstrap import draw_weights, weighted_f1_statistic
from genre.evaluation.comparison.inference import adjust, estimate, p_a_beats_b, satterthwaite
from genre.evaluation.comparison.measures import Replicated
from tests.comparison_examples import PAIR, QUICK, exchangeable_runs, make_replicated


def test_holm_by_hand_and_without_tests_that_were_not_made() -> None:
    # Sorted: 0.01 x 3, 0.02 x 2, 0.5 x 1.
    corrected = adjust([0.02, np.nan, 0.01, 0.5], method="holm")
    np.testing.assert_allclose(corrected, [0.04, np.nan, 0.03, 0.5])
    np.testing.assert_allclose(adjust([0.02, 0.01], method="fdr_bh"), [0.02, 0.02])
    assert np.isnan(adjust([np.nan], method="holm")).all()


def test_satterthwaite_by_hand() -> None:
    # Artists: 0.04 with 9 degrees of freedom; two arms of 4 seeds: 0.08 / 4 = 0.02 each with 3.
    total, freedom = satterthwaite(0.04, 10, [(0.08, 4), (0.08, 4)])
    assert total == pytest.approx(np.sqrt(0.08))
    assert freedom == pytest.approx(0.08**2 / (0.04**2 / 9 + 2 * 0.02**2 / 3))


def test_satterthwaite_without_any_spread() -> None:
    assert satterthwaite(0.0, 10, []) == (0.0, 9.0)


def test_without_chance_in_artists_it_is_the_test_of_welch() -> None:
    a, b = [0.61, 0.64, 0.58, 0.66], [0.55, 0.60, 0.52]
    runs = {
        name: [
            Replicated(value=v, replicates=np.full(500, v), jackknife=np.full(30, v))
            for v in values
        ]
        for name, values in (("A", a), ("B", b))
    }
    found = estimate(PAIR.weights, runs, QUICK)
    _, p_value, freedom = ttest_ind(a, b, usevar="unequal")
    assert found.p_value == pytest.approx(p_value)
    total, own_freedom = satterthwaite(
        0.0, 30, [(float(np.var(a, ddof=1)), 4), (float(np.var(b, ddof=1)), 3)]
    )
    assert own_freedom == pytest.approx(freedom)
    assert total == pytest.approx(found.se_seed)


def test_seeds_that_differ_widen_the_interval() -> None:
    weights = PAIR.weights
    steady = {"A": [make_replicated(0.6)] * 3, "B": [make_replicated(0.5)] * 3}
    shaky = {name: [make_replicated(0.5 + x) for x in (-0.1, 0, 0.1)] for name in "AB"}
    assert estimate(weights, steady, QUICK).se_seed == pytest.approx(0, abs=1e-9)
    found = estimate(weights, shaky, QUICK)
    # s = 0.1 in both arms of 3 seeds.
    assert found.se_seed == pytest.approx(np.sqrt(2 * 0.1**2 / 3))
    assert found.interval.method == "t"
    assert found.interval.high == pytest.approx(-found.interval.low)


def test_noise_of_runs_by_artist_is_counted_once() -> None:
    rng = np.random.default_rng(0)
    # Replicates of each seed: noise of its own, and noise that the seeds of a configuration share.
    own, shared = rng.normal(size=(4, 500)) / 10, rng.normal(size=(2, 500)) / 10
    seeds = {"A": (0.5, 0.7), "B": (0.4, 0.6)}
    runs = {
        name: [
            Replicated(value=value, replicates=value + one + shared[k], jackknife=np.zeros(30))
            for value, one in zip(seeds[name], own[2 * k : 2 * k + 2], strict=True)
        ]
        for k, name in enumerate("AB")
    }
    found = estimate(PAIR.weights, runs, QUICK)
    means = own[:2].mean(axis=0) + shared[0] - own[2:].mean(axis=0) - shared[1]
    over_artists = np.var(means, ddof=1)
    # What two seeds of a configuration differ by varies by twice the noise of one; their mean
    # holds half of the noise of one: a quarter of that variance.
    of_runs = (np.var(own[0] - own[1], ddof=1) + np.var(own[2] - own[3], ddof=1)) / 4
    over_seeds = 0.02 / 2  # the variance of 0.5 and 0.7, divided by 2 seeds, in each arm
    once = over_artists - of_runs
    assert found.se_test == pytest.approx(np.sqrt(over_artists))
    assert found.se_seed == pytest.approx(np.sqrt(2 * over_seeds))
    assert found.se == pytest.approx(np.sqrt(once + 2 * over_seeds))
    freedom = (once + 2 * over_seeds) ** 2 / (once**2 / 29 + 2 * over_seeds**2 / 1)
    assert found.p_value == pytest.approx(2 * student_t.sf(0.1 / found.se, freedom))
    assert found.interval.high == pytest.approx(0.1 + found.se * student_t.ppf(0.975, freedom))
    quantiles = np.asarray(student_t.ppf([0.975, 0.8], freedom))
    assert found.detectable == pytest.approx(found.se * quantiles.sum())
    # Beside it the plain sum of both variances.
    assert found.se_noise_twice == pytest.approx(np.sqrt(over_artists + 2 * over_seeds))
    more = (over_artists + 2 * over_seeds) ** 2 / (over_artists**2 / 29 + 2 * over_seeds**2)
    assert found.p_noise_twice == pytest.approx(2 * student_t.sf(0.1 / found.se_noise_twice, more))


def test_noise_that_all_seeds_share_is_counted_once_already() -> None:
    runs = {name: [make_replicated(value) for value in (0.4, 0.6)] for name in "AB"}
    runs["B"] = [make_replicated(value, spread=0.3) for value in (0.4, 0.6)]
    found = estimate(PAIR.weights, runs, QUICK)
    assert found.se == pytest.approx(np.hypot(found.se_test, found.se_seed))
    assert found.se_noise_twice == pytest.approx(found.se)
    assert found.p_noise_twice == pytest.approx(found.p_value)


def test_seeds_that_score_the_same_by_chance_are_no_proof() -> None:
    noise = np.random.default_rng(0).normal(size=(4, 500)) / 10
    runs = {
        name: [
            Replicated(value=value, replicates=value + own, jackknife=np.zeros(30))
            for own in noise[rows]
        ]
        for name, value, rows in (("A", 0.51, slice(0, 2)), ("B", 0.5, slice(2, 4)))
    }
    found = estimate(PAIR.weights, runs, QUICK)
    assert found.se_seed == 0
    assert found.se == found.se_test > 0.05
    assert found.p_value > 0.5


def test_one_seed_anywhere_makes_a_checkpoint_comparison() -> None:
    runs = {"A": [make_replicated(0.6), make_replicated(0.9)], "B": [make_replicated(0.5)]}
    found = estimate(PAIR.weights, runs, QUICK)
    assert found.n_seeds == 1
    assert found.value == pytest.approx(0.1)
    assert np.isnan(found.p_value)
    assert np.isnan([found.se_seed, found.se_noise_twice, found.p_noise_twice]).all()
    assert found.se == found.se_test


@pytest.mark.parametrize("n_seeds", [1, 3])
def test_few_clusters_get_a_plain_percentile_interval(n_seeds: int) -> None:
    runs = {"A": [make_replicated(0.6, n_clusters=9)] * n_seeds}
    found = estimate({"A": 1.0}, runs, QUICK)
    assert found.interval == found.percentile
    more = estimate({"A": 1.0}, {"A": [make_replicated(0.6, n_clusters=10)] * n_seeds}, QUICK)
    assert more.interval.method == ("bca" if n_seeds == 1 else "t")


def test_a_beats_b_counts_pairs_of_seeds() -> None:
    runs = {
        "A": [make_replicated(value) for value in (0.5, 0.7)],
        "B": [make_replicated(value) for value in (0.5, 0.6)],
    }
    # 0.5 ties 0.5 and loses to 0.6; 0.7 beats both.
    assert p_a_beats_b(PAIR, runs, n_seeds=2) == pytest.approx((0.5 + 0 + 1 + 1) / 4)
    assert np.isnan(p_a_beats_b(PAIR, runs, n_seeds=1))


def test_a_baseline_has_no_seeds_and_adds_none_to_the_error() -> None:
    trained = [make_replicated(value) for value in (0.6, 0.7, 0.8)]
    runs = {"A": trained, "B": [make_replicated(0.5)]}
    found = estimate(PAIR.weights, runs, QUICK, fixed={"B"})
    assert found.n_seeds == 3
    assert found.value == pytest.approx(0.2)
    # s^2 / S of the configuration alone
    assert found.se_seed == pytest.approx(0.1 / np.sqrt(3))
    assert 0 < found.p_value < 1
    again = estimate(PAIR.weights, {**runs, "B": runs["B"] * 3}, QUICK)
    assert found.se == pytest.approx(again.se)


@pytest.mark.slow
def test_configurations_that_do_not_differ_are_called_different_in_one_of_twenty() -> None:
    rng = np.random.default_rng(0)
    n_trials, n_seeds = 600, 5
    found = naive = 0
    for _ in range(n_trials):
        y_true, decisions, cluster = exchangeable_runs(2 * n_seeds, rng, seed_spread=0.5)
        weights = draw_weights(60, n_replicates=400, rng=rng)
        statistics = [weighted_f1_statistic(y_true, one, cluster) for one in decisions]
        runs = [
            Replicated(
                value=float(statistic(np.ones((1, 60)))[0]),
                replicates=statistic(weights),
                jackknife=statistic(1 - np.eye(60)),
            )
            for statistic in statistics
        ]
        result = estimate(PAIR.weights, {"A": runs[:n_seeds], "B": runs[n_seeds:]}, QUICK)
        found += result.p_value < 0.05
        naive += not result.percentile.low <= 0 <= result.percentile.high
    # Nominal 5 %; three binomial standard errors of 600 trials are 2.7 points. Where runs differ by
    # artist more than as a whole the rate is lower: both variances count that noise.
    assert 0.02 <= found / n_trials <= 0.08
    # Without the variance of the seeds the same data would mislead far more often.
    assert naive / n_trials > 0.15


def test_nothing_is_called_equal_whose_seeds_say_nothing() -> None:
    rng = np.random.default_rng(0)
    y_true = rng.random((400, 3)) < 0.3

    def scores(*strengths: float) -> np.ndarray:
        made = [strength * y_true + rng.normal(size=y_true.shape) for strength in strengths]
        return np.asarray(1 / (1 + np.exp(-np.array(made))))

    def share(**models: np.ndarray) -> float:
        rows = compare(y_true, models, config=QUICK).contrasts
        return float(rows.loc[rows["metric"] == "macro_ap", "share_in_rope"].iloc[0])

    # Means alike, and each training far from the next.
    assert share(a=scores(0.2, 3.0), b=scores(3.0, 0.2)) < 0.1
    alike = scores(3.0)[0]
    assert share(a=np.array([alike, alike]), b=np.array([alike, alike])) == 1
