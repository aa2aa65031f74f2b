"""F1, precision and recall as functions of the weights of the clusters, from counts alone.

With weights W of shape (B, n) and, per cluster, the counts TP, PP (predicted) and P (positives) of
every class, one matrix product W @ [TP, PP, P] gives the counts of every replicate; the rest is
elementwise. Counts and weights are whole numbers, so that every sum is exact in float64 and does
not depend on the number of threads.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap.weights import blocks, sums_per_cluster
from genre.evaluation.metrics.decisions import Counts, divide

F1Average = Literal["weighted", "macro", "micro", "classes"]
Average = Literal["accuracy"] | F1Average
OfClasses = Literal["f1", "precision", "recall"]


@dataclass(frozen=True, kw_only=True, eq=False)
class CountStatistic:
    """F1, or of single classes also precision or recall, from counts.

    Parameters
    ----------
    counts : ndarray of shape (n_clusters, 3 * n_labels)
        TP of every class, then PP, then P.
    average : str
        ``weighted`` by P of the replicate, ``macro`` over the classes with a positive in the full
        sample, ``micro`` from the sums over classes, or ``classes``: every class by itself; or
        ``accuracy``, the share of positives that are found, which of exclusive classes is that.
    of_classes : str
        What ``classes`` gives; the averages are of F1.
    """

    counts: NDArray[np.float64]
    average: Average
    of_classes: OfClasses = "f1"

    def __call__(self, weights: NDArray[Any]) -> NDArray[np.float64]:
        """Compute the value for each row of weights, (n_replicates, n_clusters).

        Returns
        -------
        ndarray of shape (n_replicates,), or (n_replicates, n_labels) where not an average
        """
        parts = [
            self._values(weights[rows].astype(np.float64) @ self.counts)
            for rows in blocks(len(weights), max(self.counts.shape))
        ]
        return np.concatenate(parts)

    def full(self) -> NDArray[np.float64]:
        """Compute the value of the full sample, of shape (1,) or (1, n_labels)."""
        return self._values(self.counts.sum(axis=0, keepdims=True))

    def jackknife(self) -> NDArray[np.float64]:
        """Compute the values without each cluster in turn: the sums less its counts."""
        return self._values(self.counts.sum(axis=0) - self.counts)

    def _values(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        hits, predicted, positives = np.split(sums, 3, axis=1)
        if self.average == "accuracy":
            return divide(hits.sum(axis=1), positives.sum(axis=1))
        if self.average == "micro":
            both = predicted.sum(axis=1) + positives.sum(axis=1)
            return divide(2 * hits.sum(axis=1), both)
        if self.average == "classes":
            counts = Counts(true_positives=hits, predicted=predicted, positives=positives)
            return counts.measure(self.of_classes)
        f1 = divide(2 * hits, predicted + positives)
        if self.average == "weighted":
            return divide((f1 * positives).sum(axis=1), positives.sum(axis=1))
        present = self.counts[:, -f1.shape[1] :].any(axis=0)
        return np.asarray(f1[:, present].mean(axis=1)) if present.any() else np.zeros(len(f1))


def f1_statistic(
    y_true: NDArray[np.bool_],
    decisions: NDArray[np.bool_],
    cluster: NDArray[np.integer[Any]],
    *,
    average: Average,
) -> CountStatistic:
    """Make an average of F1 a function of the weights of the clusters.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        Truth and what was assigned, per track or per window.
    cluster : ndarray of shape (n_rows,), int in [0, n_clusters)
        The cluster of each row.
    average : str
        As of `CountStatistic`.

    Returns
    -------
    CountStatistic
        0 where a replicate has a denominator of 0: neither a positive nor a prediction for F1.
    """
    singles = np.hstack([y_true & decisions, decisions, y_true])
    return CountStatistic(counts=sums_per_cluster(singles, cluster), average=average)


def class_statistic(
    y_true: NDArray[np.bool_],
    decisions: NDArray[np.bool_],
    cluster: NDArray[np.integer[Any]],
    *,
    measure: OfClasses,
) -> CountStatistic:
    """Make F1, precision or recall of every class a function of the weights of the clusters.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        Truth and what was assigned, per track or per window.
    cluster : ndarray of shape (n_rows,), int in [0, n_clusters)
        The cluster of each row.
    measure : f1, precision or recall
        What is asked of every class.

    Returns
    -------
    CountStatistic
        0 where a replicate's denominator is 0.
    """
    averages = f1_statistic(y_true, decisions, cluster, average="classes")
    return replace(averages, of_classes=measure)


def weighted_f1_statistic(
    y_true: NDArray[np.bool_], decisions: NDArray[np.bool_], cluster: NDArray[np.integer[Any]]
) -> CountStatistic:
    """Make weighted F1 a function of the weights of the clusters; see `f1_statistic`.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        Truth and what was assigned, per track or per window.
    cluster : ndarray of shape (n_rows,), int in [0, n_clusters)
        The cluster of each row.
    """
    return f1_statistic(y_true, decisions, cluster, average="weighted")
