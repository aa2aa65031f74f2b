"""Thresholds: hand-made cases, then against a search over every cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from genre.errors import ConfigError
from genre.evaluation.thresholds import decide, fit_thresholds


def column(*values: float) -> NDArray[np.float64]:
    return np.array(values)[:, np.newaxis]


def test_a_score_at_the_threshold_is_accepted() -> None:
    decisions = decide(np.array([[0.5, 0.49], [0.51, 0.5]]), np.array([0.5, 0.5]))
    np.testing.assert_array_equal(decisions, [[True, False], [True, True]])
    assert decisions.dtype == np.bool_


def test_the_cut_lies_midway_between_neighbours() -> None:
    y_true = column(1, 1, 0, 0) > 0
    fitted = fit_thresholds(y_true, column(0.9, 0.7, 0.3, 0.1), min_positives=1)
    # Both positives and nothing else: F1 is 1 for every cut in (0.3, 0.7].
    assert fitted.values[0] == pytest.approx(0.5)
    assert not fitted.is_global[0]


def test_of_equal_cuts_the_highest_wins() -> None:
    # One hit in one (F1 = 2/3) equals two hits in four (2·2/(4+2)).
    y_true = column(1, 0, 0, 1) > 0
    fitted = fit_thresholds(y_true, column(0.9, 0.8, 0.7, 0.6), min_positives=1)
    assert fitted.values[0] == pytest.approx(0.85)


def test_equal_scores_are_never_parted() -> None:
    y_true = column(1, 0, 0, 0) > 0
    fitted = fit_thresholds(y_true, column(0.5, 0.5, 0.5, 0.2), min_positives=1)
    # The positive cannot be had without its two equals.
    assert fitted.values[0] == pytest.approx(0.35)


def test_accepting_everything_is_possible() -> None:
    y_true = column(0, 1, 1) > 0
    fitted = fit_thresholds(y_true, column(0.4, 0.3, 0.2), min_positives=1)
    assert decide(column(0.4, 0.3, 0.2), fitted.values).all()


def test_neighbouring_floats_are_still_parted() -> None:
    upper = np.nextafter(0.3, 1)
    y_true = column(1, 0) > 0
    fitted = fit_thresholds(y_true, column(upper, 0.3), min_positives=1)
    np.testing.assert_array_equal(decide(column(upper, 0.3), fitted.values), [[True], [False]])


def test_single_precision_scores_keep_their_decision() -> None:
    scores = column(0.8, 0.3).astype(np.float32)
    fitted = fit_thresholds(column(0, 1) > 0, scores, min_positives=1)
    assert decide(scores, fitted.values).all()


def test_a_class_with_few_positives_takes_the_global_threshold() -> None:
    rng = np.random.default_rng(1)
    y_true = np.zeros((60, 2), dtype=np.bool_)
    y_true[:25, 0] = True
    y_true[:19, 1] = True
    fitted = fit_thresholds(y_true, rng.random((60, 2)))
    np.testing.assert_array_equal(fitted.is_global, [False, True])
    assert fitted.values[1] == fitted.global_value
    assert fit_thresholds(y_true, rng.random((60, 2)), min_positives=19).is_global.sum() == 0


def test_without_any_positive_the_threshold_is_a_half() -> None:
    fitted = fit_thresholds(np.zeros((4, 3), dtype=np.bool_), np.full((4, 3), 0.2))
    np.testing.assert_array_equal(fitted.values, [0.5, 0.5, 0.5])


@settings(max_examples=60)
@given(
    arrays(np.bool_, (12, 3)),
    arrays(np.float64, (12, 3), elements=st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.7, 0.9, 1.0])),
)
def test_no_cut_is_better(y_true: NDArray[np.bool_], y_score: NDArray[np.float64]) -> None:
    fitted = fit_thresholds(y_true, y_score, min_positives=1)

    def weighted(threshold: float) -> float:
        return float(f1_score(y_true, y_score >= threshold, average="weighted", zero_division=0))

    def single(label: int, threshold: float) -> float:
        return float(f1_score(y_true[:, label], y_score[:, label] >= threshold, zero_division=0))

    cuts = [*np.unique(y_score), 0.05, 0.35]
    # 1e-9: the sums of the two computations differ by rounding.
    assert weighted(fitted.global_value) >= max(map(weighted, cuts)) - 1e-9
    for label in map(int, np.flatnonzero(y_true.any(axis=0))):
        best = max(single(label, cut) for cut in cuts)
        assert single(label, fitted.values[label]) >= best - 1e-9


def test_bad_arguments_are_named() -> None:
    with pytest.raises(ConfigError, match=r"y_score of shape \(4, 2\) must have the shape"):
        fit_thresholds(np.zeros((4, 3), dtype=np.bool_), np.zeros((4, 2)))
    with pytest.raises(ConfigError, match="min_positives=0 must be at least 1"):
        fit_thresholds(np.zeros((4, 3), dtype=np.bool_), np.zeros((4, 3)), min_positives=0)
