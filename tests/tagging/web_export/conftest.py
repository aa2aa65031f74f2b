"""A page with a model of the tests, and what runs it where `make web-assets` has been run."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from genre.models.bundle import Bundle
from genre.models.score_rule import ScoreRule
from genre.models.scoring import Standardisation
from genre.tagging.web_export import runtime
from tests.bundles import small_bundle

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="package")
def bundle() -> Bundle:
    """Make a bundle whose scores depend on what is heard, as an untrained one's hardly do."""
    plain = small_bundle()
    torch.manual_seed(1)
    for layer in plain.network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight)
    return replace(
        plain,
        genres=("hiphop", "jazz", "rock"),
        display_names={"hiphop": "Hip Hop"},
        thresholds=(0.5, 0.5, 0.5),
        standardisation=Standardisation(mean=(-45.0,) * 96, deviation=(5.0,) * 96),
        rule=ScoreRule(temperature=0.1),
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
