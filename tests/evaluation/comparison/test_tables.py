"""The table of scores: models and baselines, per track and per window."""

from dataclasses import replace

import pandas as pd
import pytest

from genre.evaluation.comparison import Comparison, analyse
from genre.evaluation.comparison.tables import N_RANDOM_DRAWS, evaluate_levels
from genre.evaluation.metrics import evaluate


def test_a_support_vector_machine_is_a_baseline_with_an_interval(small: Comparison) -> None:
    logistic = small.experiment.baselines["logistic"]
    baselines = {"logistic": logistic, "svm": logistic, "a_forest": logistic}
    scores = analyse(replace(small.experiment, baselines=baselines), small.config).scores
    # The known ones by their words, any other by its name; in the order of the experiment.
    assert list(dict.fromkeys(scores.loc[scores["kind"] == "baseline", "config"]))[:3] == [
        "logistic regression",
        "support vector machine",
        "a_forest",
    ]
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


def test_a_run_is_judged_per_track_and_per_window_at_a_half(small: Comparison) -> None:
    run = small.experiment.any_run
    found = evaluate_levels(run)
    tracks = evaluate(run.y_true, run.y_score, run.decisions)
    windows = evaluate(run.y_true[run.window_track], run.window_score, run.window_score >= 0.5)
    assert {name: found["track", name] for name in tracks} == pytest.approx(tracks, nan_ok=True)
    assert {name: found["window", name] for name in windows} == pytest.approx(windows, nan_ok=True)
    assert len(found) == len(tracks) + len(windows)
    none = replace(run, window_track=run.window_track[:0], window_score=run.window_score[:0])
    assert {level for level, _ in evaluate_levels(none)} == {"track"}


def test_the_mean_is_over_seeds_and_an_interval_stays_between_0_and_1(
    several_seeds: Comparison,
) -> None:
    scores = several_seeds.scores
    own = scores[(scores["config"] == "attnTrue_lossbce") & (scores["metric"] == "macro_auc")]
    by_seed = own[own["level"] == "track"].set_index("seed")["value"]
    assert by_seed["mean"] == pytest.approx((by_seed["0"] + by_seed["1"]) / 2)
    chance = scores[(scores["config"] == "random at the prior") & (scores["level"] == "track")]
    assert N_RANDOM_DRAWS == 20
    # Of random answers half the pairs are in order; 20 draws of 63 tracks lie within 0.05 of it.
    auc = chance.loc[chance["metric"] == "macro_auc", "value"].iloc[0]
    assert auc == pytest.approx(0.5, abs=0.05)
