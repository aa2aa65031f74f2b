"""Resampling whole clusters: the artists, because tracks of one artist sound alike.

Everything rests on one idea: a statistic is a function of how often each cluster counts. The full
sample weighs each cluster once; a bootstrap replicate draws n clusters of n with replacement; the
jackknife leaves one out; and the randomisation test, which exchanges the scores of two models
within a cluster, weighs the clusters of two stacked models with 0 and 1. One matrix of weights,
shared by all models, seeds and metrics, is what pairs them.
"""

from genre.evaluation.bootstrap.intervals import (
    MIN_CLUSTERS,
    Interval,
    bca_interval,
    cluster_interval,
    percentile_interval,
    randomisation_p,
)
from genre.evaluation.bootstrap.statistics import (
    Statistic,
    macro_ap_statistic,
    macro_auc_statistic,
    weighted_f1_statistic,
)
from genre.evaluation.bootstrap.weights import cluster_rows, draw_weights, jackknife_weights

__all__ = [
    "MIN_CLUSTERS",
    "Interval",
    "Statistic",
    "bca_interval",
    "cluster_interval",
    "cluster_rows",
    "draw_weights",
    "jackknife_weights",
    "macro_ap_statistic",
    "macro_auc_statistic",
    "percentile_interval",
    "randomisation_p",
    "weighted_f1_statistic",
]
