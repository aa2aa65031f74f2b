"""Weights of clusters: how often each counts in a replicate."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

BLOCK_VALUES = 2_000_000


def cluster_rows(names: NDArray[np.str_]) -> tuple[NDArray[np.intp], int]:
    """Turn the names of clusters into numbers.

    Parameters
    ----------
    names : ndarray of shape (n_rows,), str
        The cluster (artist) of each row.

    Returns
    -------
    tuple of ndarray of shape (n_rows,), int, and int
        The number of each row's cluster, and how many clusters there are.
    """
    unique, cluster = np.unique(names, return_inverse=True)
    return cluster, len(unique)


def draw_weights(
    n_clusters: int, *, n_replicates: int, rng: np.random.Generator
) -> NDArray[np.int16]:
    """Draw how often each cluster counts in each bootstrap replicate.

    Parameters
    ----------
    n_clusters, n_replicates : int
        How many clusters, and how many times they are drawn anew.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    ndarray of shape (n_replicates, n_clusters), int
        Each row is multinomial: n_clusters draws, each cluster equally likely.
    """
    weights = np.empty((n_replicates, n_clusters), dtype=np.int16)
    for rows in blocks(n_replicates, n_clusters):
        n_rows = rows.stop - rows.start
        draws = rng.integers(n_clusters, size=(n_rows, n_clusters))
        draws += np.arange(n_rows)[:, np.newaxis] * n_clusters
        counts = np.bincount(draws.ravel(), minlength=n_rows * n_clusters)
        weights[rows] = counts.reshape(n_rows, n_clusters)
    return weights


def sums_per_cluster(rows: NDArray[Any], cluster: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Add up the rows of each cluster.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_columns)
        Numbers or bools.
    cluster : ndarray of shape (n_rows,), int in [0, n_clusters)
        The cluster of each row.

    Returns
    -------
    ndarray of shape (n_clusters, n_columns)
    """
    n_rows = len(rows)
    members = csr_array(
        (np.ones(n_rows), (cluster, np.arange(n_rows))), shape=(int(cluster.max()) + 1, n_rows)
    )
    return np.asarray(members @ rows, dtype=np.float64)


def blocks(n_rows: int, n_columns: int) -> Iterator[slice]:
    """Cut rows into slices of at most 2 million values (16 MB of float64).

    Parameters
    ----------
    n_rows, n_columns : int
        The shape of what is cut; a slice has at least one row.
    """
    step = max(1, BLOCK_VALUES // max(1, n_columns))
    for start in range(0, n_rows, step):
        yield slice(start, min(start + step, n_rows))
