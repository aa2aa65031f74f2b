"""Whole comparisons, of experiments and of arrays: invariants, few data, awkward data."""

import doctest
import inspect
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import genre.evaluation
from genre.evaluation import compare
from genre.evaluation.comparison import (
    Comparison,
    ComparisonConfig,
    analyse,
    analysis,
)
from genre.evaluation.comparison.choice import chosen
from genre.evaluation.comparison.inference import adjust
from genre.evaluation.inputs import NO_ARTISTS, load_experiment
from genre.evaluation.inputs.arrays import NO_THRESHOLDS
from genre.evaluation.metrics import evaluate
from genre.evaluation.report.document import markdown_report
from tests.comparison_examples import QUICK, TWO, line
from tests.score_tables import make_scores, make_truth
from tests.synthetic_experiment import write_experiment


def test_a_model_against_itself(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=TWO)
    shutil.rmtree(folder / "attnFalse_lossbce")
    shutil.copytree(folder / "attnTrue_lossbce", folder / "attnFalse_lossbce")
    for seeds in ((0, 1), (0,)):
        if seeds == (0,):
            for name in TWO:
                shutil.rmtree(folder / name / "seed1")
        table = analyse(load_experiment(folder), QUICK).contrasts
        table = table[table["family"] != "baseline"]
        assert (table["delta"] == 0).all()
        # Two trainings of each say little of how alike the configurations are.
        in_rope = table["share_in_rope"]
        assert (in_rope == 1).all() if seeds == (0,) else in_rope.between(0, 1).all()
        np.testing.assert_array_equal(table["p_raw"], 1)
        np.testing.assert_array_equal(table["legacy_p"].dropna(), 1)


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
    assert table["family"].value_counts().to_dict() == {
        "planned": 6,
        "pairs": 12,
        "baseline": 1,
        "windows": 6,
    }
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
        setting: dict[str, Any] = {name: value}
        changed = analyse(small.experiment, replace(QUICK, **setting)).contrasts
        assert not changed[column].equals(base[column]), name


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
    # Of each pair, and of what is planned, two metrics; of each pair its windows too; and the test
    # of network and baseline.
    assert len(comparison.contrasts) == {1: 1, 2: 2 + 3 + 1, 3: 9 + 1}[len(skills)]
    assert comparison.few_clusters == (size[0] < 10)


def test_arrays_are_compared_by_artist() -> None:
    artist, y_true = make_truth()
    scores = {
        name: make_scores(y_true, skill=s, rng_seed=1) for name, s in (("a", 0.5), ("b", 0.1))
    }
    found = compare(y_true, scores, artist=artist, thresholds=0.5, config=QUICK)
    assert found.n_clusters == 24
    table = found.contrasts.set_index("metric")
    for metric in ("macro_ap", "weighted_f1"):
        values = [evaluate(y_true, one, one >= 0.5)[metric] for one in scores.values()]
        assert table.loc[metric, "delta"] == pytest.approx(values[1] - values[0])
    assert set(table["unit"]) == {"artist"}


def test_the_same_arrays_give_the_same_figures() -> None:
    _, y_true = make_truth()
    scores = {"a": make_scores(y_true, skill=0.3, rng_seed=1), "b": y_true * 0.5}
    first, again = (compare(y_true, scores, config=QUICK) for _ in range(2))
    pd.testing.assert_frame_equal(first.contrasts, again.contrasts)


def test_without_thresholds_nothing_is_decided() -> None:
    artist, y_true = make_truth()
    scores = {"a": make_scores(y_true, skill=0.3, rng_seed=1), "b": y_true * 0.5}
    found = compare(y_true, scores, artist=artist, config=QUICK)
    assert set(found.contrasts["metric"]) == {"macro_ap"}
    assert not set(found.scores["metric"]) & {"weighted_f1", "macro_precision", "subset_accuracy"}
    assert {"brier", "macro_auc", "lrap"} <= set(found.scores["metric"])
    assert not {"f1", "threshold", "TP"} & set(found.per_class.columns)
    report = markdown_report(found, {})
    assert NO_THRESHOLDS in report
    assert "F1" not in report.replace(NO_THRESHOLDS, "").partition("## How it was computed")[0]


