"""Contrasts and what they are worth: formulas by hand, invariants, few data, false positives."""

import itertools
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student_t
from scipy.stats import ttest_rel
from sklearn.metrics import f1_score
from statsmodels.stats.weightstats import ttest_ind

from genre.errors import ConfigError
from genre.evaluation.bootstrap import draw_weights, weighted_f1_statistic
from genre.evaluation.comparison import (
    Comparison,
    ComparisonConfig,
    Contrast,
    analyse,
    pair_contrasts,
    planned_contrasts,
)
from genre.evaluation.comparison.corrections import adjust
from genre.evaluation.comparison.exchange import exchange, exchange_p
from genre.evaluation.comparison.inference import estimate, p_a_beats_b, satterthwaite
from genre.evaluation.comparison.legacy import legacy_curve, legacy_test
from genre.evaluation.comparison.measures import WEIGHTED_F1, Replicated
from genre.evaluation.inputs import PooledRun, load_experiment
from genre.evaluation.metrics import evaluate
from tests.synthetic_experiment import SKILLS, write_experiment

QUICK = ComparisonConfig(n_replicates=400, n_reference_replicates=100)
TWO = {name: SKILLS[name] for name in ("attnTrue_lossbce", "attnFalse_lossbce")}
PAIR = Contrast(side_a=("A",), side_b=("B",))


