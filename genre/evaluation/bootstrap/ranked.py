"""One class, its tracks sorted by score, so that weights of clusters give its AP and AUC.

Down the list of tracks, best score first, both need sums of weights only: of the tracks and of the
positives down to every score that a positive has. Between two such scores the tracks of a cluster
are one number, so a class is a sparse matrix (scores of positives, clusters); its product with the
weights and a running sum give every replicate at once. Nothing is sorted again.

``AP = sum_p w_p (positives at or above p) / (tracks at or above p) / sum_p w_p`` over positives p;
``AUC = sum_p w_p (negatives below p + half of those tied with p) / (positives x negatives)``.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

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
        """Compute the average precision under weights of the clusters.

        Parameters
        ----------
        columns : ndarray of shape (n_clusters, n_replicates)
            How often each cluster counts in each replicate.

        Returns
        -------
        ndarray of shape (n_replicates,), in [0, 1]
            NaN without a positive.
        """
        hits = np.asarray(self.hits @ columns)
        above = _running_sum(np.asarray(self.tracks @ columns))
        precision = _running_sum(hits.copy())
        total = precision[-1].copy()
        # Where nothing is above, no positive is either: 0 / tiny is 0.
        precision /= np.maximum(above, np.finfo(np.float64).tiny, out=above)
        precision *= hits
        return share(precision.sum(axis=0), total)

    def auc(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Compute the AUC under weights of the clusters.

        Parameters
        ----------
        columns : ndarray of shape (n_clusters, n_replicates)
            How often each cluster counts in each replicate.

        Returns
        -------
        ndarray of shape (n_replicates,), in [0, 1]
            NaN without a positive or without a negative.
        """
        hits = np.asarray(self.hits @ columns)
        negatives = self.n_negatives @ columns
        below = negatives - _running_sum(np.asarray(self.tracks @ columns) - hits)
        if self.ties is not None:
            below += 0.5 * (self.ties @ columns)
        return share((hits * below).sum(axis=0), hits.sum(axis=0) * negatives)


def _running_sum(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add to each row all rows before it, in place."""
    if rows.shape[1] < WIDE_BLOCK:
        return np.cumsum(rows, axis=0, out=rows)
    for before, row in pairwise(rows):
        row += before
    return rows


def share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide, with NaN where there is nothing to divide by.

    Parameters
    ----------
    part, whole : ndarray of one shape
        Not negative.
    """
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def rank_class(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    cluster: NDArray[np.integer[Any]],
    n_clusters: int,
) -> RankedClass:
    """Sort a class.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows,), bool and in [0, 1]
        Truth and scores of the class; at least one positive.
    cluster : ndarray of shape (n_rows,), int in [0, n_clusters)
        The cluster of each row.
    n_clusters : int
        Number of clusters.
    """
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