def test_without_artists_tracks_are_resampled_and_it_is_said_what_that_costs() -> None:
    _, y_true = make_truth()
    found = compare(y_true, {"a": y_true * 0.5, "b": 1 - y_true * 0.5}, config=QUICK)
    assert (found.n_clusters, found.unit) == (72, "track")
    assert set(found.contrasts["unit"]) == {"track"}
    report = markdown_report(found, {"densities_macro_ap": Path()})
    assert NO_ARTISTS in report
    assert "artist" not in report.replace(NO_ARTISTS, "")


def test_seeds_are_the_first_axis() -> None:
    artist, y_true = make_truth()
    seeds = np.stack([make_scores(y_true, skill=0.4, rng_seed=k) for k in range(3)])
    found = compare(y_true, {"a": seeds, "b": seeds[::-1]}, artist=artist, config=QUICK)
    row = found.contrasts.iloc[0]
    assert (row["n_seeds"], row["claim_scope"]) == (3, "configuration")
    assert row["delta"] == pytest.approx(0)


def test_the_example_in_the_docstring_holds() -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(analysis.compare, "compare", globs={})
    results = doctest.DocTestRunner().run(example)
    assert (results.failed, results.attempted) == (0, 10)


def test_the_room_has_nothing_else_to_call() -> None:
    with pytest.raises(AttributeError, match="compared"):
        genre.evaluation.compared  # noqa: B018 - asked for on purpose


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("thresholds", [None, 0.5])
@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("no positives", "Nothing can be compared. No genre"),
        ("one class all positive", "1 of 3 genres are on every test track .* AUC: genre 0"),
        ("a class without positives", "left out of macro AP, F1 and AUC: genre 1"),
        ("ties", "No difference was found"),
        ("rows without labels", "9 of 36 test tracks have none of the genres"),
        ("one artist", "cannot be said from this test. It has 1 artist;"),
        ("more genres than tracks", "left out of macro AP"),
    ],
)
def test_awkward_test_sets_have_an_answer(case: str, says: str, thresholds: float | None) -> None:
    rng = np.random.default_rng(0)
    y_true = np.eye(3, dtype=np.bool_)[np.arange(36) % 3]
    artist = np.arange(36) // 2
    if case == "no positives":
        y_true[:] = False
    elif case == "one class all positive":
        y_true[:, 0] = True
    elif case == "a class without positives":
        y_true[:, 1] = False
    elif case == "rows without labels":
        y_true[::4] = False
    elif case == "one artist":
        artist = np.zeros(36, dtype=np.int64)
    elif case == "more genres than tracks":
        y_true = np.eye(36, 60, dtype=np.bool_)
    scores = {name: rng.random(y_true.shape) for name in "ab"}
    if case == "ties":
        scores = {name: np.full(y_true.shape, 0.5) for name in "ab"}
    found = compare(y_true, scores, artist=artist, thresholds=thresholds, config=QUICK)
    text = markdown_report(found, {})
    assert pd.Series([text]).str.contains(says).all(), text[:1500]
    known = found.contrasts["p_raw"].dropna()
    assert known.between(0, 1).all()


def test_the_best_network_is_held_against_the_best_baseline_once(
    several_seeds: Comparison,
) -> None:
    table = several_seeds.contrasts
    (row,) = table[table["family"] == "baseline"].to_dict("records")
    best = chosen(several_seeds.experiment)
    assert best is not None
    assert row["contrast"] == f"{best.network} - logistic regression"
    assert (row["metric"], row["claim_scope"], row["n_seeds"]) == ("macro_ap", "configuration", 2)
    assert row["p_holm"] == row["p_raw"]
    scores = several_seeds.scores
    values = scores[(scores["metric"] == "macro_ap") & (scores["level"] == "track")]
    mean = values[(values["config"] == best.network) & (values["seed"] == "mean")]["value"].iloc[0]
    baseline = values[values["config"] == "logistic regression"]["value"].iloc[0]
    assert row["delta"] == pytest.approx(mean - baseline)


def test_a_comparison_shows_itself_in_a_line(several_seeds: Comparison) -> None:
    best = chosen(several_seeds.experiment)
    assert best is not None
    said = repr(several_seeds)
    assert said.startswith("Comparison(attnFalse_lossbce, attnFalse_lossfocal, attnTrue_lossbce, ")
    assert said.endswith(f"macro_ap, weighted_f1; {best.name} chosen on validation)")
    assert "\n" not in said


def test_the_signature_names_its_types() -> None:
    text = str(inspect.signature(compare))
    assert len(text) < 500
    assert "ArrayLike" in text
    assert "Buffer" not in text
