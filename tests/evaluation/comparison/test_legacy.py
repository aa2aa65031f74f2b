"""The reference's test, against SciPy's."""

import numpy as np
import pytest
from scipy.stats import ttest_rel
from sklearn.metrics import f1_score

from genre.evaluation.comparison import Comparison
from genre.evaluation.comparison.legacy import legacy_curve, legacy_replicates, legacy_test
from tests.comparison_examples import PAIR


def test_the_reference_test_is_a_paired_t_test() -> None:
    rng = np.random.default_rng(0)
    replicates = {"A": rng.normal(0.5, 0.1, 50), "B": rng.normal(0.48, 0.1, 50)}
    expected = ttest_rel(replicates["A"], replicates["B"])
    found = legacy_test(PAIR, replicates, n_replicates=50)
    assert found.t == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)


def test_windows_are_resampled_as_if_they_were_independent(small: Comparison) -> None:
    runs = {name: by_seed[0] for name, by_seed in small.experiment.runs.items()}
    found = legacy_replicates(runs, n_replicates=100, rng=np.random.default_rng(0))
    again = legacy_replicates(runs, n_replicates=100, rng=np.random.default_rng(0))
    for name, run in runs.items():
        np.testing.assert_array_equal(found[name], again[name])
        truth, decisions = run.y_true[run.window_track], run.window_score >= 0.5
        value = f1_score(truth, decisions, average="weighted", zero_division=0)
        # Within five standard errors of the mean of 100 replicates.
        assert found[name].mean() == pytest.approx(value, abs=0.5 * found[name].std())


def test_the_reference_p_falls_with_the_replicates() -> None:
    rng = np.random.default_rng(0)
    replicates = {"A": rng.normal(0.51, 0.05, 2000), "B": rng.normal(0.5, 0.05, 2000)}
    curve = legacy_curve([PAIR], replicates)
    assert curve["n_replicates"].iloc[[0, -1]].tolist() == [10, 2000]
    assert curve["p"].iloc[-1] < 1e-6 < curve["p"].iloc[0]


def test_the_reference_test_of_equal_models() -> None:
    same = {"A": np.linspace(0, 1, 20), "B": np.linspace(0, 1, 20)}
    assert legacy_test(PAIR, same, n_replicates=20).p == 1
    shifted = {"A": np.linspace(0, 1, 20) + 0.5, "B": np.linspace(0, 1, 20)}
    assert legacy_test(PAIR, shifted, n_replicates=20).p == 0
