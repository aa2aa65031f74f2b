"""Whoever made a track, as file names and folders tell it.

The rule: a number before a name is one where the files around it say so, and stays where it may be
part of the name; a folder is an artist where the files do not know better. What nothing tells is
unknown, never one artist for all.
"""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.dataset.layouts.artist_guesses import (
    NUMBER_NAMES,
    artist_from_name,
    guess_artists,
)
from genre.dataset.layouts.entries import Entry
from genre.dataset.layouts.scan import scan
from tests.dataset_examples import write_sound

# What one file's name tells, whatever lies beside it.
FILES: dict[str, str | None] = {
    "Nina Simone - Feeling Good": "Nina Simone",
    "Nina Simone - Feeling Good - Live": "Nina Simone",
    "Nina Simone - Pastel Blues - 01 - Sinnerman": "Nina Simone",
    "Nina Simone - 1965 - Pastel Blues - 01 - Sinnerman": "Nina Simone",
    "Kevin_MacLeod_-_Vibe_Ace.hq": "Kevin MacLeod",
    "Björk \u2013 Jóga": "Björk",
    "Björk \u2014 Jóga": "Björk",
    "Jay-Z - Song": "Jay-Z",
    "A feat. B - Song": "A",
    "Foxes & Bears - Song": "Foxes & Bears",
    "Beatles, The - Help": "Beatles, The",
    # numbers that are numbers
    "01 - Nina Simone - Feeling Good": "Nina Simone",
    "1 - Nina Simone - Feeling Good": "Nina Simone",
    "12 - Nina Simone - Feeling Good": "Nina Simone",
    "112 - Nina Simone - Feeling Good": "Nina Simone",
    "A1 - Nina Simone - Feeling Good": "Nina Simone",
    "Nina Simone \u2010 Feeling Good": "Nina Simone",
    "Nina Simone \u2212 Feeling Good": "Nina Simone",
    "Nina Simone \uff0d Feeling Good": "Nina Simone",
    "Nina Simone -- Feeling Good": "Nina Simone",
    "Nina Simone -Feeling Good": "Nina Simone",
    "Nina Simone- Feeling Good": "Nina Simone",
    "112 - Song": "112",
    "113 - Nina Simone - Feeling Good": "Nina Simone",
    "01. Nina Simone - Feeling Good": "Nina Simone",
    "01.Nina Simone - Feeling Good": "Nina Simone",
    "01) Nina Simone - Feeling Good": "Nina Simone",
    "01: Nina Simone - Feeling Good": "Nina Simone",
    "1. Nina Simone - Feeling Good": "Nina Simone",
    "(01) Nina Simone - Feeling Good": "Nina Simone",
    "(11) Nina Simone - Feeling Good": "Nina Simone",
    "[08] Nina Simone - Feeling Good": "Nina Simone",
    "[11] - Nina Simone - Feeling Good": "Nina Simone",
    "#01 Nina Simone - Feeling Good": "Nina Simone",
    "01 Nina Simone - Feeling Good": "Nina Simone",
    "001 Nina Simone - Feeling Good": "Nina Simone",
    "05_Nina Simone - Feeling Good": "Nina Simone",
    "05_-_Nina_Simone_-_Feeling_Good": "Nina Simone",
    "1-01 Nina Simone - Feeling Good": "Nina Simone",
    "1-01 - Nina Simone - Feeling Good": "Nina Simone",
    "1.01 Nina Simone - Feeling Good": "Nina Simone",
    "(1-01) Nina Simone - Feeling Good": "Nina Simone",
    "CD1 - 03 - Nina Simone - Feeling Good": "Nina Simone",
    "CD 1 - 03 - Nina Simone - Feeling Good": "Nina Simone",
    "Disc 2 - 03 - Nina Simone - Feeling Good": "Nina Simone",
    "Disk 2 03 - Nina Simone - Feeling Good": "Nina Simone",
    "CD2 1-03 Nina Simone - Feeling Good": "Nina Simone",
    "Track 03 - Nina Simone - Feeling Good": "Nina Simone",
    "Track 03. Nina Simone - Feeling Good": "Nina Simone",
    "A1. Nina Simone - Feeling Good": "Nina Simone",
    "B2 - Nina Simone - Feeling Good": "Nina Simone",
    "Side A - 02 - Nina Simone - Feeling Good": "Nina Simone",
    "(1965) - Nina Simone - Feeling Good": "Nina Simone",
    "8A - Nina Simone - Feeling Good": "Nina Simone",
    "8A - 124 - Nina Simone - Feeling Good": "Nina Simone",
    "124 - 8A - Nina Simone - Feeling Good": "Nina Simone",
    "124 bpm - Nina Simone - Feeling Good": "Nina Simone",
    "4m - Nina Simone - Feeling Good": "Nina Simone",
    "Am - Nina Simone - Feeling Good": "Nina Simone",
    "F#min - Nina Simone - Feeling Good": "Nina Simone",
    "0001 - Nina Simone - Feeling Good": "Nina Simone",
    "0001 Nina Simone - Feeling Good": "Nina Simone",
    "20190503 - Nina Simone - Feeling Good": "Nina Simone",
    "2019-05-03 - Nina Simone - Feeling Good": "Nina Simone",
    "2019-05-03 Nina Simone - Feeling Good": "Nina Simone",
    "(1990) Nina Simone - Feeling Good": "Nina Simone",
    "[1990] Nina Simone - Feeling Good": "Nina Simone",
    "AA - Nina Simone - Feeling Good": "Nina Simone",
    "A. - Nina Simone - Feeling Good": "Nina Simone",
    "Piste 01 - Nina Simone - Feeling Good": "Nina Simone",
    "[NCS] Nina Simone - Feeling Good": "Nina Simone",
    "Premiere - Nina Simone - Feeling Good": "Nina Simone",
    # numbers that are names, or may be
    "1990 Foxes - Song": "1990 Foxes",
    "[spunge] - Song": "[spunge]",
    "(hed) p.e. - Song": "(hed) p.e.",
    "50 Cent - Song": "50 Cent",
    "3 Doors Down - Song": "3 Doors Down",
    "10cc - Song": "10cc",
    "2Pac - Song": "2Pac",
    "12 Foxes - Song": "12 Foxes",
    "01 - 50 Cent - Song": "50 Cent",
    "01 50 Cent - Song": "50 Cent",
    "(01) 3 Doors Down - Song": "3 Doors Down",
    "02. 2Pac - Song": "2Pac",
    "50 Cent & Eminem - Song": "50 Cent & Eminem",
    "50 Cent feat. Eminem - Song": "50 Cent",
    "009 Sound System - Song": "009 Sound System",
    "1.Cuz - Song": "1.Cuz",
    "10 Ft. Ganja Plant - Song": "10 Ft. Ganja Plant",
    "101 Strings Orchestra - Song": "101 Strings Orchestra",
    "30 Seconds to Mars - Song": "30 Seconds to Mars",
    "65daysofstatic - Song": "65daysofstatic",
    "13th Floor Elevators - Song": "13th Floor Elevators",
    "1975 - Chocolate": "1975",
    "2814 - Recovery": "2814",
    "311 - Down": "311",
    "999 - Emergency": "999",
    "A1 - Song": "A1",
    "D12 - My Band": "D12",
    "U2 - One": "U2",
    "Sum 41 - Song": "Sum 41",
    "Little Feat - Willin'": "Little Feat",
    # nobody
    "1 of 12 - Feeling Good": None,
    "8A - Feeling Good": None,
    "Piste 01 - Feeling Good": None,
    "01 - Feeling Good": None,
    "1 - Feeling Good": None,
    "113 - Feeling Good": None,
    "A2 - Feeling Good": None,
    "1-02 - Feeling Good": None,
    "CD1 - Feeling Good": None,
    "Track 01 - Feeling Good": None,
    "Track 01": None,
    "01 Feeling Good": None,
    "1-100032-A": None,
    "Feeling Good": None,
    "Feeling-Good": None,
    " - x": None,
    "- - x": None,
    "": None,
    "Unknown Artist - Feeling Good": None,
    "01 - Various Artists - Feeling Good": None,
    "[unknown] - Feeling Good": None,
    "V.A. - Feeling Good": None,
    "nan - Feeling Good": None,
}


