"""Intervals and p-values from replicates, by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.evaluation.bootstrap.intervals import (
    bca_interval,
    cluster_interval,
    percentile_interval,
    randomisation_p,
    share_interval,
)


def test_the_percentile_interval_cuts_equal_tails() -> None:
    interval = percentile_interval(np.arange(1001.0), confidence=0.9)
    assert (interval.low, interval.high) == pytest.approx((50, 950))
    assert interval.method == "percentile"


def test_bca_is_the_percentile_where_nothing_is_to_correct() -> None:
    replicates = np.arange(-500.0, 501.0)
    corrected = bca_interval(replicates, 0.0, np.array([-1.0, 0.0, 1.0]))
    plain = percentile_interval(replicates)
    assert corrected.method == "bca"
    assert (corrected.low, corrected.high) == pytest.approx((plain.low, plain.high))


def test_bca_moves_towards_the_estimate() -> None:
    # Most replicates lie below the estimate: the interval moves up.
    replicates = np.arange(-700.0, 301.0)
    corrected = bca_interval(replicates, 0.0, np.array([-1.0, 0.0, 1.0]))
    assert corrected.high > percentile_interval(replicates).high


@pytest.mark.parametrize(
    ("replicates", "jackknife"),
    [(np.zeros(200), np.zeros(5)), (np.linspace(1, 2, 200), np.arange(5.0))],
)
def test_bca_falls_back_and_says_so(
    replicates: NDArray[np.float64], jackknife: NDArray[np.float64]
) -> None:
    interval = bca_interval(replicates, 0.0, jackknife)
    assert interval == percentile_interval(replicates)


def test_the_interval_is_what_the_number_of_clusters_can_carry() -> None:
    replicates = np.linspace(-1, 1, 401)
    none = cluster_interval(replicates, 0.0, np.zeros(1))
    assert none.method == "none"
    assert np.isnan([none.low, none.high]).all()
    few, enough = (cluster_interval(replicates, 0.0, np.arange(float(n))) for n in (9, 10))
    assert few == percentile_interval(replicates)
    assert enough == bca_interval(replicates, 0.0, np.arange(10.0))


def test_p_counts_differences_as_large() -> None:
    assert randomisation_p(0.5, np.array([0.5, -0.6, 0.1, 0.4])) == pytest.approx(3 / 5)
    assert randomisation_p(0.0, np.zeros(99)) == 1
    assert randomisation_p(9.0, np.zeros(99)) == pytest.approx(1 / 100)
    assert np.isnan(randomisation_p(float("nan"), np.zeros(99)))
    # A tie up to rounding counts.
    assert randomisation_p(0.3, np.array([0.1 + 0.2, 0.3 - 1e-16])) == 1


def test_the_interval_of_a_share_is_a_t_interval_of_its_log_odds() -> None:
    found = share_interval(0.8, np.array([0.7, 0.8, 0.9]), n_bearing=2)
    # Standard error sqrt(2/3 * 0.02); t of 2 degrees of freedom 4.3027; slope 1 / (0.8 * 0.2).
    half = 4.302653 * np.sqrt(2 / 3 * 0.02) / 0.16
    odds = np.log(4.0)
    expected = [1 / (1 + np.exp(-end)) for end in (odds - half, odds + half)]
    assert (found.low, found.high) == pytest.approx(expected)
    assert found.method == "logit"
    narrow = share_interval(0.8, np.array([0.7, 0.8, 0.9]), n_bearing=2, confidence=0.5)
    assert found.low < narrow.low < 0.8 < narrow.high < found.high


@pytest.mark.parametrize(
    ("value", "jackknife", "n_bearing"),
    [
        (1.0, [0.9, 1.0, 1.0], 2),
        (0.0, [0.0, 0.1, 0.0], 2),
        (0.7, [0.7, 0.7, 0.7], 2),
        (0.7, [0.6, 0.7, 0.8], 1),
        (0.7, [0.7], 2),
        (float("nan"), [float("nan")] * 3, 2),
    ],
)
def test_where_nothing_says_how_far_off_a_share_is_there_is_no_interval(
    value: float, jackknife: list[float], n_bearing: int
) -> None:
    found = share_interval(value, np.array(jackknife), n_bearing=n_bearing)
    assert found.method == "none"
    assert np.isnan([found.low, found.high]).all()
