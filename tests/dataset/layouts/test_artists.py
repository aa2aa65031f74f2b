"""Whoever made a track: from a name, a tag or the labels, in one spelling."""

from pathlib import Path

import pytest

from genre.dataset.layouts import scan
from genre.dataset.layouts.artists import (
    artist_from_name,
    artist_key,
    known_artist,
    unify_artists,
)
from tests.dataset_examples import make_track, write_labels, write_sound


def test_artists_of_the_labels_are_cleaned_too(tmp_path: Path) -> None:
    rows = {
        "a.flac": ("Daft Punk feat. Someone", "Daft Punk", "labels"),
        "b.flac": ("Daft  Punk", "Daft Punk", "labels"),
        "c.flac": ("Various Artists", "Tag", "tag"),
        "Name - d.flac": ("VA", "Name", "name"),
        "e.flac": ("Unknown", "e.flac", "track"),
        "f.flac": ("1-100032", "1-100032", "labels"),
    }
    for number, name in enumerate(rows):
        tags = {"artist": "Tag"} if name == "c.flac" else {}
        write_sound(tmp_path / name, 0.1 + number / 10, **tags)
    lines = [f"{name},jazz,{labelled}\n" for name, (labelled, *_) in rows.items()]
    write_labels(tmp_path, "path,genres,artist\n" + "".join(lines))
    found = {track.track_id: (track.artist, track.artist_source) for track in scan(tmp_path).tracks}
    assert found == {name: (artist, source) for name, (_, artist, source) in rows.items()}


@pytest.mark.parametrize(
    ("name", "artist"),
    [
        ("Nina Simone - Feeling Good.mp3", "Nina Simone"),
        ("01 - Nina Simone - Feeling Good.mp3", "Nina Simone"),
        ("01. Nina Simone - Feeling Good.mp3", "Nina Simone"),
        ("Kevin_MacLeod_-_Vibe_Ace.hq.ogg", "Kevin MacLeod"),
        ("Björk \u2013 Jóga.mp3", "Björk"),
        ("Jay-Z - Song.mp3", "Jay-Z"),
        ("50 Cent - Song.mp3", "50 Cent"),
        ("A feat. B - Song.mp3", "A"),
        ("Unknown Artist - Song.mp3", None),
        ("01 - Feeling Good.mp3", None),
        ("1-100032-A.ogg", None),
        ("Feeling Good.mp3", None),
        (" - x.mp3", None),
    ],
)
def test_artist_from_name(name: str, artist: str | None) -> None:
    assert artist_from_name(Path("/any/where") / name) == artist


@pytest.mark.parametrize(
    ("name", "artist"),
    [
        (None, None),
        ("  ", None),
        ("VA", None),
        ("Daft  Punk ft. Someone", "Daft Punk"),
        ("Daft Punk (feat. Someone)", "Daft Punk"),
        ("Featherstone", "Featherstone"),
    ],
)
def test_known_artist(name: str | None, artist: str | None) -> None:
    assert known_artist(name) == artist


def test_artists_are_one_whatever_case_and_space() -> None:
    assert (
        artist_key("Kevin  MacLeod") == artist_key("kevin macleod ") == artist_key("KEVINMACLEOD")
    )
    tracks = [
        make_track("1", "jazz", "kevin macleod", source="name"),
        make_track("2", "jazz", "Kevin MacLeod", source="tag"),
        make_track("3", "jazz", "Kevin MacLeod", source="tag"),
        make_track("a.wav", "jazz"),
        make_track("A.wav", "jazz"),
    ]
    unified = unify_artists(tracks)
    assert [track.artist for track in unified] == [*["Kevin MacLeod"] * 3, "a.wav", "A.wav"]
    assert [track.artist_source for track in unified] == [track.artist_source for track in tracks]
    assert [track.artist for track in unify_artists(tracks[::-1])][::-1] == [
        track.artist for track in unified
    ]


def test_a_scan_unifies_artists(three: Path) -> None:
    write_labels(three, "path,genres,artist\nx.wav,jazz,nina\ny.wav,jazz,Nina\nz.wav,pop,NINA \n")
    assert {track.artist for track in scan(three).tracks} == {"NINA"}
