"""Who leads, and what stands beside: genre.evaluation.report.leader."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.evaluation.comparison import Comparison, analyse
from genre.evaluation.inputs import PooledRun, RecordedRun, RunFolder, RunPlace, RunRecord
from genre.evaluation.inputs.records import Winner
from genre.evaluation.report.leader import leading, points, primary
from genre.evaluation.report.markdown import number
from tests.report_examples import ALIKE, QUICK

LOGISTIC = "logistic regression"


def test_the_best_stands_first(small_comparison: Comparison) -> None:
    models = primary(small_comparison, "model", "weighted_f1")
    assert set(models["config"]) == set(ALIKE)
    assert models["value"].is_monotonic_decreasing
    assert set(models["seed"]) == {"mean"}
    assert len(primary(small_comparison, "baseline", "macro_ap")) == 4


def rated(
    comparison: Comparison, network: float, baseline: float, *, winner: str = "", svm: bool = False
) -> Comparison:
    """Compare again where validation has said so much of every network, and of the baseline."""
    experiment = comparison.experiment

    def _rated(run: PooledRun, value: float) -> PooledRun:
        return replace(run, val_choice=(value,))

    runs = {
        name: {seed: _rated(run, network) for seed, run in by_seed.items()}
        for name, by_seed in experiment.runs.items()
    }
    name = "svm" if svm else "logistic"
    baselines = {name: _rated(experiment.baselines["logistic"], baseline)}
    known = Winner(run="x", config_name=winner) if winner else None
    described = replace(experiment.description, winner=known)
    return analyse(
        replace(experiment, runs=runs, baselines=baselines, description=described), QUICK
    )


def value_of(comparison: Comparison, name: str) -> float:
    scores = comparison.scores
    rows = scores[(scores["config"] == name) & (scores["metric"] == "macro_ap")]
    return float(
        rows[(rows["level"] == "track") & rows["seed"].isin(["mean", ""])]["value"].iloc[0]
    )


def test_the_first_sentence_names_the_network_and_its_test_score(
    small_comparison: Comparison,
) -> None:
    found = rated(small_comparison, 0.9, 0.5)
    name = next(iter(found.experiment.runs))
    said = leading(found)
    score, other = value_of(found, name), value_of(found, LOGISTIC)
    assert said.startswith(
        f"Chosen on validation among 3, baselines included: {name}, with a test macro AP of "
        f"{number(score)} ("
    )
    (row,) = found.contrasts[found.contrasts["family"] == "baseline"].to_dict("records")
    assert row["contrast"] == f"{name} - {LOGISTIC}"
    assert row["delta"] == pytest.approx(score - other)
    assert (
        f"The best baseline on validation, {LOGISTIC}, scores {number(other)}: "
        f"{points(row['delta'])} points less"
    ) in said
    assert "What may help" not in said


def test_a_baseline_that_leads_is_named_with_what_to_do_next(small_comparison: Comparison) -> None:
    found = rated(small_comparison, 0.5, 0.9, winner="logistic")
    record = RunRecord(finished=True, best_epoch=4, n_epochs=4, config={"architecture": "small"})
    place = RunPlace(configuration="a", seed=0)
    recorded = RecordedRun(place=place, folder=RunFolder(Path("a")), record=record)
    found = replace(found, experiment=replace(found.experiment, records=(recorded,)))
    said = leading(found)
    assert said.startswith(f"Chosen on validation among 3, baselines included: {LOGISTIC}, with")
    assert f"The best network on validation, {next(iter(found.experiment.runs))}, scores " in said
    assert f"The model in best/ is {LOGISTIC}, as a network without layers." in said
    assert "genre backbone add musicnn" in said
    assert "more epochs, as a run was best in its last one" in said
    assert said.endswith("or more tracks.")


def test_what_cannot_be_packed_is_said_with_what_comes_nearest(
    small_comparison: Comparison,
) -> None:
    said = leading(rated(small_comparison, 0.5, 0.9, winner="logistic", svm=True))
    assert "baselines included: support vector machine, with" in said
    assert (
        "Support vector machine cannot be packed as a model: best/ holds logistic regression, "
        "which comes nearest on validation."
    ) in said
    name = next(iter(ALIKE))
    said = leading(rated(small_comparison, 0.5, 0.9, winner=name))
    assert f"The model in best/ is still {name}: genre train again puts it there." in said


def test_who_leads_on_test_is_an_observation(small_comparison: Comparison) -> None:
    behind = rated(small_comparison, 0.5, 0.9)
    ahead = max(ALIKE, key=lambda name: value_of(behind, name))
    assert value_of(behind, ahead) > value_of(behind, LOGISTIC)
    said = leading(behind)
    assert f"On the test tracks {ahead} came first; that is seen afterwards and chooses" in said
    (behind_it,) = {*ALIKE} - {ahead}
    other = leading(rated(small_comparison, 0.9, 0.5, winner=behind_it))
    assert f"tracks {ahead} came first with {number(value_of(behind, ahead))} (" in other
    first = rated(small_comparison, 0.9, 0.5, winner=ahead)
    assert "came first" not in leading(first)


def test_without_validation_nothing_is_chosen(small_comparison: Comparison) -> None:
    nothing = rated(small_comparison, float("nan"), float("nan"))
    said = leading(nothing)
    assert said.startswith("The highest test macro AP is that of ")
    assert said.endswith("validation says nothing.")
    assert "baseline" not in set(nothing.contrasts["family"])


def test_words_for_numbers() -> None:
    assert points(-0.0414) == "4.1"
