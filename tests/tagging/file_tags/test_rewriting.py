"""A file is replaced whole or not at all: genre.tagging.file_tags.rewriting."""

import errno
import os
import sys
from pathlib import Path

import pytest

from genre.tagging.file_tags import rewriting
from genre.tagging.file_tags.genre_tags import read_genres
from tests.tagged_files import (
    NEW,
    change,
    events_of,
    needs_fork,
    take_back,
)


def test_mode_stays_and_the_time_of_the_old_file_comes_back(song: Path, tmp_path: Path) -> None:
    song.chmod(0o640)
    os.utime(song, ns=(10**18, 10**18 + 7))
    change(song, tmp_path / "j.jsonl")
    assert song.stat().st_mode & 0o777 == 0o640
    assert song.stat().st_mtime_ns > 10**18 + 7  # players and backups look at it
    take_back(tmp_path / "j.jsonl")
    assert song.stat().st_mode & 0o777 == 0o640
    assert song.stat().st_mtime_ns == 10**18 + 7


@pytest.mark.skipif(sys.platform == "win32", reason="files have no group there")
def test_a_group_that_may_stay_stays_where_the_owner_may_not(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def as_anybody(path: Path, user: int, group: int) -> None:
        if user != -1:
            raise PermissionError(errno.EPERM, "only root gives files away")
        given.append((path.parent, group))

    monkeypatch.setattr(os, "chown", as_anybody)
    change(song, tmp_path / "j.jsonl")
    assert given == [(tmp_path, song.stat().st_gid)]
    assert read_genres(song) == NEW


def test_who_has_the_old_file_open_reads_the_old_file(song: Path, tmp_path: Path) -> None:
    before = song.read_bytes()
    with song.open("rb") as reader:
        change(song, tmp_path / "j.jsonl")
        assert reader.read() == before  # not written over: renamed over
    now = song.read_bytes()
    with song.open("rb") as reader:
        take_back(tmp_path / "j.jsonl")
        assert reader.read() == now


def test_a_link_stays_a_link(song: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.mp3"
    link.symlink_to(song)
    change(link, tmp_path / "j.jsonl")
    assert link.is_symlink()
    assert read_genres(song) == NEW
    assert [item.name for item in (tmp_path / "elsewhere").iterdir()] == ["link.mp3"]


@needs_fork
def test_what_a_killed_run_left_is_cleared_an_hour_later(song: Path, tmp_path: Path) -> None:
    def killed() -> None:
        with rewriting.replacing(song):
            os._exit(9)

    assert events_of(killed, end_at=10**9) == 9
    (leftover,) = tmp_path.glob(".*")
    rewriting.remove_leftovers(tmp_path)
    assert leftover.exists()  # another run may be at it
    os.utime(leftover, (0, 0))
    rewriting.remove_leftovers(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == [song.name]