@pytest.mark.parametrize(("name", "artist"), FILES.items())
def test_one_name(name: str, artist: str | None) -> None:
    assert artist_from_name(Path("/any/where") / f"{name}.mp3") == artist


def guessed(*paths: str) -> dict[str, tuple[str, str]]:
    """Guess the artists of files below a folder per genre."""
    entries = [
        Entry(
            track_id=path,
            path=Path("/music", path),
            genres=("jazz",),
            below=PurePosixPath(path).parts[1:-1],
        )
        for path in paths
    ]
    found = guess_artists(entries)
    assert guess_artists(entries[::-1]) == found
    return dict(found)


def artists(*paths: str) -> list[str | None]:
    """Guess the artists and list them in order."""
    found = guessed(*paths)
    return [found[path][0] if path in found else None for path in paths]


def in_one_folder(*names: str) -> list[str | None]:
    return artists(*(f"jazz/{name}.wav" for name in names))


def test_numbers_that_follow_on_are_numbers() -> None:
    assert in_one_folder("1 Foxes - a", "2 Bears - b", "3 Owls - c") == ["Foxes", "Bears", "Owls"]
    padded = in_one_folder("01 Foxes - a", "09 Bears - b", "12 Owls - c", "50 Cent - d")
    assert padded == ["Foxes", "Bears", "Owls", "50 Cent"]
    discs = in_one_folder("101 Foxes - a", "102 Bears - b", "201 Owls - c", "202 Cats - d")
    assert discs == ["Foxes", "Bears", "Owls", "Cats"]
    keys = in_one_folder("8A Foxes - a", "9A Foxes - b", "12B Foxes - c")
    assert keys == ["Foxes"] * 3
    years = in_one_folder("1990 Foxes - a", "1992 Foxes - b")
    assert years == ["Foxes", "Foxes"]
    sides = in_one_folder("A1 Foxes - a", "A2 Bears - b", "B1 Owls - c", "B2 Cats - d")
    assert sides == ["Foxes", "Bears", "Owls", "Cats"]


