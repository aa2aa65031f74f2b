"""What is new in a folder is read and computed; what was there before is left alone."""

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.addresses import here
from genre.dataset import content_index
from genre.dataset.content_index import ContentIndex, stamp_of
from genre.dataset.features import FeatureStore
from genre.dataset.filling import FeatureWork, write_features
from genre.dataset.layouts import scan
from genre.errors import AudioError
from genre.execution import ExecutionConfig
from genre.hashing import hash_file

ONE = ExecutionConfig(n_workers=1)


def add_tracks(root: Path, first: int, number: int) -> None:
    (root / "jazz").mkdir(parents=True, exist_ok=True)
    for seed in range(first, first + number):
        samples = np.random.default_rng(seed).normal(0.0, 0.1, 4000)
        soundfile.write(root / "jazz" / f"{seed}.wav", samples, 8000)
    time.sleep(0.01)


def test_ten_more_tracks_are_ten_to_read_and_to_compute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def counting(path: Path) -> str:
        read.append(path)
        return hash_file(path)

    monkeypatch.setattr(content_index, "hash_file", counting)
    monkeypatch.setattr(content_index, "_RECENT_NS", 0)
    root, store = tmp_path / "music", FeatureStore(tmp_path / "cache")
    add_tracks(root, 0, 30)
    first = scan(root, index=ContentIndex(tmp_path / "contents.json"))
    report = store.fill(first.tracks, execution=ONE)
    assert (report.n_new, report.n_cached, len(read)) == (30, 0, 30)
    stamps = {path: path.stat().st_mtime_ns for path in store.folder.rglob("*.*")}

    read.clear()
    add_tracks(root, 30, 10)
    second = scan(root, index=ContentIndex(tmp_path / "contents.json"))
    report = store.fill(second.tracks, execution=ONE)
    assert (report.n_new, report.n_cached) == (10, 30)
    assert sorted(path.name for path in read) == [f"{seed}.wav" for seed in range(30, 40)]
    assert stamps == {path: path.stat().st_mtime_ns for path in stamps}


def test_a_renamed_or_retagged_folder_keeps_its_features(tmp_path: Path) -> None:
    root, store = tmp_path / "music", FeatureStore(tmp_path / "cache")
    add_tracks(root, 0, 3)
    store.fill(scan(root).tracks, execution=ONE)
    (root / "jazz").rename(root / "blues")
    moved = scan(root)
    assert {genre for track in moved.tracks for genre in track.genres} == {"blues"}
    assert store.fill(moved.tracks, execution=ONE).n_new == 0


def test_a_file_that_looks_the_same_is_not_hashed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_index, "_RECENT_NS", 0)
    add_tracks(tmp_path / "music", 0, 1)
    index = ContentIndex(tmp_path / "contents.json")
    (track,) = scan(tmp_path / "music", index=index).tracks
    stamp = index.stamp(here(track.path), track.sha256)
    assert stamp == stamp_of(here(track.path))
    assert index.stamp(here(track.path), "0" * 64) is None
    store = FeatureStore(tmp_path / "cache")
    # A hash that is wrong is believed as long as the file has the stamp, and no longer.
    work = FeatureWork(here(track.path), "0" * 64, store.path("0" * 64), store.config, stamp)
    assert write_features(work).duration_seconds == 0.5
    with here(track.path).open("ab") as file:
        file.write(b"more")
    with pytest.raises(AudioError, match="has changed since the folder was read"):
        write_features(work)
