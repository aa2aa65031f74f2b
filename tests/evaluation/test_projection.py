"""Tracks in a plane: near where they are alike, the same for the same seed, and never a failure."""

from typing import Literal

import numpy as np
import pytest

from genre.errors import ConfigError
from genre.evaluation.projection import project

Method = Literal["pca", "tsne"]


def groups(n_each: int = 20) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    centres = 6 * rng.normal(size=(3, 30))
    group = np.repeat(np.arange(3), n_each)
    return centres[group] + rng.normal(size=(len(group), 30)), group


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_alike_tracks_are_near(method: Method) -> None:
    features, group = groups()
    points = project(features, method=method).points
    distance = np.linalg.norm(points[:, None] - points, axis=-1)
    np.fill_diagonal(distance, np.inf)
    assert (group[distance.argmin(axis=1)] == group).all()


def test_components_are_those_of_the_covariance() -> None:
    features, _ = groups()
    found = project(features, method="pca")
    standard = (features - features.mean(axis=0)) / features.std(axis=0)
    values = np.sort(np.linalg.eigvalsh(np.cov(standard.T, bias=True)))[::-1]
    np.testing.assert_allclose(found.points.var(axis=0), values[:2], rtol=1e-9)
    share = values[0] / values.sum()
    assert found.axis_labels[0] == f"First component ({share:.0%} of the variance)"


def test_the_same_tracks_have_the_same_places() -> None:
    features, _ = groups(5)
    first, again = (project(features).points for _ in range(2))
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("n_tracks", [1, 2, 4, 5, 8])
@pytest.mark.parametrize("n_features", [1, 3])
@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_few_tracks_have_a_place_too(n_tracks: int, n_features: int, method: Method) -> None:
    features = np.random.default_rng(0).normal(size=(n_tracks, n_features))
    points = project(features, method=method).points
    assert points.shape == (n_tracks, 2)
    assert np.isfinite(points).all()


def test_a_feature_that_never_changes_does_no_harm() -> None:
    features = np.column_stack([np.ones(6), np.arange(6.0)])
    assert np.isfinite(project(features, method="pca").points).all()


def test_what_cannot_be_laid_out_is_refused() -> None:
    with pytest.raises(ConfigError, match="method='umap' must be one of: pca, tsne"):
        project(np.ones((3, 2)), method="umap")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(ConfigError, match="features must be finite"):
        project(np.array([[np.nan, 1.0]]))
