"""Hashes of files are remembered, and never believed where the file may have changed."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from genre.dataset import content_index
from genre.dataset.content_index import ContentIndex
from genre.hashing import hash_file


@pytest.fixture
def song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a file that was written long enough ago to be trusted."""
    path = tmp_path / "song.mp3"
    path.write_bytes(b"one")
    monkeypatch.setattr(content_index, "_RECENT_NS", 0)
    time.sleep(0.01)
    return path


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    read: list[Path] = []

    def counting(path: Path) -> str:
        read.append(path)
        return hash_file(path)

    monkeypatch.setattr(content_index, "hash_file", counting)
    return read


def test_a_file_is_read_once(song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = count_reads(monkeypatch)
    index = ContentIndex(tmp_path / "cache" / "contents.json")
    assert index.hash(song) == hash_file(song)
    index.save()
    later = ContentIndex(tmp_path / "cache" / "contents.json")
    assert later.hash(song) == hash_file(song)
    assert read == [song]


def test_parts_of_a_job_keep_each_others_entries(song: Path, tmp_path: Path) -> None:
    names = [f"{number}.mp3" for number in range(16)]
    for name in names:
        (tmp_path / name).write_text(name)
    time.sleep(0.01)
    indices = [ContentIndex(tmp_path / "cache" / "contents.json") for _ in names]

    def work(name: str, index: ContentIndex) -> None:
        index.hash(tmp_path / name)
        index.save()

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(work, names, indices))
    index = ContentIndex(tmp_path / "cache" / "contents.json")
    hashes = {name: hash_file(tmp_path / name) for name in names}
    assert all(index.stamp(tmp_path / name, sha256) for name, sha256 in hashes.items())
    assert index.stamp(song, hash_file(song)) is None


def test_a_lock_that_another_user_made_does_too(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = ContentIndex(tmp_path / "contents.json")
    index.hash(song)
    theirs = tmp_path / ".contents.json.lock"
    theirs.touch(mode=0o444)
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != theirs)
    index.save()
    assert ContentIndex(index.path).stamp(song, hash_file(song)) is not None
    assert theirs.read_bytes() == b""


def test_a_change_that_keeps_size_and_modification_time_is_seen(song: Path, tmp_path: Path) -> None:
    index = ContentIndex(tmp_path / "contents.json")
    before = index.hash(song)
    status = song.stat()
    song.write_bytes(b"two")
    os.utime(song, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert song.stat().st_mtime_ns == status.st_mtime_ns
    assert index.hash(song) == hash_file(song) != before


def test_a_file_just_written_is_not_remembered(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_index, "_RECENT_NS", 3_600_000_000_000)
    index = ContentIndex(tmp_path / "contents.json")
    index.hash(song)
    index.save()
    assert not (tmp_path / "contents.json").exists()


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"a": [1, 2]}', '{"a": "b"}', "{"])
def test_a_broken_index_is_an_empty_one(song: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "contents.json"
    path.write_text(content)
    index = ContentIndex(path)
    assert index.hash(song) == hash_file(song)
    index.save()
    assert ContentIndex(path).hash(song) == hash_file(song)


def test_what_a_manifest_says_is_believed_here_and_not_passed_on(
    song: Path, tmp_path: Path
) -> None:
    (tmp_path / "other.mp3").write_bytes(b"other")
    time.sleep(0.01)
    index, said = ContentIndex(tmp_path / "contents.json"), "0f" * 32
    size, modified, _ = content_index.stamp_of(song)
    assert not index.believe(song, (size + 1, modified, -1), said)
    assert index.known(song) == ""
    assert index.believe(song, (size, modified, -1), said)
    assert index.hash(song) == said
    assert index.stamp(song, said) == content_index.stamp_of(song)
    index.hash(tmp_path / "other.mp3")
    index.save()
    later = ContentIndex(tmp_path / "contents.json")
    assert later.known(tmp_path / "other.mp3") != ""
    assert later.hash(song) == hash_file(song)


def test_a_missing_file_is_the_callers_business(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ContentIndex(tmp_path / "contents.json").hash(tmp_path / "none.mp3")


@pytest.mark.skipif(os.name == "nt", reason="names are bytes only on POSIX")
def test_a_name_that_is_no_text_is_kept(song: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.mp3"))
    song.rename(odd)
    time.sleep(0.01)
    index = ContentIndex(tmp_path / "contents.json")
    index.hash(odd)
    index.save()
    assert ContentIndex(tmp_path / "contents.json").hash(odd) == hash_file(odd)
