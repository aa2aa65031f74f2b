"""Agreement with scikit-learn and SciPy."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import softmax
from scipy.stats import bootstrap, permutation_test
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    classification_report,
    f1_score,
    hamming_loss,
    jaccard_score,
    label_ranking_average_precision_score,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
)

from genre.evaluation.bootstrap import (
    bca_interval,
    draw_weights,
    f1_statistic,
    macro_ap_statistic,
    macro_auc_statistic,
    percentile_interval,
    randomisation_p,
    weighted_f1_statistic,
)
from genre.evaluation.metrics import METRICS, evaluate, report_text

N_CLUSTERS, N_TRACKS, N_LABELS = 12, 60, 4


def make_data(seed: int = 0) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Give y_true, y_score (rounded, so that there are ties), decisions, cluster."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(N_TRACKS) % N_CLUSTERS
    y_true = rng.random((N_TRACKS, N_LABELS)) < 0.45
    y_true[np.arange(N_TRACKS), cluster % N_LABELS] = True
    y_score = np.round(np.clip(0.3 * y_true + 0.7 * rng.random(y_true.shape), 0, 1), 2)
    return y_true, y_score, y_score > 0.5, cluster


@pytest.mark.parametrize("average", ["macro", "micro", "weighted", "samples"])
@pytest.mark.parametrize(
    ("measure", "reference"),
    [("f1", f1_score), ("precision", precision_score), ("recall", recall_score)],
)
def test_averages_of_decisions(average: str, measure: str, reference: Callable[..., float]) -> None:
    for seed in range(5):
        y_true, _, decisions, _ = make_data(seed)
        y_true[:, 3] = False  # a class without positives
        decisions[:20] = False  # rows and, with luck, classes without predictions
        present = np.flatnonzero(y_true.any(axis=0)) if average == "macro" else None
        expected = reference(y_true, decisions, average=average, zero_division=0, labels=present)
        value = METRICS[f"{average}_{measure}"].function(y_true, decisions)
        assert value == pytest.approx(expected, abs=1e-12)


def test_other_metrics() -> None:
    y_true, y_score, decisions, _ = make_data()
    expected = {
        "macro_ap": average_precision_score(y_true, y_score, average="macro"),
        "macro_auc": roc_auc_score(y_true, y_score, average="macro"),
        "lrap": label_ranking_average_precision_score(y_true, y_score),
        "hamming_loss": hamming_loss(y_true, decisions),
        "jaccard": jaccard_score(y_true, decisions, average="samples", zero_division=0),
        "brier": np.mean([brier_score_loss(y_true[:, k], y_score[:, k]) for k in range(N_LABELS)]),
        "subset_accuracy": np.mean((y_true == decisions).all(axis=1)),
    }
    for name, value in expected.items():
        metric = METRICS[name]
        given = y_score if metric.needs == "scores" else decisions
        assert metric.function(y_true, given) == pytest.approx(value, abs=1e-12), name


def test_the_report_is_scikit_learns() -> None:
    y_true, _, decisions, _ = make_data()
    names = ["a", "b", "c", "d"]
    expected = classification_report(y_true, decisions, target_names=names, zero_division=0)
    assert report_text(y_true, decisions, names) == expected


def test_every_replicate_equals_scikit_learn_on_the_drawn_tracks() -> None:
    y_true, y_score, decisions, cluster = make_data()
    weights = draw_weights(N_CLUSTERS, n_replicates=60, rng=np.random.default_rng(1))
    f1 = weighted_f1_statistic(y_true, decisions, cluster)(weights)
    ap = macro_ap_statistic(y_true, y_score, cluster)(weights)
    auc = macro_auc_statistic(y_true, y_score, cluster)(weights)
    for row, counts in enumerate(weights):
        drawn = np.repeat(np.arange(N_TRACKS), counts[cluster])
        truth, scores = y_true[drawn], y_score[drawn]
        expected = f1_score(truth, decisions[drawn], average="weighted", zero_division=0)
        # 1e-12: sums of the same numbers in another order.
        assert f1[row] == pytest.approx(expected, abs=1e-12)
        assert ap[row] == pytest.approx(average_precision_score(truth, scores), abs=1e-12)
        assert auc[row] == pytest.approx(roc_auc_score(truth, scores), abs=1e-12)


def make_answers(
    seed: int = 0,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Give y_true, shares, decisions and cluster of exclusive genres; the last has no track."""
    rng = np.random.default_rng(seed)
    true = rng.integers(0, N_LABELS - 1, N_TRACKS)
    shares = softmax(rng.normal(size=(N_TRACKS, N_LABELS)) + np.eye(N_LABELS)[true], axis=1)
    one_hot = np.eye(N_LABELS, dtype=np.bool_)
    return one_hot[true], shares, one_hot[shares.argmax(axis=1)], np.arange(N_TRACKS) % N_CLUSTERS


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")  # the last genre
@pytest.mark.parametrize("seed", range(5))
def test_metrics_of_exclusive_genres(seed: int) -> None:
    y_true, shares, decisions, _ = make_answers(seed)
    true, given = y_true.argmax(axis=1), shares.argmax(axis=1)
    found = evaluate(y_true, shares, decisions, task="exclusive")
    labels, known = np.arange(N_LABELS), np.unique(true)
    # Equal masses, as NumPy splits the sorted rows; scikit-learn has no ECE.
    best = shares.max(axis=1)
    bins = np.array_split(np.argsort(best, kind="stable"), 15)
    gaps = [len(rows) * abs(best[rows].mean() - (true == given)[rows].mean()) for rows in bins]
    expected = {
        "accuracy": accuracy_score(true, given),
        "balanced_accuracy": balanced_accuracy_score(true, given),
        "macro_f1": f1_score(true, given, average="macro", labels=known, zero_division=0),
        "log_loss": log_loss(true, shares, labels=labels),
        "top_ece": np.sum(gaps) / N_TRACKS,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-12)


