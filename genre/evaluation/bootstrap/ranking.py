"""Average precision and ROC-AUC as functions of the weights of the clusters; see `ranked`."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap.leaving_out import auc_without_each, average_precision_without_each
from genre.evaluation.bootstrap.ranked import RankedClass, rank_class

RankMeasure = Literal["ap", "auc"]
BLOCK_VALUES = 200_000
"""Weights looked at together: 1.6 MB of float64, which stay near the processor."""
SMALLEST_BLOCK = 32


@dataclass(frozen=True, kw_only=True, eq=False)
class RankStatistic:
    """Average precision or AUC from sorted classes.

    Parameters
    ----------
    classes : tuple of RankedClass or None, length n_labels
        None for a class that the measure does not know: without positives, or, for the AUC,
        without negatives.
    measure : str
        ``ap`` or ``auc``.
    is_macro : bool
        Whether the mean over the known classes is asked for, or every class by itself.
    n_clusters : int
        Number of clusters.
    """

    classes: tuple[RankedClass | None, ...]
    measure: RankMeasure
    is_macro: bool
    n_clusters: int

    def __call__(self, weights: NDArray[Any]) -> NDArray[np.float64]:
        """Compute the value for each row of weights, (n_replicates, n_clusters).

        Returns
        -------
        ndarray of shape (n_replicates,), or (n_replicates, n_labels) where not a mean
            A replicate without a positive of a class says nothing about it and leaves it at its
            full-sample value; the set of classes stays the same in every replicate.
        """
        return self._reduced(self._filled(self._by_class(weights)))

    def full(self) -> NDArray[np.float64]:
        """Compute the value of the full sample, of shape (1,) or (1, n_labels)."""
        return self._reduced(self._by_class(np.ones((1, self.n_clusters))))

    def jackknife(self) -> NDArray[np.float64]:
        """Compute the values without each cluster in turn."""
        without_each = average_precision_without_each if self.measure == "ap" else auc_without_each
        values = np.full((self.n_clusters, len(self.classes)), np.nan)
        for label, ranked in enumerate(self.classes):
            if ranked is not None:
                values[:, label] = without_each(ranked)
        return self._reduced(self._filled(values))

    def _reduced(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return mean_over_classes(values, self.known) if self.is_macro else values

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which classes the measure knows: shape (n_labels,)."""
        return np.array([one is not None for one in self.classes], dtype=np.bool_)

    def _filled(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        if np.isnan(values[:, self.known]).any():
            whole = self._by_class(np.ones((1, self.n_clusters)))
            values = np.where(np.isnan(values), whole, values)
        return values

    def _by_class(self, weights: NDArray[Any]) -> NDArray[np.float64]:
        values = np.full((len(weights), len(self.classes)), np.nan)
        step = block_size(self.n_clusters)
        for start in range(0, len(weights), step):
            rows = slice(start, start + step)
            columns = np.ascontiguousarray(weights[rows].T, dtype=np.float64)
            for label, ranked in enumerate(self.classes):
                if ranked is not None:
                    of_class = ranked.average_precision if self.measure == "ap" else ranked.auc
                    values[rows, label] = of_class(columns)
        return values


def mean_over_classes(values: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Average over the classes that are known; NaN where there is none.

    Parameters
    ----------
    values : ndarray of shape (n_replicates, n_labels)
        A number of every class.
    known : ndarray of shape (n_labels,), bool
        Which classes have one.
    """
    if not known.any():
        return np.full(len(values), np.nan)
    return np.asarray(values[:, known].mean(axis=1))


def block_size(n_clusters: int) -> int:
    """How many replicates are looked at together.

    Parameters
    ----------
    n_clusters : int
        Weights of each replicate.
    """
    return max(SMALLEST_BLOCK, BLOCK_VALUES // max(n_clusters, 1))


def rank_statistic(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
    *,
    measure: RankMeasure,
    is_macro: bool = True,
) -> RankStatistic:
    """Make average precision or AUC a function of the weights of the clusters.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores, per track or per window.
    cluster : ndarray of shape (n_rows,), int in [0, n_clusters)
        The cluster of each row.
    measure : ap or auc
        Average precision, or the area under the ROC curve.
    is_macro : bool
        Whether the mean over the known classes is asked for, or every class by itself.
    """
    n_clusters, n_positives = int(cluster.max()) + 1, y_true.sum(axis=0)
    most = len(y_true) - 1 if measure == "auc" else len(y_true)
    known = (n_positives > 0) & (n_positives <= most)
    classes = tuple(
        rank_class(y_true[:, k], y_score[:, k], cluster, n_clusters) if known[k] else None
        for k in range(y_true.shape[1])
    )
    return RankStatistic(classes=classes, measure=measure, is_macro=is_macro, n_clusters=n_clusters)


def macro_ap_statistic(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
) -> RankStatistic:
    """Make macro average precision a function of the weights; see `rank_statistic`.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores, per track or per window.
    cluster : ndarray of shape (n_rows,), int in [0, n_clusters)
        The cluster of each row.
    """
    return rank_statistic(y_true, y_score, cluster, measure="ap")


def macro_auc_statistic(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
) -> RankStatistic:
    """Make macro ROC-AUC a function of the weights; see `rank_statistic`.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores, per track or per window.
    cluster : ndarray of shape (n_rows,), int in [0, n_clusters)
        The cluster of each row.
    """
    return rank_statistic(y_true, y_score, cluster, measure="auc")
