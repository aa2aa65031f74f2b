"""A file is replaced whole or not at all: genre.tagging.file_tags.rewriting."""

import errno
import os
import sys
from pathlib import Path

import pytest

from genre.cli import main
from genre.errors import TagError
from genre.tagging.file_tags import rewriting
from genre.tagging.file_tags.genre_tags import read_genres
from tests.tagged_files import (
    NEW,
    change,
    events_of,
    needs_fork,
    take_back,
)

JOURNAL = Path("j.jsonl")


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
        with rewriting.replacing(song, journal=tmp_path / "j.jsonl"):
            os._exit(9)

    assert events_of(killed, end_at=10**9) == 9
    (leftover,) = tmp_path.glob(".*")
    for another in (None, tmp_path / "another.jsonl"):
        rewriting.remove_leftovers(tmp_path, another)
        assert leftover.exists()  # another run may be at it
    os.utime(leftover, (0, 0))
    rewriting.remove_leftovers(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == [song.name]


@needs_fork
def test_what_a_killed_run_left_is_cleared_at_once_by_its_journal(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever goes on with a journal, or takes it back, knows the copies that were made for it."""
    journal = tmp_path / "elsewhere" / "j.jsonl"
    journal.parent.mkdir()

    def killed() -> None:
        with rewriting.replacing(song, journal=journal):
            os._exit(9)

    for act in (lambda: change(song, journal), lambda: main(["untag", str(journal)])):
        assert events_of(killed, end_at=10**9) == 9
        assert len(list(tmp_path.glob(".*.genre-tmp"))) == 1
        monkeypatch.chdir(journal.parent)  # however the journal is named
        rewriting.Leftovers(Path("j.jsonl")).clear_beside(song)
        assert list(tmp_path.glob(".*")) == []
        assert events_of(killed, end_at=10**9) == 9
        act()
        assert main(["untag", str(journal)]) == 0
        assert list(tmp_path.glob(".*")) == []


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes"
    path.write_text("old")
    return path


def test_what_the_block_wrote_takes_the_file_s_place(notes: Path, tmp_path: Path) -> None:
    with rewriting.replacing(notes, journal=JOURNAL) as copy:
        assert copy.parent == tmp_path  # one file system: renamed, not copied
        assert copy.read_bytes() == b""
        copy.write_text("new")
        assert notes.read_text() == "old"
    assert notes.read_text() == "new"
    assert list(tmp_path.iterdir()) == [notes]


def test_a_block_that_fails_leaves_the_file_as_it_was(notes: Path, tmp_path: Path) -> None:
    def fail() -> None:
        with rewriting.replacing(notes, journal=JOURNAL) as copy:
            copy.write_text("new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert notes.read_text() == "old"
    assert list(tmp_path.iterdir()) == [notes]


def test_a_file_that_somebody_else_changed_keeps_their_work(notes: Path, tmp_path: Path) -> None:
    def rewrite() -> None:
        with rewriting.replacing(notes, journal=JOURNAL) as copy:
            copy.write_text("new")
            notes.write_text("theirs")

    with pytest.raises(TagError, match="was changed by another program; left as that has it"):
        rewrite()
    assert notes.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [notes]


def test_the_time_of_modification_is_the_one_given(notes: Path) -> None:
    with rewriting.replacing(notes, journal=JOURNAL, mtime_ns=10**18) as copy:
        copy.write_text("new")
    assert notes.stat().st_mtime_ns == 10**18


def test_links_are_followed_and_circles_refused(notes: Path, tmp_path: Path) -> None:
    link, circle = tmp_path / "link", tmp_path / "circle"
    link.symlink_to(notes)
    circle.symlink_to(circle)
    assert rewriting.own_file(link) == notes.resolve()
    with pytest.raises(TagError, match="circle' must be an existing file"):
        rewriting.own_file(circle)


def test_leftovers_are_looked_for_once_in_each_folder(notes: Path, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    leftovers = rewriting.Leftovers()

    def old(folder: Path) -> Path:
        path = folder / ".0123456789abcdef.x.genre-tmp"
        path.touch()
        os.utime(path, (0, 0))
        return path

    first, deep = old(tmp_path), old(tmp_path / "deep")
    leftovers.clear_beside(notes)
    assert (first.exists(), deep.exists()) == (False, True)
    again = old(tmp_path)
    leftovers.clear_beside(tmp_path / "another")
    assert again.exists()
    leftovers.clear_beside(tmp_path / "deep" / "song.mp3")
    assert not deep.exists()