def test_replicates_of_exclusive_genres_equal_scikit_learn_on_the_drawn_tracks() -> None:
    y_true, _, decisions, cluster = make_answers()
    weights = draw_weights(N_CLUSTERS, n_replicates=60, rng=np.random.default_rng(1))
    accuracy = f1_statistic(y_true, decisions, cluster, average="accuracy")(weights)
    f1 = f1_statistic(y_true, decisions, cluster, average="macro")(weights)
    known = np.flatnonzero(y_true.any(axis=0))
    for row, counts in enumerate(weights):
        drawn = np.repeat(np.arange(N_TRACKS), counts[cluster])
        true, given = y_true[drawn].argmax(axis=1), decisions[drawn].argmax(axis=1)
        assert accuracy[row] == pytest.approx(accuracy_score(true, given), abs=1e-12)
        expected = f1_score(true, given, average="macro", labels=known, zero_division=0)
        assert f1[row] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("method", ["percentile", "BCa"])
def test_intervals_of_accuracy_agree_with_scipy(method: Literal["percentile", "BCa"]) -> None:
    y_true, _, decisions, cluster = make_answers()
    right = (y_true & decisions).any(axis=1)
    # Every artist has as many tracks: the accuracy is the mean of those of the artists.
    by_artist = np.bincount(cluster, weights=right) / np.bincount(cluster)
    reference = bootstrap(
        (by_artist,), np.mean, n_resamples=20_000, method=method, rng=np.random.default_rng(0)
    )
    statistic = f1_statistic(y_true, decisions, cluster, average="accuracy")
    weights = draw_weights(N_CLUSTERS, n_replicates=20_000, rng=np.random.default_rng(1))
    replicates = statistic(weights)
    spread = float(np.std(replicates))
    # The error of a deviation from 20,000 draws is 0.5 %, twice.
    assert spread == pytest.approx(float(reference.standard_error), rel=0.03)
    if method == "BCa":
        interval = bca_interval(replicates, float(right.mean()), statistic.jackknife())
    else:
        interval = percentile_interval(replicates)
    # Four errors of a 2.5 % quantile from 20,000 draws, and one step of 1 in 60 tracks.
    tolerance = 0.1 * spread + 1 / N_TRACKS
    assert interval.low == pytest.approx(reference.confidence_interval.low, abs=tolerance)
    assert interval.high == pytest.approx(reference.confidence_interval.high, abs=tolerance)


