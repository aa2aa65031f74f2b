"""Columns of the table of contrasts: genre.evaluation.comparison.rows."""

import numpy as np
import pytest

from genre.evaluation.comparison.contrasts import Contrast, Kind
from genre.evaluation.comparison.inference import estimate
from genre.evaluation.comparison.rows import sides, uncertainty
from tests.comparison_examples import PAIR, QUICK, make_replicated

VALUES = {"a": 0.9, "b": 0.5, "c": 0.6, "d": 0.4}
RUNS = {name: [make_replicated(value)] for name, value in VALUES.items()}


def test_both_means_and_their_difference_relative_to_b() -> None:
    effect = Contrast(kind=Kind.ATTENTION, side_a=("a", "b"), side_b=("c", "d"))
    found = sides(effect, RUNS, 1)
    assert found == pytest.approx({"mean_A": 0.7, "mean_B": 0.5, "relative": 0.4})


def test_an_interaction_compares_two_differences_and_has_no_base() -> None:
    both = Contrast(kind=Kind.INTERACTION, side_a=("a", "d"), side_b=("b", "c"))
    found = sides(both, RUNS, 1)
    assert (found["mean_A"], found["mean_B"]) == pytest.approx((0.4, 0.2))
    assert np.isnan(found["relative"])


def test_one_seed_is_the_first_and_several_their_mean() -> None:
    runs = {"A": [make_replicated(0.4), make_replicated(0.8)], "B": [make_replicated(0.5)]}
    assert sides(PAIR, runs, 1)["mean_A"] == pytest.approx(0.4)
    assert sides(PAIR, runs, 2)["mean_A"] == pytest.approx(0.6)


def test_an_estimate_has_its_columns() -> None:
    runs = {"A": [make_replicated(0.6)], "B": [make_replicated(0.5, spread=0.2)]}
    found = estimate(PAIR.weights, runs, QUICK)
    columns = uncertainty(found)
    assert (columns["ci_low"], columns["ci_method"]) == (found.interval.low, "bca")
    assert columns["percentile_high"] == found.percentile.high
