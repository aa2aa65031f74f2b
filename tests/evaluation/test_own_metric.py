"""A metric that is registered, and nothing else, is in records, tables and the report."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.evaluation import compare
from genre.evaluation.comparison.analysis import analyse
from genre.evaluation.comparison.results import ComparisonConfig
from genre.evaluation.inputs import load_experiment
from genre.evaluation.metrics import METRICS, Metric, evaluate
from genre.evaluation.report.document import markdown_report
from genre.evaluation.scores import load_scores
from genre.experiment.judging import measure
from tests.synthetic_experiment import write_experiment

CONFIG = ComparisonConfig(n_replicates=100, n_reference_replicates=100)


def mean_score(y_true: NDArray[np.bool_], y_score: NDArray[np.float64]) -> float:
    return float(y_score[y_true].mean()) if y_true.any() else float("nan")


def share_assigned(_y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> float:
    return float(decisions.mean())


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = Metric(function=mean_score, needs="scores", title="mean score of the true")
    decisions = Metric(
        function=share_assigned, needs="decisions", title="Assigned", higher_is_better=False
    )
    monkeypatch.setitem(METRICS, "mean_score", scores)
    monkeypatch.setitem(METRICS, "share_assigned", decisions)


def test_it_is_evaluated() -> None:
    y_true = np.array([[True, False], [False, True]])
    values = evaluate(y_true, np.array([[0.9, 0.6], [0.1, 0.5]]), y_true | True)
    assert values["mean_score"] == pytest.approx(0.7)
    assert values["share_assigned"] == 1
    assert "share_assigned" not in evaluate(y_true, y_true.astype(float))


def test_it_is_in_the_tables_and_the_report(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path / "own", skills={"a": 2.0, "b": 1.0}, seeds=(0,))
    found = analyse(load_experiment(folder), CONFIG)
    run = found.experiment.runs["a"][0]
    rows = found.scores[(found.scores["config"] == "a") & (found.scores["seed"] == "0")]
    values = rows.set_index(["level", "metric"])["value"]
    assert values["track", "mean_score"] == pytest.approx(run.y_score[run.y_true].mean())
    windows = run.window_score >= 0.5
    assert values["window", "share_assigned"] == pytest.approx(windows.mean())
    text = markdown_report(found, {})
    (header, *_) = [line for line in text.splitlines() if line.startswith("| model")]
    assert header.endswith("| mean score of the true | Assigned |")
    assert "Lower is better for Brier, ECE and Assigned." in text


def test_it_is_in_the_record_of_a_run(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path / "own", skills={"a": 2.0}, seeds=(0,))
    scores = load_scores(folder / "a" / "seed0" / "scores.npz")
    metrics = measure(scores)
    test = scores.test
    assert metrics["test"]["mean_score"] == pytest.approx(test.y_score[test.y_true].mean())
    assert metrics["val"].keys() == metrics["test_window"].keys() > {"mean_score", "share_assigned"}


def test_without_thresholds_only_that_of_scores_is_left() -> None:
    rng = np.random.default_rng(0)
    y_true = rng.random((30, 3)) < 0.4
    found = compare(y_true, {name: rng.random((30, 3)) for name in "ab"}, config=CONFIG)
    assert "mean_score" in set(found.scores["metric"])
    assert "share_assigned" not in set(found.scores["metric"])
