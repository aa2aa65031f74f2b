"""A tagged song that the tests of this folder share."""

from pathlib import Path

import pytest

from tests.tagged_files import give_tags, make


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = make(tmp_path, "mp3", seconds=1.0)
    give_tags(path, title="Ours", genre="Rock")
    return path
