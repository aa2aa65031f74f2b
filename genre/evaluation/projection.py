"""From many numbers per track to two, for a map."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.manifold import TSNE

from genre.errors import ConfigError

FEWEST_FOR_TSNE = 5
PERPLEXITY = 30.0
"""About how many neighbours t-SNE keeps near; fewer where there are few tracks."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Projection:
    """Where each track lies on a map.

    Parameters
    ----------
    points : ndarray of shape (n_tracks, 2)
        Alike tracks are near; the numbers themselves have the unit of the axes.
    axis_labels : tuple of two str
        What the axes are, with their unit.
    """

    points: NDArray[np.float64]
    axis_labels: tuple[str, str]


def project(
    features: NDArray[np.floating[Any]],
    *,
    method: Literal["pca", "tsne"] = "tsne",
) -> Projection:
    """Lay tracks out in a plane so that alike ones are near.

    Parameters
    ----------
    features : ndarray of shape (n_tracks, n_features)
        Each feature is brought to mean 0 and deviation 1 first.
    method : pca or tsne
        The principal components keep distances as well as two straight axes can; t-SNE (van der
        Maaten and Hinton 2008) keeps neighbours, and its distances between groups mean nothing.
        Fewer than five tracks have no neighbours to keep: they are laid out by pca.

    Raises
    ------
    ConfigError
        On another method, or features that are not finite.
    """
    if method not in ("pca", "tsne"):
        raise ConfigError(f"method={method!r} must be one of: pca, tsne")
    if features.ndim != 2 or not np.isfinite(features).all():
        raise ConfigError("features must be finite numbers, a row for each track")
    values = features - features.mean(axis=0)
    deviation = values.std(axis=0)
    values = values / np.where(deviation > 0, deviation, 1)
    left, scale, _ = np.linalg.svd(values.astype(np.float64), full_matrices=False)
    components = left * scale  # (n_tracks, min(n_tracks, n_features))
    first_two = np.pad(components[:, :2], ((0, 0), (0, max(0, 2 - components.shape[1]))))
    if method == "tsne" and len(features) >= FEWEST_FOR_TSNE:
        return _neighbours_kept(components, first_two)
    shares = np.square(scale) / max(float(np.square(scale).sum()), 1e-12)
    shares = np.pad(shares[:2], (0, max(0, 2 - len(shares))))
    first, second = (
        f"{name} component ({share:.0%} of the variance)"
        for name, share in zip(("First", "Second"), shares, strict=True)
    )
    return Projection(points=first_two, axis_labels=(first, second))


def _neighbours_kept(components: NDArray[np.float64], first_two: NDArray[np.float64]) -> Projection:
    # Rotated into its components, a cloud has the same distances. Beginning with the first two,
    # there is nothing for chance to decide.
    start = 1e-4 * first_two / max(float(first_two[:, 0].std()), 1e-12)
    tsne = TSNE(
        perplexity=min(PERPLEXITY, (len(components) - 1) / 3),
        init=start.astype(np.float32),
        random_state=0,
    )
    return Projection(
        points=tsne.fit_transform(components).astype(np.float64),
        axis_labels=("t-SNE, first axis (no unit)", "t-SNE, second axis (no unit)"),
    )
