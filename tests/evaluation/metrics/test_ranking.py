"""Metrics of the order of scores: by hand, with equal scores, and where a class says nothing."""

import numpy as np
import pytest

from genre.evaluation.metrics.ranking import (
    average_precision,
    label_ranking_average_precision,
    macro_auc,
    macro_average_precision,
    mean_of_defined,
    roc_auc,
    top_1_accuracy,
)
from tests.metric_examples import Y_SCORE, Y_TRUE


def test_average_precision_by_hand() -> None:
    # Class 0 ranks its positives 1st and 3rd of four: (1/1 + 2/3)/2. Class 1: 1st and 3rd too.
    values = average_precision(Y_TRUE, Y_SCORE)
    np.testing.assert_allclose(values[:2], [(1 + 2 / 3) / 2, (1 + 2 / 3) / 2])
    assert np.isnan(values[2])
    macro = macro_average_precision(Y_TRUE, Y_SCORE)
    assert macro == pytest.approx((1 + 2 / 3) / 2)


def test_equal_scores_are_one_cut() -> None:
    # All tied: whoever takes the positive takes all four.
    y_true = np.array([[True], [False], [False], [False]])
    np.testing.assert_array_equal(average_precision(y_true, np.full((4, 1), 0.5)), [1 / 4])
    # Each of the three pairs is half won.
    np.testing.assert_array_equal(roc_auc(y_true, np.full((4, 1), 0.5)), [1 / 2])


def test_auc_by_hand() -> None:
    # Class 0: of 2 x 2 pairs only (0.3, 0.4) is the wrong way round.
    values = roc_auc(Y_TRUE, Y_SCORE)
    np.testing.assert_allclose(values[:2], [3 / 4, 3 / 4])
    assert np.isnan(values[2])


@pytest.mark.filterwarnings("error")
def test_the_auc_is_undefined_without_positives_or_without_negatives() -> None:
    y_true = np.array([[True, False, True], [True, False, False]])
    values = roc_auc(y_true, np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]))
    np.testing.assert_array_equal(values, [np.nan, np.nan, 0])
    assert macro_auc(y_true, np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])) == 0


def test_lrap_by_hand_leaves_rows_without_labels_out() -> None:
    # Row 0: best. Row 1: labels at ranks 1 and 2. Row 2: rank 2 of 3: 1/2. Row 3 has no label.
    assert label_ranking_average_precision(Y_TRUE, Y_SCORE) == pytest.approx((1 + 1 + 1 / 2) / 3)


def test_lrap_of_one_label_is_perfect() -> None:
    y_true = np.array([[True], [False], [False]])
    assert label_ranking_average_precision(y_true, np.array([[1.0], [1.0], [0.0]])) == 1


def test_top_1_accuracy_by_hand() -> None:
    y_true = np.array([[True, False], [True, False], [True, True], [False, False]])
    y_score = np.array([[0.9, 0.1], [0.2, 0.7], [0.1, 0.2], [0.5, 0.6]])
    # right, wrong, right; the last has no label and does not count
    value = top_1_accuracy(y_true, y_score)
    assert value == pytest.approx(2 / 3)
    assert np.isnan(top_1_accuracy(y_true[3:], y_score[3:]))


def test_of_equal_scores_the_first_label_is_the_top_one() -> None:
    y_true = np.array([[True, False], [False, True], [True, False]])
    assert top_1_accuracy(y_true, np.full((3, 2), 0.5)) == pytest.approx(2 / 3)


@pytest.mark.filterwarnings("error")
def test_the_mean_leaves_nan_out() -> None:
    assert mean_of_defined(np.array([1.0, np.nan, 0.0])) == 0.5
    assert np.isnan(mean_of_defined(np.array([np.nan])))
    assert np.isnan(mean_of_defined(np.array([])))
