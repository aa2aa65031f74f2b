"""The front door: a folder in, tracks, faults, duplicates and spectrograms out."""

import doctest
import os
from pathlib import Path

import numpy as np
import pytest

from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.dataset import collection
from genre.dataset.collection import decode_tracks, mark_duplicates, open_folder, read_folder
from genre.dataset.content_index import CONTENTS_NAME
from genre.errors import ConfigError, DatasetError
from genre.execution import ExecutionConfig
from tests.doctor_examples import noise
from tests.sounds import write

ONE = ExecutionConfig(n_workers=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with every kind of trouble: a copy, a trimmed copy, and three bad files."""
    root = tmp_path / "music"
    for genre in ("jazz", "rock"):
        (root / genre).mkdir(parents=True)
    write(root / "jazz" / "Ann - a.wav", noise(3, seed=1), 22050)
    write(root / "jazz" / "Bob - b.wav", noise(3, seed=2), 22050)
    copied = (root / "jazz" / "Ann - a.wav").read_bytes()
    (root / "rock" / "Ann - same bytes.wav").write_bytes(copied)
    write(root / "rock" / "Cid - same sound.wav", noise(3, seed=2)[2205:], 22050)
    (root / "rock" / "D - empty.mp3").touch()
    (root / "rock" / "D - page.mp3").write_text("<html></html>")
    write(root / "outside.wav", noise(1, seed=3), 22050)
    return root


def test_the_example_runs() -> None:
    found = doctest.testmod(collection)
    assert found.attempted >= 10
    assert found.failed == 0


def test_everything_about_a_folder(folder: Path, tmp_path: Path) -> None:
    before = sorted(os.walk(folder))
    music = open_folder(folder, cache=tmp_path / "cache", execution=ONE, progress=False)
    assert (music.root, music.layout) == (folder, "folder-per-genre")
    assert [track.track_id for track in music.tracks] == [
        *("jazz/Ann - a.wav", "jazz/Bob - b.wav", "rock/Cid - same sound.wav")
    ]
    assert music.genres == {"jazz": 2, "rock": 2}  # what has the same bytes has both
    assert [(fault.path.name, fault.kind, fault.stage) for fault in music.faults] == [
        ("outside.wav", "no_genre", "scan"),
        ("D - empty.mp3", "empty", "scan"),
        ("D - page.mp3", "not_audio", "features"),
    ]
    ((first, second),) = music.duplicates.copies
    assert (first.genres, second.genres) == (("jazz",), ("rock",))
    assert music.duplicates.groups == (("jazz/Bob - b.wav", "rock/Cid - same sound.wav"),)
    assert [track.recording for track in music.tracks] == [None, *["jazz/Bob - b.wav"] * 2]
    assert music.notes[0].startswith("1 file found again, byte for byte, counted once")
    assert music.warnings == (
        "jazz/Bob - b.wav and rock/Cid - same sound.wav are the same recording (offset 0.1 s)",
        (
            "the same recording under different labels: jazz/Bob - b.wav is jazz, "
            "rock/Cid - same sound.wav is rock"
        ),
    )
    assert len(music.store.load(music.tracks[0])) == 151  # 3 s of 50 frames, and the first one
    assert sorted(os.walk(folder)) == before


def test_without_the_search_copies_are_still_known(folder: Path, tmp_path: Path) -> None:
    music = open_folder(
        folder, cache=tmp_path / "cache", execution=ONE, find_duplicates=False, progress=False
    )
    assert (music.duplicates.pairs, music.duplicates.groups) == ((), ())
    assert len(music.duplicates.copies) == 1
    assert {track.recording for track in music.tracks} == {None}
    assert not list((tmp_path / "cache").rglob("*.fp*.npy"))  # nothing was searched


def test_the_three_steps_are_the_whole(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    whole = open_folder(folder, cache=str(cache), execution=ONE, progress=False)
    reading = read_folder(str(folder), cache=cache)
    assert reading.found.n_files == 6  # three to decode, the page, two bad at once
    decoded = decode_tracks(reading, execution=ONE)
    assert (decoded.filled.n_new, decoded.filled.n_cached) == (0, 3)
    assert decoded.duplicates.pairs == ()
    marked = mark_duplicates(decoded)
    assert (marked.tracks, marked.duplicates) == (whole.tracks, whole.duplicates)
    assert (cache / CONTENTS_NAME).parent == whole.store.folder.parent


def test_another_front_end_has_a_store_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "music.wav", noise(1), 22050)
    (tmp_path / "music" / "jazz").mkdir(parents=True)
    (tmp_path / "music.wav").rename(tmp_path / "music" / "jazz" / "a.wav")
    front_end = FrontEndConfig(mel=MelConfig(n_mels=48))
    music = open_folder(
        tmp_path / "music",
        cache=tmp_path / "cache",
        front_end=front_end,
        execution=ONE,
        progress=False,
    )
    assert music.store.config == front_end
    assert np.shape(music.store.load(music.tracks[0])) == (51, 48)


def test_a_folder_of_bad_files_is_an_error_or_an_answer(tmp_path: Path) -> None:
    (tmp_path / "music" / "jazz").mkdir(parents=True)
    (tmp_path / "music" / "jazz" / "page.mp3").write_text("<html></html>")
    cache = tmp_path / "cache"
    with pytest.raises(
        DatasetError, match=r"data=.*music must hold a file that can be decoded: all 1 are bad, .*p"
    ):
        open_folder(tmp_path / "music", cache=cache, execution=ONE, progress=False)
    music = open_folder(
        tmp_path / "music", cache=cache, execution=ONE, may_lack_tracks=True, progress=False
    )
    assert (music.tracks, music.genres, len(music.faults)) == ((), {}, 1)


def test_wrong_words_are_errors(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="labels='x' must be one of: auto, csv, folders, tags"):
        open_folder(folder, cache=tmp_path / "cache", labels="x")
    with pytest.raises(DatasetError, match=r"data=.*none must be an existing folder"):
        open_folder(tmp_path / "none", cache=tmp_path / "cache")
    with pytest.raises(DatasetError, match=r"labels.csv must be readable"):
        open_folder(folder, cache=tmp_path / "cache", labels="csv")


@pytest.mark.usefixtures("live_bars")
def test_bars_are_drawn_unless_not_wanted(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    open_folder(folder, cache=tmp_path / "cache", execution=ONE, progress=False)
    assert capfd.readouterr().err == ""
    open_folder(folder, cache=tmp_path / "cache", execution=ONE)
    assert "reading: 100%" in capfd.readouterr().err
