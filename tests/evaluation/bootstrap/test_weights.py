"""Clusters, and how often each counts in a replicate."""

import numpy as np
import pytest

from genre.evaluation.bootstrap import weights as weights_module
from genre.evaluation.bootstrap.weights import blocks, cluster_rows, draw_weights, sums_per_cluster
from tests.bootstrap_examples import CLUSTER, DECISIONS


def test_clusters_are_numbered_by_name() -> None:
    cluster, n_clusters = cluster_rows(np.array(["b", "a", "b", "c"]))
    np.testing.assert_array_equal(cluster, [1, 0, 1, 2])
    assert n_clusters == 3


def test_every_replicate_draws_as_many_clusters_as_there_are() -> None:
    weights = draw_weights(7, n_replicates=500, rng=np.random.default_rng(0))
    assert weights.shape == (500, 7)
    np.testing.assert_array_equal(weights.sum(axis=1), 7)
    # A cell is binomial(7, 1/7): mean 1, variance 6/7; four standard errors of 500 rows.
    np.testing.assert_allclose(weights.mean(axis=0), 1, atol=4 * np.sqrt(6 / 7 / 500))


def test_weights_depend_on_the_seed_alone() -> None:
    first = draw_weights(9, n_replicates=20, rng=np.random.default_rng(5))
    again = draw_weights(9, n_replicates=20, rng=np.random.default_rng(5))
    other = draw_weights(9, n_replicates=20, rng=np.random.default_rng(6))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_blocks_of_weights_are_those_of_one_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = draw_weights(4, n_replicates=10, rng=np.random.default_rng(0))
    monkeypatch.setattr(weights_module, "BLOCK_VALUES", 12)
    np.testing.assert_array_equal(
        draw_weights(4, n_replicates=10, rng=np.random.default_rng(0)), whole
    )


def test_blocks_cover_every_row_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_module, "BLOCK_VALUES", 12)
    assert list(blocks(10, 4)) == [slice(0, 3), slice(3, 6), slice(6, 9), slice(9, 10)]
    # A row that is too long is a block by itself, and no rows are no block.
    assert list(blocks(2, 50)) == [slice(0, 1), slice(1, 2)]
    assert list(blocks(0, 4)) == []


def test_rows_are_added_up_per_cluster() -> None:
    np.testing.assert_array_equal(sums_per_cluster(DECISIONS, CLUSTER), [[1, 1], [1, 1], [1, 1]])


def test_a_cluster_without_rows_adds_up_to_nothing() -> None:
    sums = sums_per_cluster(np.array([[1.5], [2.0]]), np.array([2, 0]))
    np.testing.assert_array_equal(sums, [[2.0], [0.0], [1.5]])
