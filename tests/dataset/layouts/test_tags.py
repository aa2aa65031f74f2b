"""What files say about themselves: genres and artist in tags of every kind."""

from pathlib import Path
from typing import Any

import mutagen.id3
import pytest

from genre.dataset.layouts import scan
from genre.dataset.layouts.tags import EMBEDDED_TAGS, Tags, find_by_tags, read_tags
from tests.dataset_examples import genres_of, write_sound

ID3: Any = mutagen.id3  # it has no types


@pytest.mark.parametrize("suffix", [".flac", ".ogg", ".mp3"])
def test_embedded_tags(tmp_path: Path, suffix: str) -> None:
    write_sound(tmp_path / f"a{suffix}", 0.1, genre=["Jazz", "Hip-Hop/Rap"], artist="Nina")
    write_sound(tmp_path / f"deep/b{suffix}", 0.2, genre="Rock; Pop")
    write_sound(tmp_path / f"c{suffix}", 0.3, artist="Bob")
    write_sound(tmp_path / f"d{suffix}", 0.4, genre="Other")
    found = scan(tmp_path, labels="tags")
    assert found.layout == "embedded-tags"
    assert genres_of(found) == {
        f"a{suffix}": ("hiphop", "jazz"),
        f"deep/b{suffix}": ("pop", "rock"),
    }
    assert (found.tracks[0].artist, found.tracks[0].artist_source) == ("Nina", "tag")
    assert [(fault.path.stem, fault.kind) for fault in found.problems] == [
        ("c", "no_genre"),
        ("d", "no_genre"),
    ]


def test_numbered_genres_of_old_id3_tags(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.mp3")
    tags = ID3.ID3()
    tags.add(ID3.TCON(encoding=3, text=["(8)(2)"]))
    tags.add(ID3.TPE1(encoding=1, text=["Björk", "Guest"]))
    tags.save(path)
    assert read_tags(path).genres == ("country", "jazz")
    assert read_tags(path).artist == "Björk"


def test_wav_carries_id3_too(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav")
    file = mutagen.File(path)
    file.add_tags()
    file.tags.add(ID3.TCON(encoding=3, text=["Jazz"]))
    file.save()
    assert read_tags(path).genres == ("jazz",)


def test_no_tags_in_what_is_no_audio(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    for content in (b"", b"<html>", b"ID3\x04\x00\x00\xff\xff\xff\xff", b"fLaC" + bytes(40)):
        path.write_bytes(content)
        assert read_tags(path) == read_tags(tmp_path / "nowhere.mp3")


def test_what_players_write_for_nothing_is_no_genre(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.flac", genre=["Unknown", "Misc"], artist=["", "B"])
    assert read_tags(path) == Tags(artist="B", genres=())
    (problem,) = find_by_tags(tmp_path).problems
    assert problem.message == "has no genre tag; write one, or label it by folder or labels.csv"


def test_tags_are_read_only_where_they_are_asked_for(tmp_path: Path) -> None:
    write_sound(tmp_path / "a.flac", genre="Jazz")
    assert not EMBEDDED_TAGS.applies(tmp_path)
