"""Temperature and abstention: by hand, against brute force, and what they must leave alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from genre.errors import ConfigError
from genre.evaluation.calibration import (
    apply_temperature,
    coverage_precision,
    fit_temperature,
    judge_temperature,
    logit,
)
from genre.evaluation.metrics import average_precision
from genre.evaluation.thresholds import decide


def test_temperature_by_hand() -> None:
    # Three yes count as 4/5, one no as 1/3: on average (3 x 4/5 + 1/3) / 4 = 41/60, which is the
    # likeliest score of equal logits. T = 4 / log(41 / 19).
    y_true = np.array([[True], [True], [True], [False]])
    temperature = fit_temperature(y_true, np.full((4, 1), 4.0))
    assert temperature == pytest.approx(4 / np.log(41 / 19), rel=1e-4)
    assert apply_temperature(np.array([[0.5, 1 / (1 + np.exp(-4))]]), temperature) == pytest.approx(
        np.array([[0.5, 41 / 60]]), abs=1e-4
    )


def test_temperature_of_averaged_windows_by_hand() -> None:
    # The last track's windows, 8 and -8, average to 1/2 at any temperature: it only counts as one
    # more yes, so that yes is 5/6 and the others' mean (3 x 5/6 + 1/3) / 4 = 17/24.
    y_true = np.array([[True], [True], [True], [False], [True]])
    windows = np.array([4.0, 4, 4, 4, 4, 8, -8])[:, np.newaxis]
    temperature = fit_temperature(y_true, windows, track=np.array([0, 0, 1, 2, 3, 4, 4]))
    assert temperature == pytest.approx(4 / np.log(17 / 7), rel=1e-4)


def test_faultless_tracks_do_not_saturate_the_scores() -> None:
    y_true = np.array([[True, False], [False, True], [True, False]])
    temperature = fit_temperature(y_true, np.where(y_true, 3.0, -3.0))
    # Each answer counts as 4/5: the likeliest logit is log 4.
    assert temperature == pytest.approx(3 / np.log(4), rel=1e-4)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999))
def test_no_other_temperature_does_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    track = np.repeat(np.arange(9), rng.integers(1, 5, 9))
    y_true = rng.random((9, 2)) < 0.4
    windows = 3 * rng.normal(size=(len(track), 2))
    if y_true.all() or not y_true.any():
        return
    yes, no = (y_true.sum() + 1) / (y_true.sum() + 2), 1 / ((~y_true).sum() + 2)
    target = np.where(y_true, yes, no)

    def loss(temperature: float) -> float:
        scores = [1 / (1 + np.exp(-windows[track == row] / temperature)) for row in range(9)]
        means = np.array([one.mean(axis=0) for one in scores])
        return float(-np.mean(target * np.log(means) + (1 - target) * np.log(1 - means)))

    found = loss(fit_temperature(y_true, windows, track=track))
    assert all(found <= loss(other) + 1e-9 for other in np.geomspace(0.5, 90, 200))


def test_a_known_temperature_is_found_again() -> None:
    rng = np.random.default_rng(0)
    logits = 1.5 * rng.normal(size=(4000, 5))
    y_true = rng.random(logits.shape) < 1 / (1 + np.exp(-logits))
    for known in (0.5, 1.0, 2.5):
        # 20,000 answers fix the temperature to about 2 %.
        assert fit_temperature(y_true, known * logits) == pytest.approx(known, rel=0.06)


def test_temperature_mends_scores_that_are_too_sure_and_keeps_their_order() -> None:
    rng = np.random.default_rng(1)
    logits = 1.5 * rng.normal(size=(2000, 4))
    y_true = rng.random(logits.shape) < 1 / (1 + np.exp(-logits))
    y_score = 1 / (1 + np.exp(-3 * logits))
    temperature = fit_temperature(y_true[:1000], logit(y_score[:1000]))
    found = judge_temperature(y_true[1000:], y_score[1000:], temperature)
    assert found.ece_after < 0.5 * found.ece_before
    assert found.brier_after < found.brier_before
    after = apply_temperature(y_score, temperature)
    # Scores beyond the largest logit become equal, here one in 100,000.
    np.testing.assert_allclose(
        average_precision(y_true, after), average_precision(y_true, y_score), atol=1e-4
    )


@pytest.mark.parametrize("value", [False, True])
def test_without_both_answers_nothing_is_fitted(value: bool) -> None:
    assert fit_temperature(np.full((5, 2), value), np.ones((5, 2))) == 1
    assert fit_temperature(np.empty((0, 2), dtype=np.bool_), np.empty((0, 2))) == 1


def test_extreme_scores_stay_numbers() -> None:
    scores = np.array([[0.0, 1.0, 0.5]])
    assert np.isfinite(logit(scores)).all()
    for temperature in (0.01, 100.0):
        values = apply_temperature(scores, temperature)
        assert ((values >= 0) & (values <= 1)).all()
        assert values[0, 2] == 0.5
    always_right = np.array([[True, False]])
    assert 0.01 <= fit_temperature(always_right, np.array([[3.0, -3.0]])) <= 100


def test_unfit_arguments_are_named() -> None:
    yes = np.array([[True, False]])
    with pytest.raises(ConfigError, match=r"logits of shape \(1, 1\) must have the columns"):
        fit_temperature(yes, np.ones((1, 1)))
    with pytest.raises(ConfigError, match="track must ascend and name each of the 1 rows"):
        fit_temperature(yes, np.ones((2, 2)))
    with pytest.raises(ConfigError, match="track must ascend"):
        fit_temperature(np.eye(2, dtype=np.bool_), np.ones((2, 2)), track=np.array([1, 0]))
    with pytest.raises(ConfigError, match="logits must be finite"):
        fit_temperature(yes, np.array([[np.inf, 0.0]]))
    with pytest.raises(ConfigError, match=r"temperature=0 must be above 0"):
        apply_temperature(np.array([[0.5]]), 0)
    with pytest.raises(ConfigError, match="thresholds must be finite"):
        coverage_precision(yes, np.array([[0.5, 0.5]]), np.array([0.5, np.inf]))


def test_coverage_by_hand() -> None:
    # Gaps: track 0: 0.4 (right), -0.1 (wrong); track 1: 0.2 (wrong), 0.2 (right).
    y_true = np.array([[1, 0], [0, 1]], dtype=np.bool_)
    curve = coverage_precision(y_true, np.array([[0.9, 0.3], [0.7, 0.6]]), np.array([0.5, 0.4]))
    np.testing.assert_allclose(curve.margin, [0.4, 0.2, -0.1])
    np.testing.assert_allclose(curve.coverage, [0.5, 1, 1])
    np.testing.assert_allclose(curve.precision, [1, 2 / 3, 2 / 4])
    assert curve.at(0.0) == (1, pytest.approx(2 / 3))
    assert curve.at(0.3) == (0.5, 1)
    assert curve.at(0.5)[0] == 0
    assert np.isnan(curve.at(0.5)[1])


@settings(max_examples=40, deadline=None)
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
