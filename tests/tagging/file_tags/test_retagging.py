"""Files get other genres one after the other: applied first, told by what is returned."""

import os
from pathlib import Path

import numpy as np
import pytest

from genre.errors import ConfigError, TagError
from genre.tagging.file_tags.genre_tags import read_genres
from genre.tagging.file_tags.journal import Journal, RecordedChanges
from genre.tagging.file_tags.retagging import Retagged, Retagger
from tests.sounds import FORMATS, write
from tests.tagged_files import give_genres


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Make an MP3 whose own genre is Rock, in a folder of its own."""
    (tmp_path / "songs").mkdir()
    path = tmp_path / "songs" / "a.mp3"
    write(path, np.random.default_rng(0).normal(0, 0.1, 22050), 22050, **FORMATS["mp3"])
    give_genres(path, "Rock")
    return path


def with_jazz(genres: tuple[str, ...]) -> tuple[str, ...]:
    return (*genres, "jazz")


def test_with_a_journal_the_file_has_what_is_told(song: Path, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    retagger = Retagger(journal)
    done = retagger.retag(song, with_jazz)
    journal.close()
    assert done == Retagged(path=song, before=("Rock",), after=("Rock", "jazz"))
    assert done.is_changed
    assert read_genres(song) == ("Rock", "jazz")
    assert retagger.n_changed == 1
    assert RecordedChanges(tmp_path / "j.jsonl")[0].genres_after == ("Rock", "jazz")


def test_without_a_journal_nothing_is_written(song: Path, tmp_path: Path) -> None:
    before = song.read_bytes()
    retagger = Retagger(None)
    assert retagger.retag(song, with_jazz).after == ("Rock", "jazz")
    assert retagger.n_changed == 1
    assert song.read_bytes() == before
    assert [path.name for path in tmp_path.rglob("*")] == ["songs", "a.mp3"]
    song.chmod(0o444)
    with pytest.raises(TagError, match="is read-only; make it writable first"):
        retagger.retag(song, with_jazz)
    assert retagger.n_changed == 1


def test_a_file_that_is_as_proposed_is_left_alone(song: Path, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    retagger = Retagger(journal)
    before = song.stat().st_mtime_ns, song.read_bytes()
    done = retagger.retag(song, lambda genres: genres)
    assert not done.is_changed
    assert (done.before, done.after) == (("Rock",), ("Rock",))
    assert (song.stat().st_mtime_ns, song.read_bytes()) == before
    assert (retagger.n_changed, journal.n_changes) == (0, 0)
    assert not (tmp_path / "j.jsonl").exists()


def test_a_journal_that_cannot_be_written_stops_the_work(song: Path, tmp_path: Path) -> None:
    before = song.read_bytes()
    journal = Journal(tmp_path / "j.jsonl")
    (tmp_path / "j.jsonl").write_text("mine")
    retagger = Retagger(journal)
    with pytest.raises(ConfigError, match="must not exist yet"):
        retagger.retag(song, with_jazz)
    assert retagger.n_changed == 0
    assert song.read_bytes() == before


def test_what_a_killed_run_left_goes_before_the_change(song: Path, tmp_path: Path) -> None:
    leftover = song.parent / ".0123456789abcdef.x.genre-tmp"
    leftover.touch()
    os.utime(leftover, (0, 0))
    Retagger(None).retag(song, with_jazz)
    assert leftover.exists()  # where nothing is written, nothing is deleted
    journal = Journal(tmp_path / "j.jsonl")
    Retagger(journal).retag(song, with_jazz)
    journal.close()
    assert not leftover.exists()
