"""What files say about themselves: genres and artist in tags of every kind."""

import re
from dataclasses import replace
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


def test_no_tags_in_what_is_no_audio(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    advice = ", or label it by folder or labels.csv"
    for content, words in {
        b"": "has no tags that can be read (empty); replace it",
        b"<html>": "has no tags that can be read (not_audio); replace it",
        b"ID3\x04\x00\x00\xff\xff\xff\xff": "has no tags that can be read (not_audio); replace it",
        b"fLaC" + bytes(40): "has a tag that cannot be read (not a StreamInfo block); mend it",
    }.items():
        path.write_bytes(content)
        assert replace(read_tags(path), no_genre="") == Tags(no_genre="")
        (problem,) = find_by_tags(tmp_path).problems
        assert problem.message.startswith(words[:25])
        assert problem.message.endswith(advice)
    path.unlink()
    assert read_tags(path).no_genre == "has no tags that can be read (missing); replace it"


@pytest.mark.parametrize(
    ("values", "genres"),
    [
        (["Unknown", "Misc"], ()),
        (["nan"], ()),
        (["#N/A"], ()),
        (["No Genre", "Unclassifiable"], ()),
        (["None", "N/A"], ()),
        (["12"], ()),  # ID3's number of Other
        (["Other", "Rock/Unknown"], ("rock",)),
        (["17"], ("rock",)),
        (["(17)(8)", "Rock"], ("jazz", "rock")),
        (["17; 8", "Folk/12"], ("folk", "jazz", "rock")),
        ([r"Rock\\Pop"], ("pop", "rock")),
        (["Rock • Pop"], ("pop", "rock")),
        (["Rock w/ Strings"], ("rock_with_strings",)),
        (["80s"], ("80s",)),
        (["1980"], ("1980",)),  # no genre has that number
    ],
)
@pytest.mark.parametrize("suffix", [".flac", ".mp3"])
def test_what_a_value_says(
    suffix: str, values: list[str], genres: tuple[str, ...], tmp_path: Path
) -> None:
    """A value says the same in any format; what players write for nothing is no genre."""
    path = write_sound(tmp_path / f"a{suffix}", genre=values, artist=["", "B"])
    assert read_tags(path).genres == genres
    assert read_tags(path).artist == "B"
    if not genres:
        (problem,) = find_by_tags(tmp_path).problems
        assert re.fullmatch(
            "has the genre tag '.+', which names none; write another, or label it by folder or "
            "labels.csv",
            problem.message,
        )


def test_a_file_without_a_genre_is_told_what_it_lacks(tmp_path: Path) -> None:
    write_sound(tmp_path / "a.flac", artist="B")
    (problem,) = find_by_tags(tmp_path).problems
    assert problem.message == "has no genre tag; write one, or label it by folder or labels.csv"


def test_tags_are_read_only_where_they_are_asked_for(tmp_path: Path) -> None:
    write_sound(tmp_path / "a.flac", genre="Jazz")
    assert not EMBEDDED_TAGS.applies(tmp_path)


@pytest.mark.parametrize("stand_in", ["Unknown Artist", "Various Artists", "[unknown]"])
def test_a_stand_in_does_not_hide_an_artist(stand_in: str, tmp_path: Path) -> None:
    write_sound(tmp_path / "a.flac", 0.1, artist=stand_in, albumartist="Nina")
    write_sound(tmp_path / "b.flac", 0.1, artist=stand_in)
    assert read_tags(tmp_path / "a.flac").artist == "Nina"
    assert read_tags(tmp_path / "b.flac").artist == stand_in
