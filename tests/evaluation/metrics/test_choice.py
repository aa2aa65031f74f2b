"""What is chosen by: macro AP, or accuracy and then log loss."""

import numpy as np
import pytest

from genre.evaluation.metrics.choice import choice, mean_choice

Y_TRUE = np.eye(2, dtype=np.bool_)[[0, 0, 1]]
SURE = np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4]])
TIMID = np.array([[0.6, 0.4], [0.6, 0.4], [0.6, 0.4]])


def test_exclusive_genres_are_chosen_by_accuracy_and_then_by_log_loss() -> None:
    sure, timid = (choice(Y_TRUE, scores, task="exclusive") for scores in (SURE, TIMID))
    assert sure == pytest.approx((2 / 3, np.log([0.9, 0.8, 0.4]).mean()))
    assert sure[0] == timid[0]
    assert sure > timid


def test_others_by_macro_ap_alone() -> None:
    assert choice(Y_TRUE, SURE, task="multilabel") == pytest.approx((1.0,))
    nothing = choice(Y_TRUE[:0], SURE[:0], task="multilabel")
    assert np.isnan(nothing[0])
    assert not nothing > (0.0,)


def test_figures_are_averaged_one_by_one() -> None:
    assert mean_choice([(0.5, -1.0), (1.0, -2.0)]) == (0.75, -1.5)
