"""Average precision and ROC-AUC without each cluster in turn, all at once.

Weighing the rest once per cluster costs as much as a replicate each. But a cluster with few tracks
changes the counts down the list by few different numbers. While n tracks of its own, h of them
positives, have been passed, a positive of another cluster at a score with H positives and N tracks
at or above it adds ``(H - h) / (N - n)``: summed down the list once for every n, two sums ahead of
time (of ``H / (N - n)`` and of ``1 / (N - n)``) serve all clusters. The AUC is a sum of products,
so that what a cluster takes away is a sum over its own tracks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from genre.evaluation.bootstrap.ranked import RankedClass, share


@dataclass(frozen=True, kw_only=True)
class _Entries:
    """The scores at which a cluster has tracks: by cluster, best score first.

    Parameters
    ----------
    row, cluster : ndarray of shape (n_entries,), int
        Which score, whose tracks.
    tracks, hits, ties : ndarray of shape (n_entries,)
        Tracks, positives, and negatives of exactly this score.
    passed_tracks, passed_hits : ndarray of shape (n_entries,)
        The cluster's own so far, with these.
    next_row : ndarray of shape (n_entries,), int
        The row of the cluster's next entry; n_scores after its last.
    """

    row: NDArray[np.intp]
    cluster: NDArray[np.intp]
    tracks: NDArray[np.float64]
    hits: NDArray[np.float64]
    ties: NDArray[np.float64]
    passed_tracks: NDArray[np.float64]
    passed_hits: NDArray[np.float64]
    next_row: NDArray[np.intp]


def average_precision_without_each(ranked: RankedClass) -> NDArray[np.float64]:
    """Compute the average precision without each cluster.

    Parameters
    ----------
    ranked : RankedClass
        One class, sorted by score.

    Returns
    -------
    ndarray of shape (n_clusters,)
        NaN without the only cluster with positives.
    """
    n_scores, n_clusters = ranked.tracks.shape
    entries = _entries(ranked)
    all_hits = _sum_by(entries.row, entries.hits, n_scores)
    hits = np.cumsum(all_hits)
    tracks = np.cumsum(_sum_by(entries.row, entries.tracks, n_scores))
    # Until its first track a cluster changes nothing.
    before, _ = _sums_ahead(all_hits, hits, tracks, 0.0)
    first = np.full(n_clusters, n_scores)
    np.minimum.at(first, entries.cluster, entries.row)
    total = before[first]
    order = np.argsort(entries.passed_tracks, kind="stable")
    values, starts = np.unique(entries.passed_tracks[order], return_index=True)
    change = np.empty(len(order))
    for n, chosen in zip(values, np.split(order, starts[1:]), strict=True):
        of_hits, of_ones = _sums_ahead(all_hits, hits, tracks, n)
        start, end = entries.row[chosen], entries.next_row[chosen]
        change[chosen] = of_hits[end] - of_hits[start]
        change[chosen] -= entries.passed_hits[chosen] * (of_ones[end] - of_ones[start])
    # The cluster's own positives are among those that were summed.
    left_tracks = tracks[entries.row] - entries.passed_tracks
    left_hits = hits[entries.row] - entries.passed_hits
    change -= entries.hits * _quotient(left_hits, left_tracks)
    total += _sum_by(entries.cluster, change, n_clusters)
    left = hits[-1] - _sum_by(entries.cluster, entries.hits, n_clusters)
    return share(total, left)


def auc_without_each(ranked: RankedClass) -> NDArray[np.float64]:
    """Compute the AUC without each cluster; NaN where no positive or no negative is left.

    Parameters
    ----------
    ranked : RankedClass
        One class, sorted by score.

    Returns
    -------
    ndarray of shape (n_clusters,)
    """
    n_scores, n_clusters = ranked.tracks.shape
    entries = _entries(ranked)
    all_hits = _sum_by(entries.row, entries.hits, n_scores)
    negatives = entries.tracks - entries.hits
    all_negatives = _sum_by(entries.row, negatives, n_scores)
    all_ties = _sum_by(entries.row, entries.ties, n_scores)
    below = ranked.n_negatives.sum() - np.cumsum(all_negatives) + 0.5 * all_ties
    # The cluster's negatives below each of its scores, and the hits at or below the score.
    own = entries.passed_tracks - entries.passed_hits
    own_below = ranked.n_negatives[entries.cluster] - own + 0.5 * entries.ties
    at_or_below = np.cumsum(all_hits[::-1])[::-1]
    # Pairs with a positive of its own, and with a negative of its own; of both its own they are
    # counted twice. Of its negatives those are no part of a pair that a positive stands below.
    pairs = entries.hits * (below[entries.row] - own_below)
    pairs -= negatives * at_or_below[entries.row] - 0.5 * entries.ties * all_hits[entries.row]
    lost = _sum_by(entries.cluster, pairs, n_clusters) + ranked.n_negatives * all_hits.sum()
    left = all_hits.sum() - _sum_by(entries.cluster, entries.hits, n_clusters)
    return share(all_hits @ below - lost, left * (ranked.n_negatives.sum() - ranked.n_negatives))


def _entries(ranked: RankedClass) -> _Entries:
    n_scores = ranked.tracks.shape[0]
    columns = ranked.tracks.tocsc()
    columns.sort_indices()
    sizes = np.diff(columns.indptr)
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    row = columns.indices.astype(np.intp)
    key = cluster * n_scores + row
    hits = _aligned(ranked.hits, key)
    last = np.append(np.diff(cluster) > 0, True)[: len(row)]
    return _Entries(
        row=row,
        cluster=cluster,
        tracks=columns.data,
        hits=hits,
        ties=np.zeros(len(row)) if ranked.ties is None else _aligned(ranked.ties, key),
        passed_tracks=_passed(columns.data, columns.indptr),
        passed_hits=_passed(hits, columns.indptr),
        next_row=np.where(last, n_scores, np.append(row[1:], n_scores)),
    )


def _aligned(matrix: csr_array, key: NDArray[np.intp]) -> NDArray[np.float64]:
    """Look up the values of another matrix at the entries; it has none elsewhere."""
    entries = matrix.tocoo()
    values = np.zeros(len(key))
    own = entries.col.astype(np.intp) * matrix.shape[0] + entries.row
    values[np.searchsorted(key, own)] = entries.data
    return values


def _passed(values: NDArray[np.float64], starts: NDArray[np.integer]) -> NDArray[np.float64]:
    """Add up within each cluster; counts, so that floats are exact."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(sums[1:] - np.repeat(sums[starts[:-1]], np.diff(starts)))


def _sums_ahead(
    all_hits: NDArray[np.float64], hits: NDArray[np.float64], tracks: NDArray[np.float64], n: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum H / (N - n) and 1 / (N - n) over the positives above each score, and above none."""
    ones = all_hits * _quotient(np.ones(len(tracks)), tracks - n)
    return (
        np.concatenate([[0.0], np.cumsum(ones * hits)]),
        np.concatenate([[0.0], np.cumsum(ones)]),
    )


def _quotient(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide; 0 where nothing of other clusters has been passed."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _sum_by(
    index: NDArray[np.intp], values: NDArray[np.float64], length: int
) -> NDArray[np.float64]:
    return np.bincount(index, values, minlength=length).astype(np.float64)
