"""One spelling of every artist for the whole set, wherever the artists are known from."""

from pathlib import Path

from genre.dataset.layouts import scan
from genre.dataset.layouts.artists import unify_artists
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


def test_artists_are_one_whatever_case_and_space() -> None:
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


def unified(*names: str) -> list[str]:
    """Unify artists, each with a track of its own, and list what they are called then."""
    tracks = [make_track(str(number), "jazz", name) for number, name in enumerate(names)]
    forwards = [track.artist for track in unify_artists(tracks)]
    assert [track.artist for track in unify_artists(tracks[::-1])][::-1] == forwards
    return forwards


def test_whoever_stands_first_made_it_where_the_set_knows_them() -> None:
    """A name that joins others is the first of them that the set has alone, else it is whole."""
    assert unified("Foxes & Bears", "Foxes") == ["Foxes", "Foxes"]
    assert unified("Foxes & Bears", "Foxes & Bears", "Foxes") == ["Foxes"] * 3
    assert unified("Foxes vs. Bears", "bears") == ["bears", "bears"]
    assert unified("Foxes x Bears", "Bears", "Foxes") == ["Foxes", "Bears", "Foxes"]
    assert unified("Foxes/Bears", "Foxes") == ["Foxes", "Foxes"]
    assert unified("AC/DC", "Foxes", "ACDC", "AC/DC") == ["AC/DC", "Foxes", "AC/DC", "AC/DC"]
    assert unified("Simon & Garfunkel", "Simone") == ["Simon & Garfunkel", "Simone"]
    assert unified("Simon & Garfunkel", "Simon and Garfunkel") == ["Simon & Garfunkel"] * 2


def test_a_surname_may_stand_first() -> None:
    assert unified("Cash, Johnny", "Johnny Cash", "Johnny Cash") == ["Johnny Cash"] * 3
    assert unified("Cash, Johnny") == ["Cash, Johnny"]
    assert unified("Tyler, The Creator", "Foxes") == ["Tyler, The Creator", "Foxes"]
    assert unified("Beatles, The", "The Beatles", "Beatles", "Beatles") == ["Beatles"] * 4


def test_names_that_lead_to_each_other_are_one() -> None:
    assert len(set(unified("Foxes, Bears", "Bears, Foxes"))) == 1
