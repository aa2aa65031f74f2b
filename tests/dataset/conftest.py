"""What the tests of the data set share."""

from pathlib import Path

import pytest

from genre.dataset.features import FeatureStore


@pytest.fixture
def store(tmp_path: Path) -> FeatureStore:
    """Make an empty store of features."""
    return FeatureStore(tmp_path / "cache")
