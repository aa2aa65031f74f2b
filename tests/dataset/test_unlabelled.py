"""Sound files without labels: genre.dataset.unlabelled."""

import os
from pathlib import Path

import pytest

from genre.dataset import content_index
from genre.dataset.content_index import ContentIndex
from genre.dataset.faults import Fault
from genre.dataset.unlabelled import content_of, read_unlabelled
from genre.hashing import hash_file


def test_files_become_tracks_and_those_that_cannot_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_index, "_RECENT_NS", -1)
    song, empty, gone = (tmp_path / f"{name}.wav" for name in ("song", "empty", "gone"))
    song.write_bytes(b"one")
    empty.touch()
    index = ContentIndex(tmp_path / "contents.json")
    tracks, faults = read_unlabelled({path: path.stem for path in (song, empty, gone)}, index)
    (track,) = tracks
    assert (track.track_id, track.path, track.sha256) == ("song", song, hash_file(song))
    assert (track.genres, track.artist) == ((), "song")
    assert [(fault.path, fault.kind) for fault in faults] == [
        (empty, "empty"),
        (gone, "unreadable"),
    ]
    assert ContentIndex(index.path).stamp(song, track.sha256) is not None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "a.wav"
    os.mkfifo(pipe)
    found = content_of(pipe)
    assert isinstance(found, Fault)
    assert found.message == "must be a regular file"
