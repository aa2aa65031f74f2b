"""In which order unlabelled tracks teach most: each as far as can be from all that have labels.

Measured by `scripts/check_review.py` against a random order, and with how unsure a model is; the
latter did not help (results/LOG.md).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
MOST_SPREAD = 2000
"""So many are put in order, more than anybody answers; the others follow as they are."""


def summary_of(mel: Floats) -> NDArray[np.float64]:
    """Place a track among others by its sound: mean and deviation of each mel band.

    Parameters
    ----------
    mel : ndarray of shape (n_frames, n_mels)
        Its log-mel.

    Returns
    -------
    ndarray of shape (2 n_mels,)
    """
    wide = mel.astype(np.float64)
    return np.concatenate([wide.mean(axis=0), wide.std(axis=0)])


def spread_order(
    places: Floats, known: Floats | None = None, *, worth: Floats | None = None
) -> list[int]:
    """Order tracks so that each is the farthest from those before it and from the known ones.

    Parameters
    ----------
    places : ndarray of shape (n_tracks, n_features)
        From `summary_of`.
    known : ndarray of shape (n_known, n_features), optional
        Where the labelled tracks lie.
    worth : ndarray of shape (n_tracks,), optional
        What each distance is multiplied with; all are worth the same by default.

    Returns
    -------
    list of int
        Every row once.
    """
    points = _scaled(places, places)
    far = np.ones(len(points))
    if known is not None and len(known):
        far = np.full(len(points), np.inf)
        for row in _scaled(known, places):
            far = np.minimum(far, _distances(points, row))
    value = np.ones(len(points)) if worth is None else worth
    order: list[int] = []
    left = np.ones(len(points), dtype=bool)
    for _ in range(min(len(points), MOST_SPREAD)):
        chosen = int(np.where(left, value * far, -1.0).argmax())
        order.append(chosen)
        left[chosen] = False
        far = np.minimum(far, _distances(points, points[chosen]))
    return [*order, *np.flatnonzero(left).tolist()]


def _scaled(points: Floats, like: Floats) -> NDArray[np.float64]:
    deviation = np.asarray(like.std(axis=0))
    return np.asarray((points - like.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0))


def _distances(points: Floats, other: Floats) -> NDArray[np.float64]:
    return np.asarray(np.sqrt(((points - other) ** 2).sum(axis=1)))
