"""Average precision and ROC-AUC as functions of the weights of the clusters.

Down the list of tracks, best score first, both need sums of weights only: of the tracks and of the
positives down to every score that a positive has. Between two such scores the tracks of a cluster
are one number, so a class is a sparse matrix (scores of positives, clusters); its product with the
weights and a running sum give every replicate at once. Nothing is sorted again.

``AP = sum_p w_p (positives at or above p) / (tracks at or above p) / sum_p w_p`` over positives p;
``AUC = sum_p w_p (negatives below p + half of those tied with p) / (positives x negatives)``.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from genre.evaluation.bootstrap.weights import jackknife_weights

RankMeasure = Literal["ap", "auc"]
BLOCK_VALUES = 200_000
"""Weights looked at together: 1.6 MB of float64, which stay near the processor."""
SMALLEST_BLOCK = 32
WIDE_BLOCK = 200
"""From so many columns on, adding whole rows is faster than a running sum: 5 times at 600."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RankedClass:
    """One class, its tracks sorted by score; row e is the e-th best score that a positive has.

    Parameters
    ----------
    tracks : csr_array of shape (n_scores, n_clusters)
        Tracks of each cluster below the score before and at or above this one.
    hits : csr_array of shape (n_scores, n_clusters)
        The positives among them: all have exactly this score.
    ties : csr_array of shape (n_scores, n_clusters) or None
        The negatives with exactly this score, where there are any.
    n_negatives : ndarray of shape (n_clusters,)
        All negatives of each cluster.
    """

    tracks: csr_array
    hits: csr_array
    ties: csr_array | None
    n_negatives: NDArray[np.float64]

    def average_precision(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the AP for weights of shape (n_clusters, n_replicates); NaN without a positive."""
        hits = np.asarray(self.hits @ columns)
        above = _running_sum(np.asarray(self.tracks @ columns))
        precision = _running_sum(hits.copy())
        total = precision[-1].copy()
        # Where nothing is above, no positive is either: 0 / tiny is 0.
        precision /= np.maximum(above, np.finfo(np.float64).tiny, out=above)
        precision *= hits
        return _share(precision.sum(axis=0), total)

    def auc(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the AUC for weights of shape (n_clusters, n_replicates); NaN where undefined."""
        hits = np.asarray(self.hits @ columns)
        negatives = self.n_negatives @ columns
        below = negatives - _running_sum(np.asarray(self.tracks @ columns) - hits)
        if self.ties is not None:
            below += 0.5 * (self.ties @ columns)
        return _share((hits * below).sum(axis=0), hits.sum(axis=0) * negatives)


def _running_sum(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add to each row all rows before it, in place."""
    if rows.shape[1] < WIDE_BLOCK:
        return np.cumsum(rows, axis=0, out=rows)
    for before, row in pairwise(rows):
        row += before
    return rows


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


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
        """Give the value for each row of weights, (n_replicates, n_clusters).

        Returns
        -------
        ndarray of shape (n_replicates,), or (n_replicates, n_labels) where not a mean
            A replicate without a positive of a class says nothing about it and leaves it at its
            full-sample value; the set of classes stays the same in every replicate.
        """
        return self._reduced(self._filled(weights))

    def full(self) -> NDArray[np.float64]:
        """Give the value of the full sample, of shape (1,) or (1, n_labels)."""
        return self._reduced(self._by_class(np.ones((1, self.n_clusters))))

    def jackknife(self) -> NDArray[np.float64]:
        """Give the values without each cluster in turn."""
        step = block_size(self.n_clusters)
        parts = [
            self._filled(jackknife_weights(self.n_clusters, slice(start, start + step)))
            for start in range(0, self.n_clusters, step)
        ]
        return self._reduced(np.concatenate(parts))

    def _reduced(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return mean_over_classes(values, self.known) if self.is_macro else values

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which classes the measure knows: shape (n_labels,)."""
        return np.array([one is not None for one in self.classes], dtype=np.bool_)

    def _filled(self, weights: NDArray[Any]) -> NDArray[np.float64]:
        values = self._by_class(weights)
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
    """Average (n_replicates, n_labels) over the classes in `known`; NaN where there is none."""
    if not known.any():
        return np.full(len(values), np.nan)
    return np.asarray(values[:, known].mean(axis=1))


def block_size(n_clusters: int) -> int:
    """How many replicates of so many clusters are looked at together."""
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
    measure, is_macro
        As of `RankStatistic`.
    """
    n_clusters = int(cluster.max()) + 1
    n_positives = y_true.sum(axis=0)
    most = len(y_true) - 1 if measure == "auc" else len(y_true)
    known = (n_positives > 0) & (n_positives <= most)
    classes = tuple(
        _ranked(y_true[:, label], y_score[:, label], cluster, n_clusters) if known[label] else None
        for label in range(y_true.shape[1])
    )
    return RankStatistic(classes=classes, measure=measure, is_macro=is_macro, n_clusters=n_clusters)


def _ranked(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
    n_clusters: int,
) -> RankedClass:
    # Scores of positives, best first; every track belongs to the first that it reaches.
    scores = np.unique(y_score[y_true])[::-1]
    row = len(scores) - np.searchsorted(scores[::-1], y_score, side="right")
    reached = row < len(scores)
    tied = reached & ~y_true
    tied[tied] = y_score[tied] == scores[row[tied]]

    def _matrix(chosen: NDArray[np.bool_]) -> csr_array:
        ones = np.ones(int(chosen.sum()))
        where = (row[chosen], cluster[chosen])
        return csr_array((ones, where), shape=(len(scores), n_clusters))

    return RankedClass(
        tracks=_matrix(reached),
        hits=_matrix(y_true),
        ties=_matrix(tied) if tied.any() else None,
        n_negatives=np.bincount(cluster[~y_true], minlength=n_clusters).astype(np.float64),
    )


def macro_ap_statistic(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
) -> RankStatistic:
    """Make macro average precision a function of the weights; see `rank_statistic`."""
    return rank_statistic(y_true, y_score, cluster, measure="ap")


def macro_auc_statistic(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
) -> RankStatistic:
    """Make macro ROC-AUC a function of the weights; see `rank_statistic`."""
    return rank_statistic(y_true, y_score, cluster, measure="auc")
