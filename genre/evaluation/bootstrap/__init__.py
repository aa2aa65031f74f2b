"""Resampling whole clusters: the artists, because tracks of one artist sound alike.

Everything rests on one idea: a statistic is a function of how often each cluster counts. The full
sample weighs each cluster once; a bootstrap replicate draws n clusters of n with replacement; the
jackknife leaves one out; and the randomisation test, which exchanges the scores of two models
within a cluster, weighs the clusters of two stacked models with 0 and 1. One matrix of weights,
shared by all models, seeds and metrics, is what pairs them.
"""

from genre.evaluation.bootstrap.counting import (
    CountStatistic,
    F1Average,
    OfClasses,
    class_statistic,
    f1_statistic,
    weighted_f1_statistic,
)
from genre.evaluation.bootstrap.intervals import (
    MIN_CLUSTERS,
    Interval,
    bca_interval,
    cluster_interval,
    percentile_interval,
    randomisation_p,
    share_interval,
)
from genre.evaluation.bootstrap.ranking import (
    RankStatistic,
    macro_ap_statistic,
    macro_auc_statistic,
    mean_over_classes,
    rank_statistic,
)
from genre.evaluation.bootstrap.weights import cluster_rows, draw_weights

Statistic = CountStatistic | RankStatistic
"""From weights of shape (n_replicates, n_clusters) to values of shape (n_replicates,)."""

__all__ = [
    "MIN_CLUSTERS",
    "CountStatistic",
    "F1Average",
    "Interval",
    "OfClasses",
    "RankStatistic",
    "Statistic",
    "bca_interval",
    "class_statistic",
    "cluster_interval",
    "cluster_rows",
    "draw_weights",
    "f1_statistic",
    "macro_ap_statistic",
    "macro_auc_statistic",
    "mean_over_classes",
    "percentile_interval",
    "randomisation_p",
    "rank_statistic",
    "share_interval",
    "weighted_f1_statistic",
]
