"""In which order unlabelled tracks teach most: those the model is least sure of, spread out."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def unsureness(y_score: Floats) -> NDArray[np.float64]:
    """Measure how unsure a model is of tracks: 1 where a genre lies at one half, 0 where none does.

    Parameters
    ----------
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        Its scores.

    Returns
    -------
    ndarray of shape (n_tracks,), in [0, 1]
    """
    return np.asarray(1 - np.abs(2 * y_score - 1).min(axis=1), dtype=np.float64)


def spread_order(unsure: Floats, embedding: Floats, known: Floats | None = None) -> list[int]:
    """Order tracks so that each is far from those before it, and among such the unsure ones first.

    Parameters
    ----------
    unsure : ndarray of shape (n_tracks,), in [0, 1]
        From `unsureness`.
    embedding : ndarray of shape (n_tracks, n_embedding)
        Where each track lies.
    known : ndarray of shape (n_known, n_embedding), optional
        Where the labelled tracks lie, which count as chosen already.

    Returns
    -------
    list of int
        Every row once; greedy: the next is the one with the largest product of unsureness and
        distance to the nearest chosen one.
    """
    points = _scaled(embedding, embedding)
    far = np.ones(len(points))
    if known is not None and len(known):
        far = _distances(points, _scaled(known, embedding)).min(axis=1)
    order: list[int] = []
    left = np.ones(len(points), dtype=bool)
    for _ in range(len(points)):
        worth = np.where(left, (0.05 + unsure) * far, -1.0)
        chosen = int(worth.argmax())
        order.append(chosen)
        left[chosen] = False
        far = np.minimum(far, _distances(points, points[[chosen]])[:, 0])
    return order


def _scaled(points: Floats, like: Floats) -> NDArray[np.float64]:
    deviation = np.asarray(like.std(axis=0))
    return np.asarray((points - like.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0))


def _distances(points: Floats, others: Floats) -> NDArray[np.float64]:
    """Euclidean distances, (n_points, n_others), as a share of what all dimensions could give."""
    squared = (points**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2 * points @ others.T
    return np.asarray(np.sqrt(np.maximum(squared, 0) / max(points.shape[1], 1)))
