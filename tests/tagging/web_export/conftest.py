"""A page with a model of the tests, and what runs it where `make web-assets` has been run."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from genre.inference import Bundle
from genre.tagging.web_export import runtime
from tests.bundles import hearing_bundle

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="package")
def bundle() -> Bundle:
    return replace(
        hearing_bundle(),
        genres=("hiphop", "jazz", "rock"),
        display_names={"hiphop": "Hip Hop"},
        thresholds=(0.5, 0.5, 0.5),
    )


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put something small in the place of what runs a model."""
    folder = tmp_path / "assets"
    folder.mkdir()
    pins = {}
    for name, (place, _) in runtime.FILES.items():
        (folder / name).write_text(f"content of {name}")
        pins[name] = (place, hashlib.sha256((folder / name).read_bytes()).hexdigest())
    monkeypatch.setattr(runtime, "FILES", pins)
    return folder
