"""Average precision and AUC without each cluster: by hand, and as weights of 0."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from genre.evaluation.bootstrap.leaving_out import auc_without_each, average_precision_without_each
from genre.evaluation.bootstrap.ranked import rank_class
from genre.evaluation.bootstrap.ranking import RankMeasure, rank_statistic


def test_without_each_cluster_by_hand() -> None:
    # Best first: + of a, - of b, + of b, - of c, + of c.
    y_true = np.array([True, False, True, False, True])
    y_score = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    ranked = rank_class(y_true, y_score, np.array([0, 1, 1, 2, 2]), 3)
    # Without a: - + - +, so 1/2 and 2/4. Without b: + - +. Without c: + - +.
    expected = [(1 / 2 + 2 / 4) / 2, (1 + 2 / 3) / 2, (1 + 2 / 3) / 2]
    np.testing.assert_allclose(average_precision_without_each(ranked), expected)
    # Without a: of 2 x 2 pairs one is won. Without b, and without c: of 2 x 1 pairs one is won.
    np.testing.assert_allclose(auc_without_each(ranked), [1 / 4, 1 / 2, 1 / 2])


def test_without_the_only_positive_or_negative_there_is_nothing_to_say() -> None:
    ranked = rank_class(np.array([True, False]), np.array([0.9, 0.1]), np.array([0, 1]), 2)
    np.testing.assert_array_equal(average_precision_without_each(ranked), [np.nan, 1])
    np.testing.assert_array_equal(auc_without_each(ranked), [np.nan, np.nan])


@settings(max_examples=60)
@given(
    y_true=arrays(np.bool_, (12, 2)),
    y_score=arrays(np.float64, (12, 2), elements=st.sampled_from([0.0, 0.2, 0.25, 0.5, 0.9, 1.0])),
    others=arrays(np.intp, (8,), elements=st.integers(0, 3)),
)
@pytest.mark.parametrize("measure", ["ap", "auc"])
def test_the_jackknife_of_ranks_is_that_of_weights(
    measure: RankMeasure,
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.float64],
    others: NDArray[np.intp],
) -> None:
    cluster = np.concatenate([np.arange(4), others])
    statistic = rank_statistic(y_true, y_score, cluster, measure=measure, is_macro=False)
    # Sums are subtracted here and not there: a few units in the last place.
    np.testing.assert_allclose(statistic.jackknife(), statistic(1 - np.eye(4)), atol=1e-14)
