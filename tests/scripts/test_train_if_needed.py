"""The script that the container is built with: where the bundle is, and one really trained."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

import train_if_needed
from genre.cli import run_job
from genre.grid import GridConfig
from genre.grid import train_if_needed as needed
from genre.grid.train_if_needed import WantedBundle
from genre.loading import load_tagger
from genre.sample import render_excerpt
from tests.bundles import small_bundle, write_bundle

SCRIPT = Path(train_if_needed.__file__)


@pytest.mark.parametrize(
    ("bundle", "folder"), [(None, "results/best"), ("", "results/best"), ("own/one", "own/one")]
)
def test_the_variable_says_where_the_bundle_is(
    tmp_path: Path,
    bundle: str | None,
    folder: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GENRE_BUNDLE", raising=False)
    if bundle is not None:
        monkeypatch.setenv("GENRE_BUNDLE", bundle)
    write_bundle(small_bundle(), tmp_path / folder)
    assert run_job(train_if_needed.run, []) == 0
    assert capsys.readouterr().out == f"model: {folder} (it was there already)\n"


def test_a_broken_bundle_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GENRE_BUNDLE", str(tmp_path))
    (tmp_path / "model.json").write_text("{}")
    assert run_job(train_if_needed.run, []) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith(f"error: {tmp_path / 'model.json'}: format must be")
    assert complaint.count("\n") == 1


def test_a_bundle_that_needs_torch_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GENRE_BUNDLE", str(tmp_path / "old"))
    write_bundle(small_bundle(), tmp_path / "old")
    path = tmp_path / "old" / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 3}))
    assert run_job(train_if_needed.run, []) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith(f"error: {tmp_path / 'old'}: the bundle is of a format before 4")
    assert "genre export BUNDLE --upgrade" in complaint
    assert complaint.count("\n") == 1


def test_one_training_of_each_configuration_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs: list[GridConfig] = []

    def _remember(folder: Path, config: GridConfig, *, command: str) -> WantedBundle:
        assert command.startswith("train_if_needed.py")
        configs.append(config)
        return WantedBundle(folder=folder, data=None)

    monkeypatch.setattr(needed, "train_if_needed", _remember)
    assert train_if_needed.run([]) == 0
    assert train_if_needed.run(["--seeds", "2", "--data", str(tmp_path)]) == 0
    assert configs[0] == GridConfig(seeds=1)
    assert (configs[1].seeds, configs[1].data) == (2, tmp_path)


def call(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Start the script in a folder, as the container's build does."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), *words],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if key != "GENRE_BUNDLE"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_tiny_model_is_really_trained_once(tmp_path: Path) -> None:
    tiny = ["--configs", "attnFalse_lossbce", "--epochs", "1", "--channels", "4", "8"]
    tiny += ["--hidden", "8", "--n-workers", "1", "--device", "cpu"]
    rng = np.random.default_rng(0)
    for number, genre in enumerate(("jazz", "rock") * 3):
        samples, sample_rate = render_excerpt(genre, rng=rng, duration_seconds=5)
        path = tmp_path / "data" / "tracks" / genre / f"Artist {number} - Song.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, samples, sample_rate)
    answer = call(tmp_path, *tiny)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[-1] == "model: results/best (trained on data/tracks)"
    records = list((tmp_path / "results" / "tracks").glob("*/seed*/record.json"))
    assert [path.parent.name for path in records] == ["seed0"]
    assert json.loads(records[0].read_text())["command"].startswith("train_if_needed.py --configs")
    song = next((tmp_path / "data" / "tracks").rglob("*.wav"))
    tags = load_tagger(tmp_path / "results" / "best").tag(song)
    assert sorted(tags.scores) == ["jazz", "rock"]
    shutil.rmtree(tmp_path / "data")
    assert "it was there already" in call(tmp_path, *tiny).stdout
