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
    axis_labels : tuple of two str
        What the axes are, with their unit.
    """

    points: NDArray[np.float64]
    axis_labels: tuple[str, str]


def project(
    features: NDArray[np.floating[Any]],
    *,
    method: Literal["pca", "tsne"] = "tsne",
    seed: int = 0,
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
    seed : int
        Of t-SNE; the same seed gives the same map.

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
    if method == "tsne" and len(features) >= FEWEST_FOR_TSNE:
        perplexity = min(PERPLEXITY, (len(features) - 1) / 3)
        # Rotated into its components, a cloud has the same distances.
        points = TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(
            components
        )
        return Projection(
            points=points.astype(np.float64),
            axis_labels=("t-SNE, first axis (no unit)", "t-SNE, second axis (no unit)"),
        )
    shares = np.square(scale) / max(float(np.square(scale).sum()), 1e-12)
    points = np.pad(components[:, :2], ((0, 0), (0, max(0, 2 - components.shape[1]))))
    shares = np.pad(shares[:2], (0, max(0, 2 - len(shares))))
    first, second = (
        f"{name} component ({share:.0%} of the variance)"
        for name, share in zip(("First", "Second"), shares, strict=True)
    )
    return Projection(points=points, axis_labels=(first, second))
