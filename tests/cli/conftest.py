"""A model and music that the tests of the command line share."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.inference import ScoreRule
from tests.bundles import small_bundle, write_bundle
from tests.sounds import FORMATS, write
from tests.tagged_files import give_genres


@pytest.fixture(scope="package")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "best"
    write_bundle(small_bundle(), folder)
    return folder


@pytest.fixture(scope="package")
def which_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a model that says which one."""
    folder = tmp_path_factory.mktemp("which") / "best"
    rule = ScoreRule(task="exclusive")
    write_bundle(replace(small_bundle(), rule=rule, thresholds=(0.0,) * 3), folder)
    return folder


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Make a folder with three good files, one bad one, and what is no audio."""
    folder = tmp_path / "music"
    (folder / "deep" / "er").mkdir(parents=True)
    noise = np.random.default_rng(0).normal(0, 0.1, 5 * 22050)
    for name in ('b, "q".wav', "deep/er/ünï 日本.wav", "a.wav"):
        soundfile.write(folder / name, noise, 22050)
    (folder / "deep" / "bad.mp3").write_text("<html>")
    (folder / "cover.jpg").touch()
    return folder


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """Make a folder with an MP3 of Rock, an OGG without genres, a WAV, and one that is done."""
    folder = tmp_path / "songs"
    folder.mkdir()
    noise = np.random.default_rng(0).normal(0, 0.1, 22050)
    for name, kind in {
        "a.mp3": "mp3",
        "b.ogg": "ogg-vorbis",
        "c.wav": "wav",
        "d.mp3": "mp3",
    }.items():
        write(folder / name, noise, 22050, **FORMATS[kind])
    for name, genres in {"a.mp3": ["Rock"], "d.mp3": ["A", "B"]}.items():
        give_genres(folder / name, *genres)
    return folder
