"""Fixtures that several test files share."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real audio beside the checkout; skip where there is none."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"no real audio: {SHARED_DATA} does not exist")
    return SHARED_DATA