@pytest.fixture(scope="module")
def several_seeds(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Compare four configurations with two seeds each."""
    folder = write_experiment(tmp_path_factory.mktemp("several"))
    return analyse(load_experiment(folder), QUICK)


@pytest.fixture(scope="module")
def one_seed(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Compare four configurations with one seed each."""
    folder = write_experiment(tmp_path_factory.mktemp("one"), seeds=(0,))
    return analyse(load_experiment(folder), QUICK)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Compare two configurations with one seed each on 12 artists."""
    folder = write_experiment(
        tmp_path_factory.mktemp("small"), skills=TWO, seeds=(0,), n_artists=12, n_windows=2
    )
    return analyse(load_experiment(folder), QUICK)


def make_replicated(value: float, *, spread: float = 0.1, n_clusters: int = 20) -> Replicated:
    rng = np.random.default_rng(0)
    return Replicated(
        value=value,
        replicates=value + spread * rng.normal(size=500),
        jackknife=value + spread * rng.normal(size=n_clusters) / n_clusters,
    )


def line(comparison: Comparison, family: str, contrast: str, metric: str) -> pd.Series:
    table = comparison.contrasts
    chosen = (table["family"] == family) & (table["contrast"] == contrast)
    rows = table[chosen & (table["metric"] == metric)]
    assert len(rows) == 1
    return rows.iloc[0]


# The contrasts


def test_the_planned_contrasts_of_the_design() -> None:
    attention, loss, interaction = planned_contrasts(SKILLS)
    values = {
        "attnTrue_lossbce": 1.0,
        "attnTrue_lossfocal": 10.0,
        "attnFalse_lossbce": 100.0,
        "attnFalse_lossfocal": 1000.0,
    }

    def total(contrast: Contrast) -> float:
        return sum(weight * values[name] for name, weight in contrast.weights.items())

    assert total(attention) == (1 + 10) / 2 - (100 + 1000) / 2
    assert total(loss) == (10 + 1000) / 2 - (1 + 100) / 2
    assert total(interaction) == (10 - 1000) - (1 - 100)


def test_an_incomplete_design_has_no_planned_contrasts() -> None:
    assert planned_contrasts(list(SKILLS)[:3]) == ()


def test_every_pair_stands_once_with_attention_first() -> None:
    pairs = pair_contrasts(SKILLS)
    assert len(pairs) == 6
    assert len({frozenset(pair.weights) for pair in pairs}) == 6
    for pair in pairs:
        assert not (pair.side_a[0].startswith("attnFalse") and "attnTrue" in pair.side_b[0])


# Standard errors, intervals, p-values


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
    total, own_freedom = satterthwaite(0.0, 30, [(np.var(a, ddof=1), 4), (np.var(b, ddof=1), 3)])
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
    quantiles = student_t.ppf([0.975, 0.8], freedom)
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
    assert p_a_beats_b(PAIR, runs) == pytest.approx((0.5 + 0 + 1 + 1) / 4)
    assert np.isnan(p_a_beats_b(PAIR, {name: some[:1] for name, some in runs.items()}))


def test_holm_by_hand_and_without_tests_that_were_not_made() -> None:
    # Sorted: 0.01 x 3, 0.02 x 2, 0.5 x 1.
    corrected = adjust([0.02, np.nan, 0.01, 0.5], method="holm")
    np.testing.assert_allclose(corrected, [0.04, np.nan, 0.03, 0.5])
    np.testing.assert_allclose(adjust([0.02, 0.01], method="fdr_bh"), [0.02, 0.02])
    assert np.isnan(adjust([np.nan], method="holm")).all()


# The reference's test


def test_the_reference_test_is_a_paired_t_test() -> None:
    rng = np.random.default_rng(0)
    replicates = {"A": rng.normal(0.5, 0.1, 50), "B": rng.normal(0.48, 0.1, 50)}
    expected = ttest_rel(replicates["A"], replicates["B"])
    found = legacy_test(PAIR, replicates, n_replicates=50)
    assert found.t == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)


def test_the_reference_p_falls_with_the_replicates() -> None:
    rng = np.random.default_rng(0)
    replicates = {"A": rng.normal(0.51, 0.05, 2000), "B": rng.normal(0.5, 0.05, 2000)}
    curve = legacy_curve([PAIR], replicates)
    assert curve["n_replicates"].iloc[[0, -1]].tolist() == [10, 2000]
    assert curve["p"].iloc[-1] < 1e-6 < curve["p"].iloc[0]


def test_the_reference_test_of_equal_models() -> None:
    same = {"A": np.linspace(0, 1, 20), "B": np.linspace(0, 1, 20)}
    assert legacy_test(PAIR, same, n_replicates=20).p == 1
    shifted = {"A": np.linspace(0, 1, 20) + 0.5, "B": np.linspace(0, 1, 20)}
    assert legacy_test(PAIR, shifted, n_replicates=20).p == 0


# Whole comparisons


def test_a_model_against_itself(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=TWO)
    shutil.rmtree(folder / "attnFalse_lossbce")
    shutil.copytree(folder / "attnTrue_lossbce", folder / "attnFalse_lossbce")
    for seeds in ((0, 1), (0,)):
        if seeds == (0,):
            for name in TWO:
                shutil.rmtree(folder / name / "seed1")
        table = analyse(load_experiment(folder), QUICK).contrasts
        assert (table["delta"] == 0).all()
        # Two trainings of each say little of how alike the configurations are.
        in_rope = table["share_in_rope"]
        assert (in_rope == 1).all() if seeds == (0,) else in_rope.between(0, 1).all()
        np.testing.assert_array_equal(table["p_raw"], 1)
        np.testing.assert_array_equal(table["legacy_p"].dropna(), 1)


def as_run(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> PooledRun:
    nothing = np.zeros(y_true.shape)
    names = np.arange(len(y_true)).astype(str)
    return PooledRun(
        genres=tuple("abcde"),
        track_id=names,
        artist=names,
        y_true=y_true,
        y_score=nothing,
        decisions=decisions,
        window_score=nothing,
        window_track=np.arange(len(y_true)),
        thresholds=nothing,
        train_prior=nothing,
        val_macro_ap=0.0,
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_exchange_test_by_going_through_all_exchanges(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(5), 2)
    y_true = rng.random((10, 5)) < 0.4
    decisions = {name: rng.random((10, 5)) < 0.4 for name in "ABCD"}
    decisions["A"] = np.where(rng.random((10, 5)) < 0.6, y_true, ~y_true)
    swaps = np.array(list(itertools.product([False, True], repeat=5)))

    def f1(values: NDArray[np.bool_]) -> float:
        return float(f1_score(y_true, values, average="weighted", zero_division=0))

    def difference(swap: NDArray[np.bool_]) -> float:
        # Both pairs are exchanged at once.
        rows = swap[cluster][:, np.newaxis]
        return sum(
            f1(np.where(rows, decisions[b], decisions[a]))
            - f1(np.where(rows, decisions[a], decisions[b]))
            for a, b in (("A", "B"), ("C", "D"))
        )

    observed = difference(np.zeros(5, dtype=np.bool_))
    n_as_large = sum(abs(difference(swap)) >= abs(observed) - 1e-12 for swap in swaps)
    runs = {name: as_run(y_true, values) for name, values in decisions.items()}
    sides = [
        exchange(WEIGHTED_F1, runs[a], runs[b], cluster=cluster, swaps=swaps)
        for a, b in (("A", "B"), ("C", "D"))
    ]
    p_value = exchange_p(sides)
    assert p_value == pytest.approx((1 + n_as_large) / 33)


def test_exchanging_the_names_changes_the_sign_alone(one_seed: Comparison) -> None:
    experiment = one_seed.experiment
    runs = {name: by_seed[0] for name, by_seed in experiment.runs.items()}
    a, b = (runs[name] for name in TWO)
    _, cluster = np.unique(experiment.any_run.artist, return_inverse=True)
    swaps = np.random.default_rng(0).random((300, one_seed.n_clusters)) < 0.5
    there, back = (
        exchange(WEIGHTED_F1, *pair, cluster=cluster, swaps=swaps) for pair in ((a, b), (b, a))
    )
    np.testing.assert_array_equal(there.observed, -back.observed)
    assert exchange_p([there]) == exchange_p([back])


def test_values_are_those_of_the_metrics(several_seeds: Comparison) -> None:
    runs = several_seeds.experiment.runs

    def mean(name: str, metric: str) -> float:
        values = [
            evaluate(run.y_true, run.y_score, run.decisions)[metric] for run in runs[name].values()
        ]
        return float(np.mean(values))

    for metric in ("macro_ap", "weighted_f1"):
        row = line(several_seeds, "pairs", "attnTrue_lossbce - attnFalse_lossbce", metric)
        assert row["mean_A"] == pytest.approx(mean("attnTrue_lossbce", metric))
        assert row["mean_B"] == pytest.approx(mean("attnFalse_lossbce", metric))
        assert row["delta"] == pytest.approx(row["mean_A"] - row["mean_B"])
        assert row["relative"] == pytest.approx(row["delta"] / row["mean_B"])
        main = line(several_seeds, "planned", "attention: on - off", metric)
        expected = sum(
            mean(f"attnTrue_loss{loss}", metric) - mean(f"attnFalse_loss{loss}", metric)
            for loss in ("bce", "focal")
        )
        assert main["delta"] == pytest.approx(expected / 2)


def test_families_and_their_corrections(several_seeds: Comparison) -> None:
    table = several_seeds.contrasts
    assert table["family"].value_counts().to_dict() == {"planned": 6, "pairs": 12, "windows": 6}
    for _, rows in table.groupby("family"):
        np.testing.assert_allclose(rows["p_holm"], adjust(rows["p_raw"], method="holm"))
    assert set(table["claim_scope"]) == {"configuration"}
    assert (table["n_units"] == 21).all()
    has_legacy = table["legacy_p"].notna()
    np.testing.assert_array_equal(has_legacy, table["metric"] != "macro_ap")


def test_one_seed_says_checkpoint_and_tests_no_interaction(one_seed: Comparison) -> None:
    table = one_seed.contrasts
    assert set(table["claim_scope"]) == {"checkpoint"}
    untested = table[table["p_raw"].isna()]
    assert len(untested) == 2
    assert untested["contrast"].str.startswith("interaction").all()
    assert (table["ci_method"] == "bca").all()
    assert table["p_A_beats_B"].isna().all()


def test_a_large_effect_is_found_and_an_absent_one_not(several_seeds: Comparison) -> None:
    found = line(several_seeds, "planned", "attention: on - off", "macro_ap")
    assert found["p_holm"] < 0.05
    assert 0 < found["ci_low"] < found["delta"] < found["ci_high"]
    absent = line(several_seeds, "planned", "loss: focal - bce", "macro_ap")
    assert absent["ci_low"] < 0 < absent["ci_high"]


def test_the_seed_decides_the_figures(small: Comparison) -> None:
    again = analyse(small.experiment, QUICK)
    pd.testing.assert_frame_equal(again.contrasts, small.contrasts)
    pd.testing.assert_frame_equal(again.scores, small.scores)
    other_config = ComparisonConfig(n_replicates=400, n_reference_replicates=100, rng_seed=1)
    other = analyse(small.experiment, other_config)
    assert (other.contrasts["ci_low"] != small.contrasts["ci_low"]).any()
    np.testing.assert_array_equal(other.contrasts["delta"], small.contrasts["delta"])


def test_every_option_changes_the_result(small: Comparison) -> None:
    base = small.contrasts
    options = {
        "n_replicates": (500, "ci_low"),
        "n_reference_replicates": (200, "legacy_t"),
        "confidence": (0.8, "ci_low"),
        "rope": (0.1, "share_in_rope"),
    }
    for name, (value, column) in options.items():
        settings = {"n_replicates": 400, "n_reference_replicates": 100, name: value}
        changed = analyse(small.experiment, ComparisonConfig(**settings)).contrasts  # type: ignore[arg-type]
        assert not changed[column].equals(base[column]), name


def test_a_support_vector_machine_is_a_baseline_with_an_interval(small: Comparison) -> None:
    experiment = replace(
        small.experiment,
        baselines=dict.fromkeys(("logistic", "svm"), small.experiment.baselines["logistic"]),
    )
    scores = analyse(experiment, small.config).scores
    ours, theirs = (
        scores[scores["config"] == name].drop(columns="config").reset_index(drop=True)
        for name in ("support vector machine", "logistic regression")
    )
    pd.testing.assert_frame_equal(ours, theirs)
    assert ours["ci_low"].notna().any()


def test_models_and_baselines_stand_in_one_table(several_seeds: Comparison) -> None:
    scores = several_seeds.scores
    assert set(scores.loc[scores["kind"] == "baseline", "config"]) == {
        "logistic regression",
        "every genre always",
        "most frequent genre",
        "random at the prior",
    }
    assert set(scores["level"]) == {"track", "window"}
    primary = scores[scores["metric"] == "weighted_f1"]
    # What does not listen has no interval.
    deaf = primary["config"].isin(
        ["every genre always", "most frequent genre", "random at the prior"]
    )
    assert primary.loc[deaf, "ci_low"].isna().all()
    primary = primary[~deaf]
    inside = primary["value"].between(primary["ci_low"] - 0.05, primary["ci_high"] + 0.05)
    assert inside.all()
    assert primary["ci_low"].between(0, 1).all()
    assert primary["ci_high"].between(0, 1).all()


def test_the_table_of_genres(several_seeds: Comparison) -> None:
    table = several_seeds.per_class
    assert len(table) == 4 * 2 * 7
    for metric in ("precision", "recall", "f1", "ap", "auc"):
        known = table.dropna(subset=[metric])
        assert (known[f"{metric}_low"] <= known[metric] + 1e-9).all()
        assert (known[metric] <= known[f"{metric}_high"] + 1e-9).all()
    effects = several_seeds.per_class_contrasts
    assert len(effects) == 2 * 7
    assert (effects["p_bh"] >= effects["p_raw"]).all()


@pytest.mark.parametrize("skills", [{"one": 2.0}, TWO, {"a": 1.0, "b": 1.5, "c": 2.0}])
@pytest.mark.parametrize("size", [(5, 1), (1, 1), (12, 2)])
@pytest.mark.filterwarnings("error")
def test_few_data_never_crash(
    tmp_path: Path, skills: dict[str, float], size: tuple[int, int]
) -> None:
    folder = write_experiment(
        tmp_path, skills=skills, seeds=(0,), n_artists=size[0], tracks_per_artist=size[1]
    )
    comparison = analyse(load_experiment(folder), ComparisonConfig(n_replicates=100))
    assert len(comparison.contrasts) == {1: 0, 2: 3, 3: 9}[len(skills)]
    assert comparison.few_clusters == (size[0] < 10)


def test_bad_options_are_named() -> None:
    with pytest.raises(ConfigError, match="n_replicates=10 must be at least 100"):
        ComparisonConfig(n_replicates=10)
    with pytest.raises(ConfigError, match=r"confidence=1\.0 must lie between 0 and 1"):
        ComparisonConfig(confidence=1.0)
    with pytest.raises(ConfigError, match=r"rope=-0\.1 must not be negative"):
        ComparisonConfig(rope=-0.1)
    with pytest.raises(ConfigError, match="rng_seed=-1 must not be negative"):
        ComparisonConfig(rng_seed=-1)


# False positives where there is no difference


def exchangeable_runs(
    n_models: int, rng: np.random.Generator, *, seed_spread: float
) -> tuple[NDArray[np.bool_], list[NDArray[np.bool_]], NDArray[np.int64]]:
    """Give truth, decisions of models alike in distribution, and artists: 60 x 3 tracks.

    A run draws how good it is once (`seed_spread`), then errs a little by artist.
    """
    cluster = np.repeat(np.arange(60), 3)
    y_true = np.eye(5, dtype=np.bool_)[cluster % 5]
    hardness = rng.normal(size=(60, 5))[cluster]
    decisions = []
    for _ in range(n_models):
        skill = 1.6 + seed_spread * rng.normal()
        logits = skill * (y_true - 0.5) + 0.8 * hardness
        logits = logits + 0.2 * rng.normal(size=(60, 5))[cluster]
        decisions.append(logits + 0.2 * rng.normal(size=y_true.shape) > 0.1)
    return y_true, decisions, cluster


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


@pytest.mark.slow
def test_checkpoints_that_do_not_differ_are_told_apart_in_one_of_twenty() -> None:
    rng = np.random.default_rng(1)
    n_trials = 600
    found = legacy = 0
    for _ in range(n_trials):
        y_true, (a, b), cluster = exchangeable_runs(2, rng, seed_spread=0.0)
        swaps = rng.random((400, 60)) < 0.5
        runs = {"A": as_run(y_true, a), "B": as_run(y_true, b)}
        p_value = exchange_p(
            [exchange(WEIGHTED_F1, runs["A"], runs["B"], cluster=cluster, swaps=swaps)]
        )
        found += p_value <= 0.05
        weights = draw_weights(len(cluster), n_replicates=400, rng=rng)
        rows = np.arange(len(cluster))
        replicates = {
            name: weighted_f1_statistic(y_true, one, rows)(weights)
            for name, one in (("A", a), ("B", b))
        }
        legacy += legacy_test(PAIR, replicates, n_replicates=400).p < 0.05
    assert 0.02 <= found / n_trials <= 0.08
    # The reference's test finds a difference nearly always where there is none.
    assert legacy / n_trials > 0.8
