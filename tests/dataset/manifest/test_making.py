"""From a folder or an address to rows: genre.dataset.manifest.making."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from genre.dataset.content_index import ContentIndex
from genre.dataset.layouts import scan
from genre.dataset.manifest.making import list_address, list_folder, modified_ns
from genre.dataset.manifest.writing import write_manifest
from genre.errors import DatasetError
from genre.hashing import hash_file
from tests.far import at, write_music


def test_a_folder_and_its_manifest_are_the_same_tracks(tmp_path: Path) -> None:
    music = write_music(tmp_path / "music", 6)
    (music / "rock" / "bad.mp3").write_text("<html>")
    (music / "loose.wav").write_bytes((music / "jazz" / "Ann Bee - 0.wav").read_bytes()[:-2])
    made = list_folder(music, tmp_path / "m.csv", index=ContentIndex(Path()), hashes=True)
    assert [fault.kind for fault in made.faults] == ["not_audio"]
    rows = {row.path: row for row in made.rows}
    assert len(rows) == 7
    assert rows["music/loose.wav"].genres == ""
    one = rows["music/jazz/Ann Bee - 0.wav"]
    assert (one.genres, one.artist) == ("jazz", "Ann Bee")
    assert one.sha256 == hash_file(music / "jazz" / "Ann Bee - 0.wav")
    write_manifest(made.rows, tmp_path / "m.csv")
    listed, folder = scan(tmp_path / "m.csv"), scan(music, may_lack_tracks=True)
    assert [(t.path, t.genres, t.artist, t.sha256) for t in listed.tracks] == [
        (t.path, t.genres, t.artist, t.sha256) for t in folder.tracks if t.path.name != "bad.mp3"
    ]
    assert listed.notes == (f"1 row without genres left out of {tmp_path / 'm.csv'}",)


def test_paths_are_absolute_where_the_music_lies_elsewhere(tmp_path: Path) -> None:
    music = write_music(tmp_path / "music", 1)
    made = list_folder(music, tmp_path / "lists" / "m.csv", index=ContentIndex(Path()))
    assert made.rows[0].path == (music / "jazz" / "Ann Bee - 0.wav").as_posix()
    assert made.rows[0].sha256 is None
    assert made.rows[0].size == (music / "jazz" / "Ann Bee - 0.wav").stat().st_size


def test_hashes_that_the_cache_knows_are_not_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genre.dataset.content_index._RECENT_NS", 0)
    music = write_music(tmp_path / "music", 2)
    index = ContentIndex(tmp_path / "contents.json")
    scan(music, index=index)
    known = list_folder(music, tmp_path / "m.csv", index=ContentIndex(tmp_path / "contents.json"))
    assert all(row.sha256 for row in known.rows)


def test_an_address_is_listed_as_the_folder_is(tmp_path: Path) -> None:
    music = write_music(tmp_path / "music", 6)
    (music / ".hidden").mkdir()
    (music / ".hidden" / "x.wav").touch()
    (music / "rock" / "cover.jpg").touch()
    index = ContentIndex(Path())
    far = list_address(at(music), tmp_path / "far.csv", index=index, hashes=True)
    here = list_folder(music, tmp_path / "m.csv", index=ContentIndex(Path()), hashes=True)
    assert [row.path for row in far.rows] == [f"file://{tmp_path}/{row.path}" for row in here.rows]
    for one, other in zip(far.rows, here.rows, strict=True):
        assert (one.genres, one.artist, one.sha256) == (other.genres, other.artist, other.sha256)
        assert one.size == other.size
        assert one.modified is not None
        assert other.modified is not None
        assert abs(one.modified - other.modified) < 2000
    beside = list_address(at(music), at(tmp_path / "m.csv"), index=index)
    assert [row.path for row in beside.rows] == [row.path for row in here.rows]
    assert all(row.sha256 for row in beside.rows)  # read a moment ago


@pytest.mark.parametrize("is_far", [False, True])
def test_where_there_is_no_sound_there_is_no_manifest(is_far: bool, tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    index, out = ContentIndex(Path()), tmp_path / "m.csv"
    folder, words = tmp_path / "music", "must hold at least one audio file"
    if is_far:
        with pytest.raises(DatasetError, match=words):
            list_address(at(folder), out, index=index)
    else:
        with pytest.raises(DatasetError, match=words):
            list_folder(folder, out, index=index)


def test_times_of_every_file_system_are_read() -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    assert modified_ns({"LastModified": moment}) == round(moment.timestamp() * 10**9)
    assert modified_ns({"mtime": 1.5}) == 1_500_000_000
    assert modified_ns({"size": 3}) is None
