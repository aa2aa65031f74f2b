"""Calibration and abstention: by hand, against brute force, and what they must leave alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from genre.errors import ConfigError
from genre.evaluation.calibration import (
    BIAS_DEVIATION,
    Scaling,
    coverage_precision,
    fit_scaling,
    judge_calibration,
    logit,
)
from genre.evaluation.metrics import average_precision
from genre.evaluation.thresholds import decide


def test_scaling_by_hand() -> None:
    # Of four tracks with logit 2 three are yes, of four with -2 none: yes counts as 4/5, no as 1/7.
    # The likeliest scores of the two are the means of these answers.
    y_true = np.array([1, 1, 1, 0, 0, 0, 0, 0], dtype=np.bool_)[:, np.newaxis]
    logits = np.array([2.0] * 4 + [-2.0] * 4)[:, np.newaxis]
    high, low = (3 * 4 / 5 + 1 / 7) / 4, 1 / 7
    slope = (np.log(high / (1 - high)) - np.log(low / (1 - low))) / 4
    found = fit_scaling(y_true, logits)
    assert found.temperature == pytest.approx(1 / slope, rel=1e-5)
    assert found.bias == pytest.approx([np.log(high / (1 - high)) - 2 * slope], abs=1e-5)
    np.testing.assert_allclose(found.scores(logits)[[0, 4], 0], [high, low], atol=1e-6)


@settings(max_examples=25)
@given(seed=st.integers(0, 999))
def test_no_other_scaling_does_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    y_true = rng.random((30, 3)) < 0.3
    logits = rng.uniform(0.1, 3) * (rng.normal(size=(30, 3)) + 1.5 * y_true) + rng.normal(size=3)
    logits = np.clip(logits, -16, 16)
    yes, no = (y_true.sum() + 1) / (y_true.sum() + 2), 1 / ((~y_true).sum() + 2)
    found = fit_scaling(y_true, logits)
    excess = found.scores(logits) - np.where(y_true, yes, no)
    # The loss is convex, so that slopes of zero are proof enough. In the bias of all genres:
    assert excess.sum() == pytest.approx(0, abs=1e-3)
    # in that of one, where the normal distribution pulls it towards the others:
    pull = (found.bias - found.bias.mean()) / BIAS_DEVIATION**2
    np.testing.assert_allclose(excess.sum(axis=0), -pull, atol=1e-3)
    # and in the temperature.
    assert (excess * logits).sum() / logits.std() == pytest.approx(0, abs=1e-3)


def test_a_known_scaling_is_found_again() -> None:
    rng = np.random.default_rng(0)
    logits = 1.5 * rng.normal(size=(4000, 5)) - 1
    y_true = rng.random(logits.shape) < 1 / (1 + np.exp(-logits))
    shift = np.array([0.5, 1.0, 1.5, 2.0, 2.5])
    for known in (0.5, 1.0, 2.5):
        found = fit_scaling(y_true, known * (logits + shift))
        # 20,000 answers fix the temperature to about 2 %, the biases to about 0.06.
        assert found.temperature == pytest.approx(known, rel=0.06)
        np.testing.assert_allclose(found.bias, -shift, atol=0.2)


def test_a_rare_genre_stays_near_the_others() -> None:
    rng = np.random.default_rng(3)
    logits = rng.normal(size=(400, 6)) - 1
    y_true = rng.random(logits.shape) < 1 / (1 + np.exp(-logits))
    # Two genres whose scores are too high by the same; of one only ten tracks are known.
    shifted = logits + np.array([0, 0, 0, 0, 2.0, 2.0])
    few = fit_scaling(y_true[:10], shifted[:10]).bias
    many = fit_scaling(y_true, shifted).bias
    assert -2.5 < many[4:].mean() - many[:4].mean() < -1.5
    assert -1 < few[4:].mean() - few[:4].mean() < -0.1


def test_scaling_mends_scores_of_other_tracks_and_keeps_their_order() -> None:
    rng = np.random.default_rng(1)
    logits = 1.5 * rng.normal(size=(2000, 4)) - 1
    y_true = rng.random(logits.shape) < 1 / (1 + np.exp(-logits))
    for wrong in (3 * logits, 0.3 * logits + 1):  # too sure; timid and too high
        before = 1 / (1 + np.exp(-wrong))
        scaling = fit_scaling(y_true[:1000], logit(before[:1000]))
        after = scaling.scores(logit(before))
        found = judge_calibration(
            y_true[1000:], before[1000:], after[1000:], temperature=scaling.temperature
        )
        assert found.ece_after < 0.5 * found.ece_before
        assert found.brier_after < found.brier_before
        np.testing.assert_allclose(
            average_precision(y_true, after), average_precision(y_true, before), atol=1e-12
        )


@pytest.mark.parametrize("value", [False, True])
def test_without_both_answers_nothing_is_fitted(value: bool) -> None:
    for rows in (0, 5):
        found = fit_scaling(np.full((rows, 2), value), np.ones((rows, 2)))
        assert found.temperature == 1
        assert found.bias.tolist() == [0, 0]


def test_extreme_scores_stay_numbers_in_their_order() -> None:
    scores = np.array([[0.0, 1e-300, 1e-9, 0.5, 1 - 1e-9, 1.0]])
    logits = logit(scores)
    assert np.isfinite(logits).all()
    assert (np.diff(logits) > 0).all()
    for temperature in (0.01, 100.0):
        values = Scaling(temperature=temperature, bias=np.zeros(6)).scores(logits)
        assert ((values >= 0) & (values <= 1)).all()
        assert values[0, 3] == 0.5
    always_right = fit_scaling(np.array([[True, False]]), np.array([[3.0, -3.0]]))
    assert 0.01 <= always_right.temperature <= 100
    # One score of exactly 0 that is wrong among many that are right is no catastrophe.
    y_true = np.tile([[True], [False]], (100, 1))
    y_score = np.where(y_true, 0.9, 0.1)
    y_score[0] = 0.0
    after = fit_scaling(y_true, logit(y_score)).scores(logit(y_score))
    assert after[1, 0] < 0.2
    assert after[2, 0] > 0.8


def test_equal_logits_and_answers_against_the_scores_have_an_answer() -> None:
    y_true = np.array([[True], [True], [True], [False]])
    # Three yes count as 4/5, one no as 1/3: on average 41/60, whatever the temperature.
    found = fit_scaling(y_true, np.full((4, 1), 4.0))
    np.testing.assert_allclose(found.scores(np.full((1, 1), 4.0)), 41 / 60, atol=1e-6)
    # The order of the scores is kept even where it is wrong, and then they say hardly anything.
    wrong = fit_scaling(y_true, np.where(y_true, -3.0, 3.0))
    assert wrong.temperature == pytest.approx(100)


def test_unfit_arguments_are_named() -> None:
    yes = np.array([[True, False]])
    with pytest.raises(ConfigError, match=r"logits of shape \(1, 1\) must have the shape"):
        fit_scaling(yes, np.ones((1, 1)))
    with pytest.raises(ConfigError, match="logits must be finite"):
        fit_scaling(yes, np.array([[np.inf, 0.0]]))
    with pytest.raises(ConfigError, match="thresholds must be finite"):
        coverage_precision(yes, np.array([[0.5, 0.5]]), np.array([0.5, np.inf]))


def test_coverage_by_hand() -> None:
    # Gaps: track 0: 0.4 (right), -0.1 (wrong); track 1: 0.2 (wrong), 0.2 (right).
    y_true = np.array([[1, 0], [0, 1]], dtype=np.bool_)
    curve = coverage_precision(y_true, np.array([[0.9, 0.3], [0.7, 0.6]]), np.array([0.5, 0.4]))
    np.testing.assert_allclose(curve.margin, [0.4, 0.2, -0.1])
    np.testing.assert_allclose(curve.coverage, [0.5, 1, 1])
    np.testing.assert_allclose(curve.precision, [1, 2 / 3, 2 / 4])
    assert curve.at(0.0) == pytest.approx((1, 2 / 3))
    assert curve.at(0.3) == (0.5, 1)
    assert curve.at(0.5)[0] == 0
    assert np.isnan(curve.at(0.5)[1])


@settings(max_examples=40)
@given(
    y_true=arrays(np.bool_, (6, 3)),
    y_score=arrays(np.float64, (6, 3), elements=st.sampled_from([0.0, 0.25, 0.5, 1.0])),
)
def test_every_point_is_the_rule_with_thresholds_raised(
    y_true: NDArray[np.bool_], y_score: NDArray[np.float64]
) -> None:
    thresholds = np.array([0.25, 0.5, 0.5])
    curve = coverage_precision(y_true, y_score, thresholds)
    for margin, coverage, precision in zip(
        curve.margin, curve.coverage, curve.precision, strict=True
    ):
        decisions = decide(y_score, thresholds + margin)
        assert coverage == pytest.approx(decisions.any(axis=1).mean())
        assert precision == pytest.approx(y_true[decisions].mean())
    assert (np.diff(curve.coverage) >= 0).all()
    assert curve.coverage[-1] == 1
