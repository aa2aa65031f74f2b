"""Metrics of the question "which one": by hand, and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score
from sklearn.metrics import log_loss as their_log_loss

from genre.evaluation.metrics.exclusive import (
    accuracy,
    balanced_accuracy,
    log_loss,
    top_calibration_error,
)

RNG = np.random.default_rng(0)
TRUE = RNG.integers(0, 4, 200)
SCORES = RNG.dirichlet(np.ones(4), 200) * 0.5 + 0.5 * np.eye(4)[TRUE] * RNG.random((200, 1))
SCORES /= SCORES.sum(axis=1, keepdims=True)
Y_TRUE = np.eye(4, dtype=np.bool_)[TRUE]
GUESSED = SCORES.argmax(axis=1)
DECISIONS = np.eye(4, dtype=np.bool_)[GUESSED]


def test_all_agree_with_scikit_learn() -> None:
    assert accuracy(Y_TRUE, DECISIONS) == pytest.approx(accuracy_score(TRUE, GUESSED))
    theirs = balanced_accuracy_score(TRUE, GUESSED)
    assert balanced_accuracy(Y_TRUE, DECISIONS) == pytest.approx(theirs)
    assert log_loss(Y_TRUE, SCORES) == pytest.approx(their_log_loss(TRUE, SCORES))


def test_a_row_without_an_answer_is_wrong_and_a_score_of_nothing_is_finite() -> None:
    y_true = np.eye(2, dtype=np.bool_)
    assert accuracy(y_true, np.array([[True, False], [False, False]])) == 0.5
    assert balanced_accuracy(y_true[:1], np.array([[True, False]])) == 1.0  # of what occurs
    assert log_loss(y_true, np.array([[0.0, 1.0], [0.0, 1.0]])) == pytest.approx(354.2, abs=0.1)
    assert np.isnan(log_loss(np.zeros((1, 2), dtype=np.bool_), np.ones((1, 2)) / 2))


def test_the_best_score_is_held_against_how_often_it_is_right() -> None:
    # Ten rows are 0.9 sure and seven of them right: one bin after another, each 0.9 of nothing
    # or all of it.
    y_score = np.tile([0.9, 0.1], (10, 1))
    y_true = np.repeat([[True, False], [False, True]], [7, 3], axis=0)
    assert top_calibration_error(y_true, y_score) == pytest.approx(0.7 * 0.1 + 0.3 * 0.9)
    many = np.tile([0.9, 0.1], (3000, 1)) + np.linspace(-0.01, 0.01, 3000)[:, None] * [1, -1]
    right = np.random.default_rng(0).permutation(3000) < 2100
    found = top_calibration_error(np.column_stack([right, ~right]), many)
    assert found == pytest.approx(0.2, abs=0.01)
