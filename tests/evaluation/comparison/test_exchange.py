"""The randomisation test: by going through all exchanges, and false positives."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from genre.evaluation.bootstrap import draw_weights, weighted_f1_statistic
from genre.evaluation.comparison import (
    Comparison,
)
from genre.evaluation.comparison.exchange import exchange, exchange_p
from genre.evaluation.comparison.legacy import legacy_test
from genre.evaluation.comparison.measures import WEIGHTED_F1
from tests.comparison_examples import PAIR, TWO, as_run, exchangeable_runs


@pytest.mark.parametrize("seed", range(8))
def test_the_exchange_test_by_going_through_all_exchanges(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(5), 2)
    y_true = rng.random((10, 5)) < 0.4
    decisions = {name: rng.random((10, 5)) < 0.4 for name in "ABCD"}
    decisions["A"] = np.where(rng.random((10, 5)) < 0.6, y_true, ~y_true)
    swaps = np.array(list(itertools.product([False, True], repeat=5)))

    def f1(values: NDArray[np.bool_]) -> float:
        return float(f1_score(y_true, values, average="weighted", zero_division=0))

    def difference(swap: NDArray[np.bool_]) -> float:
        # Both pairs are exchanged at once.
        rows = swap[cluster][:, np.newaxis]
        return sum(
            f1(np.where(rows, decisions[b], decisions[a]))
            - f1(np.where(rows, decisions[a], decisions[b]))
            for a, b in (("A", "B"), ("C", "D"))
        )

    observed = difference(np.zeros(5, dtype=np.bool_))
    n_as_large = sum(abs(difference(swap)) >= abs(observed) - 1e-12 for swap in swaps)
    runs = {name: as_run(y_true, values) for name, values in decisions.items()}
    sides = [
        exchange(WEIGHTED_F1, runs[a], runs[b], cluster=cluster, swaps=swaps)
        for a, b in (("A", "B"), ("C", "D"))
    ]
    p_value = exchange_p(sides)
    assert p_value == pytest.approx((1 + n_as_large) / 33)


def test_exchanging_the_names_changes_the_sign_alone(one_seed: Comparison) -> None:
    experiment = one_seed.experiment
    runs = {name: by_seed[0] for name, by_seed in experiment.runs.items()}
    a, b = (runs[name] for name in TWO)
    _, cluster = np.unique(experiment.any_run.artist, return_inverse=True)
    swaps = np.random.default_rng(0).random((300, one_seed.n_clusters)) < 0.5
    there, back = (
        exchange(WEIGHTED_F1, *pair, cluster=cluster, swaps=swaps) for pair in ((a, b), (b, a))
    )
    np.testing.assert_array_equal(there.observed, -back.observed)
    assert exchange_p([there]) == exchange_p([back])


@pytest.mark.slow
def test_checkpoints_that_do_not_differ_are_told_apart_in_one_of_twenty() -> None:
    rng = np.random.default_rng(1)
    n_trials = 600
    found = legacy = 0
    for _ in range(n_trials):
        y_true, (a, b), cluster = exchangeable_runs(2, rng, seed_spread=0.0)
        swaps = rng.random((400, 60)) < 0.5
        runs = {"A": as_run(y_true, a), "B": as_run(y_true, b)}
        p_value = exchange_p(
            [exchange(WEIGHTED_F1, runs["A"], runs["B"], cluster=cluster, swaps=swaps)]
        )
        found += p_value <= 0.05
        weights = draw_weights(len(cluster), n_replicates=400, rng=rng)
        rows = np.arange(len(cluster))
        replicates = {
            name: weighted_f1_statistic(y_true, one, rows)(weights)
            for name, one in (("A", a), ("B", b))
        }
        legacy += legacy_test(PAIR, replicates, n_replicates=400).p < 0.05
    assert 0.02 <= found / n_trials <= 0.08
    # The reference's test finds a difference nearly always where there is none.
    assert legacy / n_trials > 0.8
