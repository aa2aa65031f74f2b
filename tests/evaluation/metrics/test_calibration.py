"""Brier score, calibration error and their bins, by hand."""

import numpy as np
import pytest

from genre.evaluation.metrics.calibration import (
    brier,
    expected_calibration_error,
    reliability_bins,
    score_bins,
)


def test_calibration_by_hand() -> None:
    y_true = np.array([[1], [0], [0], [1]], dtype=np.bool_)
    y_score = np.array([[0.6], [0.2], [0.4], [1.0]])
    expected = (0.4**2 + 0.2**2 + 0.4**2 + 0) / 4
    assert brier(y_true, y_score) == pytest.approx(expected)
    # Four rows, so four bins of one.
    assert expected_calibration_error(y_true, y_score) == pytest.approx((0.4 + 0.2 + 0.4 + 0) / 4)
    mean_score, share, mass = reliability_bins(y_true[:, 0], y_score[:, 0], n_bins=2)
    np.testing.assert_allclose(mean_score, [0.3, 0.8])
    np.testing.assert_allclose(share, [0, 1])
    np.testing.assert_allclose(mass, [0.5, 0.5])


def test_the_calibration_error_is_a_mean_over_classes() -> None:
    # Two bins of one track: the gaps of the first class are 0.2 and 0.4, the second has none.
    y_true = np.array([[True, False], [False, True]])
    y_score = np.array([[0.8, 0.0], [0.4, 1.0]])
    assert expected_calibration_error(y_true, y_score) == pytest.approx(((0.2 + 0.4) / 2 + 0) / 2)


def test_bins_of_a_picture_have_equal_width_and_enough_rows() -> None:
    # 8 rows in [0, 0.25), 2 in the next, 6 in [0.5, 0.75), 5 in the last
    y_score = np.array([0.1] * 8 + [0.3] * 2 + [0.6] * 6 + [0.9] * 5)
    y_true = np.arange(21) % 3 == 0
    mean, share = score_bins(y_true, y_score, n_bins=4)
    # the two are put together with what follows
    np.testing.assert_allclose(mean, [0.1, (2 * 0.3 + 6 * 0.6) / 8, 0.9])
    np.testing.assert_allclose(share, [3 / 8, 3 / 8, 1 / 5])


@pytest.mark.parametrize("n_rows", [1, 4, 9])
def test_few_rows_are_one_bin(n_rows: int) -> None:
    y_score = np.linspace(0, 1, n_rows)
    mean, share = score_bins(np.ones(n_rows, dtype=np.bool_), y_score)
    np.testing.assert_allclose(mean, [y_score.mean()])
    np.testing.assert_allclose(share, [1])
