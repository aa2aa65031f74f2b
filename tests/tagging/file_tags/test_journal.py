"""The undo journal: genre.tagging.file_tags.journal."""

import json
import os
import sys
from pathlib import Path

import pytest

from genre.errors import ConfigError, TagError
from genre.tagging.file_tags.genre_tags import read_genres
from genre.tagging.file_tags.journal import Journal, RecordedChanges
from genre.tagging.file_tags.writing import Undone, write_genres
from tests.tagged_files import NEW, WITH_LIBSNDFILE, change, give_tags, make, take_back


def test_the_journal_keeps_little(tmp_path: Path) -> None:
    for name in WITH_LIBSNDFILE:
        path = make(tmp_path, name, seconds=10.0)
        give_tags(path, title="Ours", genre="Rock")
        journal = tmp_path / f"{name}.jsonl"
        change(path, journal)
        assert journal.stat().st_size < 0.05 * path.stat().st_size, name


def test_a_journal_goes_on_where_it_was(song: Path, tmp_path: Path) -> None:
    journal = tmp_path / "j.jsonl"
    before = song.read_bytes()
    change(song, journal, ("a",))
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"path": "torn by a machine that sto')
    change(song, journal, ("b",))
    assert journal.read_bytes().startswith(whole)
    assert journal.read_bytes().count(b"\n") == 3
    assert take_back(journal) == [Undone.RESTORED, Undone.RESTORED]
    assert song.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"mine", b'{"kind": "genre tag journal", "format": 1}'])
def test_another_file_is_never_written_over(content: bytes, song: Path, tmp_path: Path) -> None:
    (tmp_path / "j.jsonl").write_bytes(content)
    for name in ("j.jsonl", "."):
        with pytest.raises(ConfigError, match="must not exist yet, or be one of"):
            Journal(tmp_path / name)
    assert (tmp_path / "j.jsonl").read_bytes() == content
    late = Journal(tmp_path / "late.jsonl")
    (tmp_path / "late.jsonl").write_bytes(content)
    with pytest.raises(ConfigError, match="must not exist yet, or be one of"):
        write_genres(song, NEW, late)
    assert (tmp_path / "late.jsonl").read_bytes() == content
    assert read_genres(song) == ("Rock",)


def test_two_runs_do_not_write_one_journal(song: Path, tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    journal = tmp_path / "j.jsonl"
    first = Journal(journal)
    write_genres(song, ("a",), first)
    second = Journal(journal)
    with pytest.raises(ConfigError, match="must not be in use by another run"):
        write_genres(song, ("b",), second)
    write_genres(song, ("c",), first)
    first.close()
    write_genres(song, ("d",), second)
    second.close()
    assert len(take_back(journal)) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not flushed there")
def test_the_disk_has_the_name_of_a_journal_before_the_first_change(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "journals").mkdir()
    events = []
    fsync, replace = os.fsync, Path.replace

    def flush(descriptor: int) -> None:
        if os.path.samestat(os.fstat(descriptor), (tmp_path / "journals").stat()):
            events.append("the name is on the disk")
        fsync(descriptor)

    def rename(path: Path, target: Path) -> Path:
        events.append(f"{target.name} is changed")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(Path, "replace", rename)
    change(song, tmp_path / "journals" / "j.jsonl")
    assert events == ["the name is on the disk", "song.mp3 is changed"]


def test_a_torn_last_line_is_passed_over_and_a_damaged_one_is_named(
    song: Path, tmp_path: Path
) -> None:
    journal = tmp_path / "j.jsonl"
    before = song.read_bytes()
    change(song, journal)
    whole = journal.read_bytes()
    header, line = whole.splitlines(keepends=True)
    journal.write_bytes(whole + line[: len(line) // 2])
    assert len(RecordedChanges(journal)) == 1
    journal.write_bytes(header + line.replace(b'"kept"', b'"kapt"'))
    with pytest.raises(TagError, match="line 2: damaged"):
        take_back(journal)
    journal.write_bytes(header + line.replace(b'"parts": [[', b'"parts": [[1], ['))
    with pytest.raises(TagError, match="line 2: damaged"):
        take_back(journal)
    assert song.read_bytes() != before
    journal.write_bytes(whole)
    take_back(journal)
    assert song.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{}\n", b"[1]\n", b"\xff\n", b"path,genres\n"])
def test_what_is_no_journal(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(TagError, match="must be a file that `genre tag --write-tags --apply`"):
        RecordedChanges(tmp_path / "x")
    with pytest.raises(TagError, match="must be a readable file"):
        RecordedChanges(tmp_path / "none")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("path", "/music/a\0b"),
        ("path", "/music/\ud800"),
        ("path", "/" + "x" * 100_000),
        ("mtime_ns", 10**40),
        ("mtime_ns", -(10**22)),
        ("mtime_ns", 1.5),
        ("mtime_ns", "x"),
    ],
)
def test_a_line_that_names_what_no_file_has_is_damaged(
    key: str, value: object, song: Path, tmp_path: Path
) -> None:
    """A journal may come from anybody: a line is a change that can be, or a message of one line."""
    path = tmp_path / "journal.jsonl"
    change(song, path, ("jazz",))
    header, line = path.read_text(encoding="utf-8").splitlines()
    changed = json.dumps(json.loads(line) | {key: value})
    path.write_text(f"{header}\n{changed}\n", encoding="utf-8")
    with pytest.raises(TagError, match="line 2: damaged, cannot be undone") as caught:
        RecordedChanges(path)[0]
    assert len(str(caught.value)) < 300
