"""Metrics as functions of the weights of the clusters.

With weights W of shape (B, n) they need matrix products only. F1 comes from W @ TP, W @ PP and
W @ P. Average precision of a class is the weighted mean, over its positive tracks p, of the
precision ``(W @ positives scored >= p) / (W @ tracks scored >= p)``.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap.weights import blocks
from genre.evaluation.metrics.decisions import divide

Statistic = Callable[[NDArray[Any]], NDArray[np.float64]]
"""From weights of shape (n_replicates, n_clusters) to values of shape (n_replicates,)."""


def weighted_f1_statistic(
    y_true: NDArray[np.bool_], decisions: NDArray[np.bool_], cluster: NDArray[np.integer[Any]]
) -> Statistic:
    """Make weighted F1 a function of the weights of the clusters.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        Truth and what was assigned, per track or per window.
    cluster : ndarray of shape (n_rows,), int in [0, n_clusters)
        The cluster of each row.

    Returns
    -------
    Statistic
        F1 is 0 where a replicate has neither a positive nor a prediction.
    """
    return partial(
        _weighted_f1, np.hstack([y_true & decisions, decisions, y_true]), np.asarray(cluster)
    )


def macro_ap_statistic(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
) -> Statistic:
    """Make macro average precision a function of the weights of the clusters.

    Parameters are those of `weighted_f1_statistic`, with scores in place of decisions.

    Returns
    -------
    Statistic
        The classes are those with a positive in the full sample, in every replicate; NaN where
        there is none. A replicate without a positive of a class says nothing about it and leaves
        it at its full-sample value.
    """
    labels = np.flatnonzero(y_true.any(axis=0))
    return partial(_macro, _average_precision, y_true[:, labels], y_score[:, labels], cluster)


def macro_auc_statistic(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
) -> Statistic:
    """Make macro ROC-AUC a function of the weights of the clusters.

    Parameters and rules are those of `macro_ap_statistic`; a class needs negatives too.
    """
    labels = np.flatnonzero(y_true.any(axis=0) & ~y_true.all(axis=0))
    return partial(_macro, _auc, y_true[:, labels], y_score[:, labels], cluster)


def _weighted_f1(
    single: NDArray[np.bool_], cluster: NDArray[np.integer[Any]], weights: NDArray[Any]
) -> NDArray[np.float64]:
    counts = _per_cluster(single, cluster, weights.shape[1])
    values = np.empty(len(weights))
    for rows in blocks(len(weights), max(counts.shape)):
        sums = weights[rows].astype(np.float64) @ counts
        hits, predicted, positives = np.split(sums, 3, axis=1)
        f1 = divide(2 * hits, predicted + positives)
        values[rows] = divide((f1 * positives).sum(axis=1), positives.sum(axis=1))
    return values


def _macro(
    of_class: Callable[..., NDArray[np.float64]],
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
    weights: NDArray[Any],
) -> NDArray[np.float64]:
    n_labels = y_true.shape[1]
    if not n_labels:
        return np.full(len(weights), np.nan)
    total = np.zeros(len(weights))
    for label in range(n_labels):
        total += of_class(y_true[:, label], y_score[:, label], cluster, weights)
    return np.asarray(total / n_labels)


def _average_precision(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
    weights: NDArray[Any],
) -> NDArray[np.float64]:
    positives = np.flatnonzero(y_true)
    above = y_score[:, np.newaxis] >= y_score[positives]  # (n_rows, n_positives)
    tracks = _per_cluster(above, cluster, weights.shape[1])
    hits = _per_cluster(above[positives], cluster[positives], weights.shape[1])
    at_full = float(np.mean(above[positives].sum(axis=0) / above.sum(axis=0)))
    values = np.empty(len(weights))
    for rows in blocks(len(weights), max(tracks.shape)):
        block = weights[rows].astype(np.float64)
        precision = divide(block @ hits, block @ tracks)
        mass = block[:, cluster[positives]]
        total = mass.sum(axis=1)
        mean = divide((mass * precision).sum(axis=1), total)
        values[rows] = np.where(total > 0, mean, at_full)
    return values


def _auc(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
    weights: NDArray[Any],
) -> NDArray[np.float64]:
    positives, negatives = np.flatnonzero(y_true), np.flatnonzero(~y_true)
    gap = y_score[positives] - y_score[negatives][:, np.newaxis]
    won = np.heaviside(gap, 0.5)  # (n_negatives, n_positives): a tie is half won
    wins = _per_cluster(won, cluster[negatives], weights.shape[1])
    n_negatives = np.bincount(cluster[negatives], minlength=weights.shape[1])
    values = np.empty(len(weights))
    for rows in blocks(len(weights), max(wins.shape)):
        block = weights[rows].astype(np.float64)
        mass = block[:, cluster[positives]]
        pairs = mass.sum(axis=1) * (block @ n_negatives)
        share = divide(((block @ wins) * mass).sum(axis=1), pairs)
        values[rows] = np.where(pairs > 0, share, float(won.mean()))
    return values


def _per_cluster(
    rows: NDArray[Any], cluster: NDArray[np.integer[Any]], n_clusters: int
) -> NDArray[np.float64]:
    sums = np.zeros((n_clusters, rows.shape[1]))
    np.add.at(sums, cluster, rows)
    return sums
