"""A folder that the tests of the layouts share."""

from pathlib import Path

import pytest

from tests.dataset_examples import write_sound


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Make three files x.wav, y.wav, z.wav of different content in a folder."""
    for number, name in enumerate(("x", "y", "z")):
        write_sound(tmp_path / f"{name}.wav", 0.1 * (number + 1))
    return tmp_path
