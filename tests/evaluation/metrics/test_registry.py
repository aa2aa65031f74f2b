"""The registry of metrics, and all of them evaluated at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from genre.errors import GenreError
from genre.evaluation.comparison.measures import MEASURES
from genre.evaluation.metrics import registry
from genre.evaluation.metrics.registry import (
    LEFT_OUT,
    METRICS,
    WINDOW_F1,
    evaluate,
    primary_metrics,
    title_of,
)
from genre.evaluation.thresholds import decide
from tests.metric_examples import DECISIONS, Y_SCORE, Y_TRUE


def test_evaluate_counts_what_is_left_out() -> None:
    values = evaluate(Y_TRUE, Y_SCORE, DECISIONS)
    of_task = [name for name, metric in METRICS.items() if "multilabel" in metric.tasks]
    assert list(values) == [*of_task, *LEFT_OUT]
    assert values["n_labels_without_positives"] == 1
    assert values["n_labels_without_negatives"] == 0
    assert values["n_rows_without_labels"] == 1


def test_without_decisions_what_needs_none_is_left() -> None:
    values = evaluate(Y_TRUE, Y_SCORE)
    names = {"macro_ap", "macro_auc", "lrap", "top_1_accuracy", "brier", "ece", *LEFT_OUT}
    assert names <= values.keys()
    assert not {"weighted_f1", "macro_recall", "jaccard", "hamming_loss"} & values.keys()
    assert values.items() <= evaluate(Y_TRUE, Y_SCORE, DECISIONS).items()


def test_nothing_positive_gives_nan_or_zero_and_no_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    values = evaluate(np.zeros((3, 2), dtype=np.bool_), np.full((3, 2), 0.4), np.ones((3, 2)) > 0)
    assert values["weighted_f1"] == 0
    assert all(np.isnan(values[name]) for name in ("macro_ap", "macro_auc", "lrap"))
    assert not recwarn.list


@pytest.mark.parametrize(
    ("y_score", "decisions", "message"),
    [
        (Y_SCORE[:3], DECISIONS, r"\(3, 3\) must have the shape"),
        (Y_SCORE, DECISIONS[:, :2], r"\(4, 2\) must have the shape"),
        (Y_SCORE + 1, DECISIONS, r"must be numbers in \[0, 1\]"),
    ],
)
def test_evaluate_checks_scores_and_decisions_whatever_is_registered(
    y_score: NDArray[np.float64],
    decisions: NDArray[np.bool_],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "METRICS", {})
    with pytest.raises(GenreError, match=message):
        evaluate(Y_TRUE, y_score, decisions)


@pytest.mark.parametrize("name", METRICS)
@settings(max_examples=25)
@given(
    y_true=arrays(np.bool_, (6, 3)),
    y_score=arrays(np.float64, (6, 3), elements=st.floats(0, 1)),
    decisions=arrays(np.bool_, (6, 3)),
)
def test_every_metric_stays_in_bounds_and_ignores_row_order(
    name: str,
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.float64],
    decisions: NDArray[np.bool_],
) -> None:
    metric = METRICS[name]
    given_ = y_score if metric.needs == "scores" else decisions
    value = metric.function(y_true, given_)
    assert np.isnan(value) or value >= 0
    assert not value > 1 or not metric.higher_is_better
    if name not in ("ece", "top_ece"):  # equal scores with different truth may fall into other bins
        again = metric.function(y_true[::-1], given_[::-1])
        assert again == pytest.approx(value, nan_ok=True)


def test_primary_metrics_have_a_measure_and_points_of_their_own() -> None:
    assert primary_metrics(has_decisions=True)[:2] == ("macro_ap", "weighted_f1")
    assert "macro_ap" in primary_metrics(has_decisions=False)
    assert "weighted_f1" not in primary_metrics(has_decisions=False)
    for name in primary_metrics(has_decisions=True):
        assert MEASURES[name].name == name
    assert METRICS["weighted_f1"].points_of == "F1"
    assert METRICS["lrap"].points_of == "LRAP"


def test_the_question_which_one_has_metrics_of_its_own() -> None:
    y_true = np.eye(3, dtype=np.bool_)[[0, 1, 1, 2]]
    y_score = np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1], [0.1, 0.4, 0.5]])
    decisions = decide(y_score, np.zeros(3), task="exclusive")
    values = evaluate(y_true, y_score, decisions, task="exclusive")
    assert values["accuracy"] == 0.75
    assert values["balanced_accuracy"] == pytest.approx((1 + 0.5 + 1) / 3)
    assert values["log_loss"] == pytest.approx(-np.log([0.8, 0.7, 0.3, 0.5]).mean())
    assert not {"weighted_f1", "samples_f1", "lrap", "ece"} & values.keys()
    for has_decisions, names in ((True, ("accuracy", "macro_f1")), (False, ())):
        assert primary_metrics(has_decisions=has_decisions, task="exclusive") == names
    assert all(name in MEASURES for name in ("accuracy", "macro_f1"))


def test_titles_of_numbers() -> None:
    assert title_of("lrap") == "LRAP"
    assert title_of(WINDOW_F1) == "weighted F1 per window at 0.5"
    assert title_of("their own") == "their own"