def scipy_statistic(
    y_true: NDArray[Any], decisions: NDArray[Any], cluster: NDArray[Any]
) -> Callable[[NDArray[Any]], float]:
    """Give weighted F1 as a function of drawn cluster ids, as SciPy resamples them."""

    def statistic(drawn: NDArray[Any]) -> float:
        rows = np.concatenate([np.flatnonzero(cluster == one) for one in drawn])
        return float(f1_score(y_true[rows], decisions[rows], average="weighted", zero_division=0))

    return statistic


@pytest.mark.parametrize("method", ["percentile", "BCa"])
def test_intervals_agree_with_scipy_on_cluster_ids(method: Literal["percentile", "BCa"]) -> None:
    y_true, _, decisions, cluster = make_data()
    reference = bootstrap(
        (np.arange(N_CLUSTERS),),
        scipy_statistic(y_true, decisions, cluster),
        n_resamples=1000,
        vectorized=False,
        method=method,
        rng=np.random.default_rng(0),
    )
    statistic = weighted_f1_statistic(y_true, decisions, cluster)
    replicates = statistic(
        draw_weights(N_CLUSTERS, n_replicates=20_000, rng=np.random.default_rng(1))
    )
    # The two draw different resamples: what is left is the error of SciPy's 1,000.
    spread = float(np.std(replicates))
    assert spread == pytest.approx(float(reference.standard_error), rel=0.1)
    if method == "BCa":
        estimate = float(statistic(np.ones((1, N_CLUSTERS)))[0])
        interval = bca_interval(replicates, estimate, statistic(1 - np.eye(N_CLUSTERS)))
    else:
        interval = percentile_interval(replicates)
    assert interval.low == pytest.approx(reference.confidence_interval.low, abs=0.3 * spread)
    assert interval.high == pytest.approx(reference.confidence_interval.high, abs=0.3 * spread)


def test_bca_equals_scipy_on_the_same_replicates() -> None:
    rng = np.random.default_rng(0)
    sample = rng.exponential(size=25)
    reference = bootstrap((sample,), np.mean, n_resamples=4000, method="BCa", rng=rng)
    jackknife = (sample.sum() - sample) / (len(sample) - 1)
    interval = bca_interval(reference.bootstrap_distribution, sample.mean(), jackknife)
    # SciPy's percentiles and NumPy's quantiles interpolate alike up to one part in 4,000.
    assert interval.low == pytest.approx(reference.confidence_interval.low, abs=2e-3)
    assert interval.high == pytest.approx(reference.confidence_interval.high, abs=2e-3)


def test_the_exchange_test_agrees_with_scipy_on_cluster_ids() -> None:
    n_clusters = 8
    y_true, _, decisions, _ = make_data(2)
    cluster = np.arange(N_TRACKS) % n_clusters
    rng = np.random.default_rng(0)
    other = np.where(rng.random(decisions.shape) < 0.25, ~decisions, decisions)

    def difference(ids_a: NDArray[Any], ids_b: NDArray[Any]) -> float:
        values = []
        for ids in (ids_a, ids_b):
            chosen = np.where((ids < n_clusters)[cluster][:, np.newaxis], decisions, other)
            values.append(f1_score(y_true, chosen, average="weighted", zero_division=0))
        return float(values[0] - values[1])

    # The id of a cluster under A is its number, under B its number + n.
    reference = permutation_test(
        (np.arange(n_clusters), np.arange(n_clusters) + n_clusters),
        difference,
        permutation_type="samples",
        n_resamples=2**n_clusters,  # SciPy goes through all exchanges there are
        vectorized=False,
    )
    swaps = rng.integers(0, 2, size=(20_000, n_clusters))
    stacked = weighted_f1_statistic(
        np.concatenate([y_true, y_true]),
        np.concatenate([decisions, other]),
        np.concatenate([cluster, cluster + n_clusters]),
    )
    randomised = stacked(np.hstack([1 - swaps, swaps])) - stacked(np.hstack([swaps, 1 - swaps]))
    p_value = randomisation_p(float(reference.statistic), randomised)
    # Four standard errors of a share from 20,000 draws.
    assert p_value == pytest.approx(reference.pvalue, abs=4 * 0.5 / np.sqrt(20_000))
