"""Resampling: weights, statistics and intervals, by hand and against direct computation."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.metrics import f1_score, precision_score, recall_score

from genre.evaluation.bootstrap import (
    F1Average,
    OfClasses,
    bca_interval,
    class_statistic,
    cluster_interval,
    cluster_rows,
    draw_weights,
    f1_statistic,
    macro_ap_statistic,
    macro_auc_statistic,
    percentile_interval,
    randomisation_p,
    rank_statistic,
    weighted_f1_statistic,
)
from genre.evaluation.bootstrap import ranked as ranked_module
from genre.evaluation.bootstrap import ranking as ranking_module
from genre.evaluation.bootstrap import weights as weights_module
from genre.evaluation.bootstrap.ranking import RankMeasure
from genre.evaluation.bootstrap.weights import sums_per_cluster

CLUSTER = np.array([0, 0, 1, 1, 2])
Y_TRUE = np.array([[1, 0], [1, 1], [0, 1], [0, 0], [1, 0]], dtype=np.bool_)
DECISIONS = np.array([[1, 0], [0, 1], [0, 1], [1, 0], [1, 1]], dtype=np.bool_)


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


def test_blocks_do_not_change_the_statistics(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    weights = draw_weights(3, n_replicates=50, rng=rng)
    y_score = rng.random((5, 2))
    whole = weighted_f1_statistic(Y_TRUE, DECISIONS, CLUSTER)(weights)
    whole_ap = macro_ap_statistic(Y_TRUE, y_score, CLUSTER)(weights)
    whole_auc = macro_auc_statistic(Y_TRUE, y_score, CLUSTER)(weights)
    monkeypatch.setattr(weights_module, "BLOCK_VALUES", 20)
    monkeypatch.setattr(ranking_module, "BLOCK_VALUES", 9)
    monkeypatch.setattr(ranking_module, "SMALLEST_BLOCK", 2)
    monkeypatch.setattr(ranked_module, "WIDE_BLOCK", 1)
    np.testing.assert_array_equal(whole, weighted_f1_statistic(Y_TRUE, DECISIONS, CLUSTER)(weights))
    np.testing.assert_array_equal(whole_ap, macro_ap_statistic(Y_TRUE, y_score, CLUSTER)(weights))
    np.testing.assert_array_equal(whole_auc, macro_auc_statistic(Y_TRUE, y_score, CLUSTER)(weights))


def test_rows_are_added_up_per_cluster() -> None:
    np.testing.assert_array_equal(sums_per_cluster(DECISIONS, CLUSTER), [[1, 1], [1, 1], [1, 1]])


def test_weighted_f1_by_hand() -> None:
    statistic = weighted_f1_statistic(Y_TRUE, DECISIONS, CLUSTER)
    # All once: class 0 TP 2, PP 3, P 3: F1 2/3; class 1 TP 2, PP 3, P 2: 4/5; weights 3 and 2.
    # Cluster 1 twice: class 0 TP 0, PP 2, P 0: 0; class 1 TP 2, PP 2, P 2: 1; all weight on it.
    values = statistic(np.array([[1, 1, 1], [0, 2, 0], [0, 0, 0]]))
    np.testing.assert_allclose(values, [(3 * 2 / 3 + 2 * 4 / 5) / 5, 1, 0])


def test_average_precision_by_hand() -> None:
    y_true = np.array([[1], [0], [1]], dtype=np.bool_)
    statistic = macro_ap_statistic(y_true, np.array([[0.9], [0.5], [0.1]]), np.arange(3))
    # Precisions at the positives: 1 and 2/3. With the negative doubled: 1 and 2/4. Without the
    # first positive: 1/2. Without any positive: as in the full sample.
    values = statistic(np.array([[1, 1, 1], [1, 2, 1], [0, 1, 1], [0, 3, 0]]))
    full = (1 + 2 / 3) / 2
    np.testing.assert_allclose(values, [full, (1 + 1 / 2) / 2, 1 / 2, full])


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
    if not y_true[rows].any(axis=0).all() or y_true[rows].all(axis=0).any():
        return
    for make in (macro_ap_statistic, macro_auc_statistic):
        weighted = make(y_true, y_score, cluster)(weights)
        repeated = make(y_true[rows], y_score[rows], np.arange(len(rows)))
        np.testing.assert_allclose(weighted, repeated(np.ones((1, len(rows)))))


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
    ("measure", "reference"),
    [("f1", f1_score), ("precision", precision_score), ("recall", recall_score)],
)
def test_single_classes_are_scikit_learns_on_every_replicate(
    measure: OfClasses, reference: Callable[..., NDArray[np.float64]]
) -> None:
    weights = draw_weights(3, n_replicates=20, rng=np.random.default_rng(0))
    found = class_statistic(Y_TRUE, DECISIONS, CLUSTER, measure=measure)(weights)
    for row, values in zip(weights, found, strict=True):
        times = row[CLUSTER]
        y_true, decisions = (np.repeat(part, times, axis=0) for part in (Y_TRUE, DECISIONS))
        expected = reference(y_true, decisions, average=None, zero_division=0)
        np.testing.assert_allclose(values, expected, atol=1e-12)


@pytest.mark.parametrize("average", ["weighted", "macro", "micro", "classes"])
def test_the_jackknife_of_counts_is_that_of_weights(average: F1Average) -> None:
    statistic = f1_statistic(Y_TRUE, DECISIONS, CLUSTER, average=average)
    np.testing.assert_allclose(statistic.jackknife(), statistic(1 - np.eye(3)), rtol=1e-15)
    np.testing.assert_allclose(statistic.full(), statistic(np.ones((1, 3))), rtol=1e-15)


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


def make_correlated(
    n_artists: int, tracks_per_artist: int, spread: float, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """Give decisions whose errors come from the artist by `spread`, else from the track."""
    cluster = np.repeat(np.arange(n_artists), tracks_per_artist)
    noise = spread * rng.normal(size=(n_artists, 4))[cluster]
    noise += np.sqrt(1 - spread**2) * rng.normal(size=(len(cluster), 4))
    y_true = np.eye(4, dtype=np.bool_)[cluster % 4]
    return y_true, (1.5 * y_true + noise) > 0.8, cluster


def test_alike_tracks_of_an_artist_widen_the_interval() -> None:
    rng = np.random.default_rng(3)
    y_true, decisions, cluster = make_correlated(40, 6, 0.95, rng)
    by_artist = weighted_f1_statistic(y_true, decisions, cluster)
    by_track = weighted_f1_statistic(y_true, decisions, np.arange(len(cluster)))
    wide = np.std(by_artist(draw_weights(40, n_replicates=1000, rng=rng)))
    narrow = np.std(by_track(draw_weights(240, n_replicates=1000, rng=rng)))
    assert wide > 1.4 * narrow


def test_the_spread_falls_with_the_root_of_the_artists() -> None:
    spreads = []
    for n_artists in (60, 960):
        rng = np.random.default_rng(4)
        y_true, decisions, cluster = make_correlated(n_artists, 2, 0.5, rng)
        weights = draw_weights(n_artists, n_replicates=600, rng=rng)
        spreads.append(np.std(weighted_f1_statistic(y_true, decisions, cluster)(weights)))
    # 16 times the artists: a quarter of the spread. The first spread itself is estimated from 60
    # artists, to about 10 %.
    assert spreads[1] / spreads[0] == pytest.approx(0.25, rel=0.3)


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    y_true, decisions, cluster = make_correlated(40_000, 3, 0.7, rng)
    truth = weighted_f1_statistic(y_true, decisions, cluster)(np.ones((1, 40_000)))[0]
    n_trials, covered = 500, 0
    for _ in range(n_trials):
        y_true, decisions, cluster = make_correlated(80, 3, 0.7, rng)
        statistic = weighted_f1_statistic(y_true, decisions, cluster)
        replicates = statistic(draw_weights(80, n_replicates=1000, rng=rng))
        estimate = float(statistic(np.ones((1, 80)))[0])
        interval = bca_interval(replicates, estimate, statistic(1 - np.eye(80)))
        covered += interval.low <= truth <= interval.high
    # Three binomial standard errors of 500 trials are 2.9 points; a bootstrap over 80 clusters
    # is known to cover about a point too little.
    assert 0.91 <= covered / n_trials <= 0.98
