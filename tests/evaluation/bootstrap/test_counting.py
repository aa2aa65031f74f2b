"""F1, precision and recall as functions of weights: by hand and against scikit-learn."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.metrics import f1_score, precision_score, recall_score

from genre.evaluation.bootstrap.counting import (
    F1Average,
    OfClasses,
    class_statistic,
    f1_statistic,
    weighted_f1_statistic,
)
from genre.evaluation.bootstrap.weights import draw_weights
from tests.bootstrap_examples import CLUSTER, DECISIONS, Y_TRUE


def test_weighted_f1_by_hand() -> None:
    statistic = weighted_f1_statistic(Y_TRUE, DECISIONS, CLUSTER)
    # All once: class 0 TP 2, PP 3, P 3: F1 2/3; class 1 TP 2, PP 3, P 2: 4/5; weights 3 and 2.
    # Cluster 1 twice: class 0 TP 0, PP 2, P 0: 0; class 1 TP 2, PP 2, P 2: 1; all weight on it.
    values = statistic(np.array([[1, 1, 1], [0, 2, 0], [0, 0, 0]]))
    np.testing.assert_allclose(values, [(3 * 2 / 3 + 2 * 4 / 5) / 5, 1, 0])


def test_averages_of_f1_by_hand() -> None:
    # Class 0: TP 1, PP 2, P 1: F1 2/3. Class 1: TP 0, PP 1, P 0: left out of the macro mean, though
    # it costs micro F1: 2 x 1 / (3 + 1). With the first track twice: 4/5 and 4/6.
    y_true = np.array([[1, 0], [0, 0]], dtype=np.bool_)
    decisions = np.array([[1, 1], [1, 0]], dtype=np.bool_)
    weights = np.array([[1, 1], [2, 1]])

    def values(average: F1Average) -> NDArray[np.float64]:
        return f1_statistic(y_true, decisions, np.arange(2), average=average)(weights)

    np.testing.assert_allclose(values("macro"), [2 / 3, 4 / 5])
    np.testing.assert_allclose(values("micro"), [2 / 4, 4 / 7])
    np.testing.assert_allclose(values("classes"), [[2 / 3, 0], [4 / 5, 0]])
    # Of class 0's two predictions one is right, of three two; nothing of it is missed.
    precision, recall = (
        class_statistic(y_true, decisions, np.arange(2), measure=measure)(weights)
        for measure in ("precision", "recall")
    )
    np.testing.assert_allclose(precision, [[1 / 2, 0], [2 / 3, 0]])
    np.testing.assert_allclose(recall, [[1, 0], [1, 0]])


@settings(max_examples=40)
@given(
    y_true=arrays(np.bool_, (8, 3)),
    decisions=arrays(np.bool_, (8, 3)),
    weights=arrays(np.int16, (3, 4), elements=st.integers(0, 3)),
)
def test_macro_and_micro_f1_by_brute_force(
    y_true: NDArray[np.bool_], decisions: NDArray[np.bool_], weights: NDArray[np.int16]
) -> None:
    cluster = np.array([0, 1, 2, 3, 0, 1, 2, 3])
    present = np.flatnonzero(y_true.any(axis=0))
    macro = f1_statistic(y_true, decisions, cluster, average="macro")(weights)
    micro = f1_statistic(y_true, decisions, cluster, average="micro")(weights)
    for replicate, row in enumerate(weights):
        rows = np.repeat(np.arange(8), row[cluster])
        truth, chosen = y_true[rows], decisions[rows]
        # scikit-learn knows no empty sample: nothing found is 0 by our rule.
        expected_micro = expected_macro = 0.0
        if len(rows):
            expected_micro = f1_score(truth, chosen, average="micro", zero_division=0)
        if len(rows) and len(present):
            each = f1_score(truth, chosen, average=None, zero_division=0)
            expected_macro = float(np.mean(np.asarray(each)[present]))
        assert micro[replicate] == pytest.approx(expected_micro, abs=1e-15)
        assert macro[replicate] == pytest.approx(expected_macro, abs=1e-15)


@pytest.mark.parametrize(
    ("measure", "theirs"),
    [("f1", f1_score), ("precision", precision_score), ("recall", recall_score)],
)
def test_single_classes_are_scikit_learns_on_every_replicate(
    measure: OfClasses, theirs: Callable[..., NDArray[np.float64]]
) -> None:
    weights = draw_weights(3, n_replicates=20, rng=np.random.default_rng(0))
    found = class_statistic(Y_TRUE, DECISIONS, CLUSTER, measure=measure)(weights)
    for row, values in zip(weights, found, strict=True):
        times = row[CLUSTER]
        y_true, decisions = (np.repeat(part, times, axis=0) for part in (Y_TRUE, DECISIONS))
        expected = theirs(y_true, decisions, average=None, zero_division=0)
        np.testing.assert_allclose(values, expected, atol=1e-12)


@pytest.mark.parametrize("average", ["weighted", "macro", "micro", "classes"])
def test_the_jackknife_of_counts_is_that_of_weights(average: F1Average) -> None:
    statistic = f1_statistic(Y_TRUE, DECISIONS, CLUSTER, average=average)
    np.testing.assert_allclose(statistic.jackknife(), statistic(1 - np.eye(3)), rtol=1e-15)
    np.testing.assert_allclose(statistic.full(), statistic(np.ones((1, 3))), rtol=1e-15)
