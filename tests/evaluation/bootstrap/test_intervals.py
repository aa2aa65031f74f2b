"""Intervals and p-values from replicates, by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.evaluation.bootstrap.intervals import (
    bca_interval,
    cluster_interval,
    percentile_interval,
    randomisation_p,
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
