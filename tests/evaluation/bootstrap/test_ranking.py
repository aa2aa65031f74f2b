"""Average precision and AUC as functions of weights: by hand, and as rows that are repeated."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from genre.evaluation.bootstrap.ranking import (
    RankMeasure,
    block_size,
    macro_ap_statistic,
    macro_auc_statistic,
    mean_over_classes,
    rank_statistic,
)
from genre.evaluation.bootstrap.weights import draw_weights
from tests.bootstrap_examples import CLUSTER, Y_TRUE


def test_average_precision_by_hand() -> None:
    y_true = np.array([[1], [0], [1]], dtype=np.bool_)
    statistic = macro_ap_statistic(y_true, np.array([[0.9], [0.5], [0.1]]), np.arange(3))
    # Precisions at the positives: 1 and 2/3. With the negative doubled: 1 and 2/4. Without the
    # first positive: 1/2. Without any positive: as in the full sample.
    values = statistic(np.array([[1, 1, 1], [1, 2, 1], [0, 1, 1], [0, 3, 0]]))
    full = (1 + 2 / 3) / 2
    np.testing.assert_allclose(values, [full, (1 + 1 / 2) / 2, 1 / 2, full])


def test_auc_by_hand() -> None:
    y_true = np.array([[1], [0], [1], [0]], dtype=np.bool_)
    y_score = np.array([[0.9], [0.5], [0.5], [0.1]])
    statistic = macro_auc_statistic(y_true, y_score, np.arange(4))
    # Pairs won: the first positive both, the second one half and one. With the tied negative three
    # times: 4 + 3 / 2 + 1 of 8. Without any negative: as in the full sample.
    values = statistic(np.array([[1, 1, 1, 1], [1, 3, 1, 1], [1, 0, 1, 0]]))
    np.testing.assert_allclose(values, [3.5 / 4, 6.5 / 8, 3.5 / 4])


def test_classes_without_positives_stay_out() -> None:
    y_true = np.array([[1, 0], [0, 0]], dtype=np.bool_)
    statistic = macro_ap_statistic(y_true, np.array([[0.9, 0.1], [0.1, 0.9]]), np.arange(2))
    assert statistic(np.ones((1, 2)))[0] == 1
    nothing = macro_ap_statistic(y_true[:, 1:], np.ones((2, 1)), np.arange(2))
    assert np.isnan(nothing(np.ones((1, 2)))).all()


@settings(max_examples=40)
@given(
    y_true=arrays(np.bool_, (8, 2)),
    y_score=arrays(np.float64, (8, 2), elements=st.sampled_from([0.0, 0.25, 0.5, 1.0])),
    weights=arrays(np.int16, (1, 4), elements=st.integers(0, 3)),
)
def test_weights_mean_repeated_rows(
    y_true: NDArray[np.bool_], y_score: NDArray[np.float64], weights: NDArray[np.int16]
) -> None:
    cluster = np.array([0, 1, 2, 3, 0, 1, 2, 3])
    rows = np.repeat(np.arange(8), weights[0][cluster])
    # Without a positive (or, for the AUC, a negative) a class stays at its full-sample value.
    assume(y_true[rows].any(axis=0).all() and not y_true[rows].all(axis=0).any())
    for make in (macro_ap_statistic, macro_auc_statistic):
        weighted = make(y_true, y_score, cluster)(weights)
        repeated = make(y_true[rows], y_score[rows], np.arange(len(rows)))
        np.testing.assert_allclose(weighted, repeated(np.ones((1, len(rows)))))


def test_every_class_by_itself_and_the_mean_over_those_known() -> None:
    rng = np.random.default_rng(0)
    y_score = rng.random((5, 3))
    y_true = np.hstack([Y_TRUE, np.zeros((5, 1), dtype=np.bool_)])
    weights = draw_weights(3, n_replicates=9, rng=rng)
    classes = rank_statistic(y_true, y_score, CLUSTER, measure="ap", is_macro=False)(weights)
    assert np.isnan(classes[:, 2]).all()
    np.testing.assert_allclose(
        classes[:, :2].mean(axis=1), macro_ap_statistic(y_true, y_score, CLUSTER)(weights)
    )


@pytest.mark.parametrize("measure", ["ap", "auc"])
def test_the_full_sample_is_every_weight_once(measure: RankMeasure) -> None:
    y_score = np.random.default_rng(0).random((5, 2))
    statistic = rank_statistic(Y_TRUE, y_score, CLUSTER, measure=measure, is_macro=False)
    np.testing.assert_array_equal(statistic.full(), statistic(np.ones((1, 3))))
    np.testing.assert_array_equal(statistic.known, [True, True])


def test_a_class_that_all_have_is_unknown_to_the_auc_alone() -> None:
    y_true = np.array([[True, True], [True, False]])
    y_score = np.array([[0.9, 0.8], [0.1, 0.2]])
    known = {
        measure: rank_statistic(y_true, y_score, np.arange(2), measure=measure).known.tolist()
        for measure in ("ap", "auc")
    }
    assert known == {"ap": [True, True], "auc": [False, True]}


def test_the_mean_is_over_known_classes() -> None:
    values = np.array([[0.2, np.nan, 0.6], [0.4, np.nan, 1.0]])
    found = mean_over_classes(values, np.array([True, False, True]))
    np.testing.assert_allclose(found, [0.4, 0.7])
    np.testing.assert_array_equal(mean_over_classes(values, np.zeros(3, dtype=np.bool_)), np.nan)


def test_blocks_hold_a_fixed_number_of_weights() -> None:
    assert block_size(1000) == 200
    assert block_size(10**6) == 32
