"""Resampling artists as a whole: alike tracks, more artists, intervals that hold what they say."""

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.evaluation.bootstrap import (
    bca_interval,
    draw_weights,
    macro_ap_statistic,
    macro_auc_statistic,
    weighted_f1_statistic,
)
from genre.evaluation.bootstrap import ranked as ranked_module
from genre.evaluation.bootstrap import ranking as ranking_module
from genre.evaluation.bootstrap import weights as weights_module
from tests.bootstrap_examples import CLUSTER, DECISIONS, Y_TRUE


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


def make_correlated(
    n_artists: int, tracks_per_artist: int, spread: float, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """Make decisions whose errors come from the artist by `spread`, else from the track."""
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
