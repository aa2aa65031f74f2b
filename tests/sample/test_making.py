"""The dataset on disk: once, whole, and nobody else's files touched."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import mutagen
import pytest
import soundfile

from genre.errors import DatasetError
from genre.sample.making import make_sample_dataset
from genre.sample.planning import SampleConfig, plan_tracks
from tests.sample_examples import TINY


def test_the_cut_on_disk(sample_cut: Path) -> None:
    with (sample_cut / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 18
    assert list(rows[0]) == ["path", "genres", "artist"]
    for row in rows:
        path, genres = sample_cut / row["path"], row["genres"].split("|")
        assert path.parent.name == genres[0]
        info = soundfile.info(path)
        assert info.duration == pytest.approx(10.0, abs=0.1)  # MP3 pads to whole frames
        tags = mutagen.File(path).tags
        assert tags["TPE1"].text == [row["artist"]]
        assert tags["TCON"].text == genres
        assert path.stem == f"{row['artist']} - {tags['TIT2'].text[0]}"
    assert {Path(row["path"]).suffix for row in rows} == {".mp3", ".wav"}


def test_a_second_call_does_nothing_and_touches_nothing(sample_cut: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in sample_cut.rglob("*.*")}
    marker = json.loads((sample_cut / "sample.json").read_text())["config"]
    config = SampleConfig(**{**marker, "genres": tuple(marker["genres"])})
    summary = make_sample_dataset(sample_cut, config)
    assert summary.n_written == 0
    assert str(summary).endswith(f"sample dataset: {sample_cut}")
    assert {path: path.stat().st_mtime_ns for path in sample_cut.rglob("*.*")} == before


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tiny")
    make_sample_dataset(root, TINY, n_workers=1)
    return root


def test_another_configuration_replaces_ours_and_keeps_yours(tiny: Path) -> None:
    old = {path for path in tiny.rglob("*") if path.suffix in (".mp3", ".wav")}
    kept, changed = tiny / "jazz" / "mine.wav", min(old)
    kept.write_bytes(b"mine")
    changed.write_bytes(b"edited by its owner")
    summary = make_sample_dataset(tiny, replace(TINY, seed=5), n_workers=1)
    assert summary.n_written == 4
    new = {path for path in tiny.rglob("*") if path.suffix in (".mp3", ".wav")}
    assert kept.read_bytes() == b"mine"
    assert changed.read_bytes() == b"edited by its owner"
    assert new & old == {changed}
    assert len(new) == 4 + 2


def test_a_foreign_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("path,genres\n")
    with pytest.raises(DatasetError, match=r"root=.* must be empty .* labels.csv is there"):
        make_sample_dataset(tmp_path, TINY)
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]
    with pytest.raises(DatasetError, match="must be a folder"):
        make_sample_dataset(tmp_path / "labels.csv", TINY)


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_broken_marker_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "sample.json").write_text(text)
    with pytest.raises(DatasetError, match=r"sample.json must be"):
        make_sample_dataset(tmp_path, TINY)


def test_an_interrupted_dataset_is_made_again(tmp_path: Path) -> None:
    make_sample_dataset(tmp_path, TINY, n_workers=1)
    sound = {path: path.read_bytes() for path in tmp_path.rglob("*.wav")}
    marker = json.loads((tmp_path / "sample.json").read_text())
    marker["finished"] = False
    (tmp_path / "sample.json").write_text(json.dumps(marker))
    assert make_sample_dataset(tmp_path, TINY, n_workers=1).n_written == 4
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.wav")} == sound


def test_how_much_there_is_is_told(tmp_path: Path) -> None:
    summary = make_sample_dataset(tmp_path, TINY, n_workers=1)
    plans = plan_tracks(TINY)
    assert (summary.n_tracks, summary.n_artists, summary.n_written) == (4, 2, 4)
    assert summary.n_two_genres == sum(len(plan.genres) == 2 for plan in plans) == 1
    assert summary.total_seconds == pytest.approx(sum(plan.duration_seconds for plan in plans))
    assert "4 tracks of 2 invented artists, 1 tracks in two genres" in str(summary)
    assert "made 4 tracks" in str(summary)