def test_the_same_name_behind_other_numbers_is_one_artist() -> None:
    assert artists("jazz/7 Foxes - a.wav", "pop/31 Foxes - b.wav") == ["Foxes", "Foxes"]


def test_numbers_that_do_not_follow_on_are_names() -> None:
    assert in_one_folder("12 Foxes - a", "12 Foxes - b") == ["12 Foxes", "12 Foxes"]
    mixed = in_one_folder("12 Foxes - a", "40 Bears - b", "77 Owls - c")
    assert mixed == ["12 Foxes", "40 Bears", "77 Owls"]
    assert in_one_folder("3 Foxes - a", "4 Bears - b", "Owls - c", "Cats - d")[:2] == [
        "3 Foxes",
        "4 Bears",
    ]
    assert in_one_folder("2 Chainz - a", "3 Doors Down - b", "4 Hero - c") == [
        "2 Chainz",
        "3 Doors Down",
        "4 Hero",
    ]


@given(st.sampled_from(sorted(NUMBER_NAMES)), st.integers(1, 12))
def test_names_of_the_table_are_never_cut(name: str, number: int) -> None:
    for stem in (f"{name} - a", f"{number:02d} - {name} - a", f"{number:02d}. {name} - a"):
        assert artist_from_name(Path(f"{stem}.mp3")) == name


def test_two_levels_below_a_genre_are_artist_and_album() -> None:
    paths = [
        f"rock/{artist}/{album}/0{number} Song {number}.wav"
        for artist in ("Foxes", "Bears")
        for album in ("One", "Two")
        for number in (1, 2)
    ]
    found = guessed(*paths)
    assert set(found.values()) == {("Foxes", "folder"), ("Bears", "folder")}
    assert all(found[path][0] in path for path in paths)


def test_what_only_contains_is_no_artist() -> None:
    """Paths as collection managers write them; nothing in them but the artist is one."""
    for path in (
        "Singles/Foxes/a.wav",
        "Albums/Foxes/One/a.wav",
        "1970s/Foxes/One/a.wav",
        "80s/Foxes/One/a.wav",
        "2000s/Foxes/One/a.wav",
        "MP3 320/Foxes/a.wav",
        "FLAC/Foxes/One/a.wav",
        "F/Foxes/One/a.wav",
        "Non-Album/Foxes/a.wav",
        "Hard/Foxes/One/a.wav",
        "Foxes/Albums/One/a.wav",
        "Foxes/One/CD1/a.wav",
        "Foxes/1990/One/a.wav",
        "(1990) Foxes - One/a.wav",
        "[1990] Foxes - One/a.wav",
        "1990 - Foxes - One/a.wav",
        "Foxes (1990) One/a.wav",
        "Foxes Discography/a.wav",
        "Foxes (Complete)/a.wav",
        "Foxes-One-WEB-1990-GRP/a.wav",
    ):
        others = (path.replace("Foxes", "Bears"), path.replace("Foxes", "Owls"))
        assert artists(*(f"rock/{one}" for one in (path, *others))) == ["Foxes", "Bears", "Owls"]


def test_three_folders_below_a_genre_are_artists() -> None:
    three = guessed("rock/Foxes/a.wav", "rock/Bears/b.wav", "rock/Owls/c.wav")
    assert {artist for artist, _ in three.values()} == {"Foxes", "Bears", "Owls"}
    # two could not be divided into training, validation and test
    assert guessed("rock/Foxes/a.wav", "rock/Bears/b.wav") == {}


def test_files_that_name_their_artists_know_better_than_folders() -> None:
    sampler = guessed("rock/Hits/CD1/Foxes - a.wav", "rock/Hits/CD1/Bears - b.wav")
    assert set(sampler.values()) == {("Foxes", "name"), ("Bears", "name")}
    album = guessed(
        *(f"rock/Foxes/One/0{n} Song{n}.wav" for n in range(1, 9)),
        "rock/Foxes/One/09 Song - Live.wav",
    )
    assert set(album.values()) == {("Foxes", "folder")}


def test_folders_without_an_artist_leave_tracks_alone() -> None:
    assert guessed("rock/Various Artists/One/a.wav", "rock/Unknown Artist/Two/b.wav") == {}
    assert guessed("rock/CD1/x/a.wav", "rock/2004/x/b.wav") == {}


def test_six_ways_to_number_are_one_artist_on_one_side(tmp_path: Path) -> None:
    """The case that made a score false: one artist was five, and stood in training and test."""
    names = ["01 Foxes - One", "(11) Foxes - Two", "[08] Foxes - Three", "05_Foxes - Four"]
    names += ["101 Foxes - Five", "Foxes - Six"]
    for number, name in enumerate(names):
        write_sound(tmp_path / ("jazz", "pop")[number % 2] / f"{name}.wav", 0.1 + number / 10)
    found = scan(tmp_path).tracks
    assert {(track.artist, track.artist_source) for track in found} == {("Foxes", "name")}
