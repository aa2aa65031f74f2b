"""Metrics of decisions, from counts: by hand, and where a denominator is 0."""

import numpy as np
import pytest

from genre.errors import GenreError
from genre.evaluation.metrics.decisions import (
    Average,
    Measure,
    averaged,
    count,
    divide,
    elementwise_accuracy,
    hamming_loss,
    jaccard,
    macro_f1,
    macro_precision,
    macro_recall,
    micro_f1,
    samples_f1,
    subset_accuracy,
    weighted_f1,
    weighted_precision,
    weighted_recall,
)
from tests.metric_examples import DECISIONS, Y_TRUE


def test_counts_of_classes_and_of_rows() -> None:
    classes = count(Y_TRUE, DECISIONS)
    np.testing.assert_array_equal(classes.true_positives, [1, 2, 0])
    np.testing.assert_array_equal(classes.predicted, [1, 3, 1])
    np.testing.assert_array_equal(classes.positives, [2, 2, 0])
    rows = count(Y_TRUE, DECISIONS, axis=1)
    np.testing.assert_array_equal(rows.true_positives, [1, 1, 1, 0])
    np.testing.assert_array_equal(rows.predicted, [1, 1, 2, 1])
    np.testing.assert_array_equal(rows.positives, [1, 2, 1, 0])
    with pytest.raises(GenreError, match=r"decisions of shape \(3, 3\) must have the shape"):
        count(Y_TRUE, DECISIONS[:3])


@pytest.mark.parametrize(
    ("measure", "expected"),
    [("precision", [1, 2 / 3, 0]), ("recall", [1 / 2, 1, 0]), ("f1", [2 / 3, 4 / 5, 0])],
)
def test_measures_of_counts_by_hand(measure: Measure, expected: list[float]) -> None:
    np.testing.assert_allclose(count(Y_TRUE, DECISIONS).measure(measure), expected)


@pytest.mark.filterwarnings("error")
def test_nothing_by_nothing_is_nothing() -> None:
    np.testing.assert_array_equal(divide(np.array([3.0, 0.0]), np.array([2.0, 0.0])), [1.5, 0])
    # A row by a column is a table.
    table = divide(np.array([[1.0, 2.0]]), np.array([[1.0], [0.0]]))
    np.testing.assert_array_equal(table, [[1, 2], [0, 0]])


def test_f1_by_hand() -> None:
    # Class 0: TP 1, PP 1, P 2: F1 = 2/3. Class 1: TP 2, PP 3, P 2: 4/5. Class 2 has
    # no positive, and is left out of macro averages.
    assert macro_f1(Y_TRUE, DECISIONS) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert weighted_f1(Y_TRUE, DECISIONS) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert micro_f1(Y_TRUE, DECISIONS) == pytest.approx(6 / 9)
    # Rows: 1, 2·1/(1+2), 2·1/(2+1), 0.
    expected = (1 + 2 / 3 + 2 / 3 + 0) / 4
    assert samples_f1(Y_TRUE, DECISIONS) == pytest.approx(expected)


def test_precision_and_recall_by_hand() -> None:
    assert macro_precision(Y_TRUE, DECISIONS) == pytest.approx((1 + 2 / 3) / 2)
    assert macro_recall(Y_TRUE, DECISIONS) == pytest.approx((1 / 2 + 1) / 2)


def test_accuracies_by_hand() -> None:
    assert subset_accuracy(Y_TRUE, DECISIONS) == 0.25
    assert elementwise_accuracy(Y_TRUE, DECISIONS) == pytest.approx(9 / 12)
    assert hamming_loss(Y_TRUE, DECISIONS) == pytest.approx(3 / 12)
    # Rows: 1/1, 1/2, 1/2, 0/1.
    assert jaccard(Y_TRUE, DECISIONS) == pytest.approx(0.5)


def test_weights_are_the_positives() -> None:
    # Class 0: three positives, precision 1, recall 1/3. Class 1: one, precision 1/2, recall 1.
    y_true = np.array([[1, 0], [1, 0], [1, 1], [0, 0]], dtype=np.bool_)
    decisions = np.array([[1, 0], [0, 0], [0, 1], [0, 1]], dtype=np.bool_)
    assert weighted_precision(y_true, decisions) == pytest.approx((3 * 1 + 1 / 2) / 4)
    assert weighted_recall(y_true, decisions) == pytest.approx((3 * 1 / 3 + 1) / 4)
    assert weighted_f1(y_true, decisions) == pytest.approx((3 * 1 / 2 + 2 / 3) / 4)


@pytest.mark.parametrize("average", ["macro", "weighted", "micro", "samples"])
@pytest.mark.filterwarnings("error")
def test_without_a_positive_every_average_is_0(average: Average) -> None:
    y_true = np.zeros((3, 2), dtype=np.bool_)
    assert averaged(y_true, ~y_true, measure="f1", average=average) == 0


def test_an_average_is_named_after_what_it_is() -> None:
    assert samples_f1.__name__ == "samples_f1"
    assert samples_f1.__doc__ == "Compute the samples average of f1, in [0, 1]."


def test_one_label_is_not_taken_for_two() -> None:
    # scikit-learn would take a single column for a binary problem and weigh the negatives too.
    y_true = np.array([[1], [0], [0]], dtype=np.bool_)
    decisions = np.array([[1], [1], [0]], dtype=np.bool_)
    assert weighted_f1(y_true, decisions) == pytest.approx(2 / 3)
