"""A manifest in place of a folder: genre.dataset.layouts.manifest."""

import os
from pathlib import Path

import pytest

from genre.addresses import Address
from genre.dataset.content_index import ContentIndex
from genre.dataset.layouts import scan
from genre.dataset.layouts.manifest import find_in_manifest
from genre.errors import ConfigError, DatasetError
from genre.hashing import hash_file
from tests.far import at, write_music

OTHER = "0f" * 32


def manifest(folder: Path, text: str) -> Path:
    (folder / "m.csv").write_text(text, encoding="utf-8")
    return folder / "m.csv"


def test_rows_are_entries_and_those_without_genres_are_left_out(tmp_path: Path) -> None:
    rows = "b.mp3,Hip-Hop|jazz,Ann,training,2\na.mp3,rock,,,\nc.mp3,,,,\n"
    found = find_in_manifest(manifest(tmp_path, f"path,genres,artist,split,fold\n{rows}"))
    assert [entry.track_id for entry in found.entries] == ["a.mp3", "b.mp3"]
    one, two = found.entries
    assert (one.genres, one.artist, one.split, one.fold) == (("rock",), None, None, None)
    assert (two.genres, two.artist, two.split, two.fold) == (("hiphop", "jazz"), "Ann", "train", 2)
    assert two.spellings == ("Hip-Hop", "jazz")
    assert found.tells_artists
    assert found.notes == (f"1 row without genres left out of {tmp_path / 'm.csv'}",)


def test_a_split_of_no_part_is_told_with_its_row(tmp_path: Path) -> None:
    path = manifest(tmp_path, "path,genres,split\na.mp3,rock,train\nb.mp3,rock,tomorrow\n")
    with pytest.raises(DatasetError, match=r"m.csv, row 2, column split: 'tomorrow' must be one"):
        find_in_manifest(path)


def test_a_known_hash_is_believed_while_the_file_looks_the_same(tmp_path: Path) -> None:
    music = write_music(tmp_path / "music", 1)
    sound = music / "jazz" / "Ann Bee - 0.wav"
    status = sound.stat()
    row = f"{sound},{status.st_size},{status.st_mtime_ns},,{OTHER},jazz\n"
    path = manifest(tmp_path, f"path,size,modified,changed,sha256,genres\n{row}")
    index = ContentIndex(Path())
    assert scan(path, index=index).tracks[0].sha256 == OTHER
    assert index.stamp(sound, OTHER) is not None
    os.utime(sound, ns=(0, 0))
    assert scan(path).tracks[0].sha256 == hash_file(sound)


def test_artists_are_looked_for_where_no_column_names_them(tmp_path: Path) -> None:
    music = write_music(tmp_path / "music", 2)
    rows = "".join(f"{path},x\n" for path in sorted(music.rglob("*.wav")))
    found = scan(manifest(tmp_path, f"path,genres\n{rows}"))
    assert [track.artist for track in found.tracks] == ["Ann Bee", "Cee Dee"]
    settled = scan(manifest(tmp_path, "path,genres,artist\n" + rows.replace(",x", ",x,")))
    assert [track.artist_source for track in settled.tracks] == ["track", "track"]


def test_files_elsewhere_are_read_once_or_never(tmp_path: Path) -> None:
    music = write_music(tmp_path / "music", 1)
    sound = music / "jazz" / "Ann Bee - 0.wav"
    known = manifest(tmp_path, f"path,genres,sha256\ns3://nowhere/a.mp3,x,{OTHER}\n")
    track = scan(known).tracks[0]
    assert (track.path, track.sha256) == (Address("s3://nowhere/a.mp3"), OTHER)
    text = f"path,genres,size,modified\n{at(sound)},x,{sound.stat().st_size},5\n"
    path, index = manifest(tmp_path, text), ContentIndex(tmp_path / "contents.json")
    digest = hash_file(sound)
    assert scan(path, index=index).tracks[0].sha256 == digest
    sound.unlink()
    again = scan(path, index=ContentIndex(tmp_path / "contents.json"))
    assert again.tracks[0].sha256 == digest
    lost = scan(manifest(tmp_path, f"path,genres\n{at(sound)},x\n"), may_lack_tracks=True)
    assert [fault.kind for fault in lost.problems] == ["unreadable"]
    assert lost.name_of(at(sound)) == f"file://{sound}"


def test_names_for_people_are_as_short_as_can_be(tmp_path: Path) -> None:
    music = write_music(tmp_path / "music", 1)
    found = scan(manifest(tmp_path, "path,genres\nmusic/jazz/Ann Bee - 0.wav,x\n"))
    assert found.name_of(found.tracks[0].path) == "music/jazz/Ann Bee - 0.wav"
    assert found.name_of(Path("/elsewhere/x")) == "/elsewhere/x"
    assert found.layout == "manifest"
    assert scan(music).name_of(music / "jazz" / "x") == "jazz/x"


def test_what_cannot_be_a_manifest_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="labels='tags' must be left out: the manifest"):
        scan(manifest(tmp_path, "path,genres\na,x\n"), labels="tags")
    with pytest.raises(DatasetError, match="write one with genre scan s3://bucket"):
        scan(Address("s3://bucket/music"))
    with pytest.raises(DatasetError, match=r"No tracks found: looked in .* \(manifest\)"):
        scan(manifest(tmp_path, "path\nx.mp3\n"))
