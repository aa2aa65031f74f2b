"""genre.review.ranking: each rule puts a label that scores speak against before one they back."""

import numpy as np
import pytest

from genre.review.ranking import (
    RULES,
    by_agreement,
    by_confidence,
    by_loss,
    by_odds,
    mean_scores,
    usual_scores,
)

Y_TRUE = np.array([[1, 0], [1, 0], [0, 1], [1, 0]], dtype=bool)
ONE = np.array([[0.8, 0.2], [0.1, 0.9], [0.3, 0.7], [np.nan, np.nan]])
BOTH = np.stack([ONE, ONE])


@pytest.mark.parametrize("rule", RULES)
def test_the_wrong_label_is_first_and_what_nobody_can_judge_is_nan(rule: str) -> None:
    doubt = RULES[rule](Y_TRUE, BOTH)
    assert int(np.nanargmax(doubt)) == 1
    assert np.isnan(doubt).tolist() == [False, False, False, True]


def test_figures_computed_by_hand() -> None:
    assert by_loss(Y_TRUE, BOTH)[0] == pytest.approx(-2 * np.log(0.8))
    # usual scores: of the first genre (0.8 + 0.1) / 2, of the second 0.7
    assert usual_scores(Y_TRUE, ONE).tolist() == pytest.approx([0.45, 0.7])
    assert by_confidence(Y_TRUE, BOTH)[1] == pytest.approx((0.9 - 0.7) - (0.1 - 0.45))
    odds = np.log(np.array([0.8, 0.1, 0.9, 0.7]) / np.array([0.2, 0.9, 0.1, 0.3]))
    assert by_odds(Y_TRUE, BOTH)[1] == pytest.approx(
        (odds[2] - odds[3]) - (odds[1] - (odds[0] + odds[1]) / 2)
    )
    split = np.stack([ONE, ONE[:, ::-1]])
    assert by_agreement(Y_TRUE, split)[1] == pytest.approx(0.5, abs=0.3)
    assert usual_scores(np.zeros((4, 2), dtype=bool), ONE).tolist() == [0.5, 0.5]


def test_a_run_that_trained_on_a_track_has_no_say() -> None:
    other = ONE.copy()
    other[1] = np.nan
    assert mean_scores(np.stack([ONE, other]))[1].tolist() == pytest.approx([0.1, 0.9])
