"""What a set of tracks can carry: by hand."""

from dataclasses import astuple
from pathlib import Path

import pytest

from genre.dataset.doctor import diagnose
from genre.dataset.doctor.diagnosis import (
    GenreRow,
    dominated_genres,
    genre_table,
    most_tracks_first,
    rare_genres,
    together_table,
)
from genre.dataset.faults import Fault
from genre.dataset.splits import Split
from genre.dataset.tracks import Track
from tests.dataset_examples import make_track


def _fault(name: str, kind: str = "empty") -> Fault:
    return Fault(path=Path(name), sha256="", stage="scan", kind=kind, message="has no content")


def _tracks() -> list[Track]:
    # jazz: 5 tracks, X 3 of them; folk: 2 by Y and Z; pop: 1 by nobody
    return [
        make_track("1", "jazz", "X"),
        make_track("2", "jazz", "X"),
        make_track("3", "jazz|folk", "Y"),
        make_track("4", "jazz", "X"),
        make_track("5", "jazz|folk", "Z"),
        make_track("6", "pop"),
    ]


def test_warnings_in_plain_words() -> None:
    faults = [_fault("a"), _fault("b", "corrupt"), _fault("c")]
    diagnosis = diagnose(_tracks(), faults)
    assert diagnosis.n_faults == {"corrupt": 1, "empty": 2}
    assert diagnosis.warnings == (
        "3 of 9 files cannot be used: corrupt 1, empty 2",
        "1 track of 6 without a known artist: each counts as its own",
        "genre folk: 2 tracks from 2 artists; too few for training, validation and test",
        "genre jazz: 5 tracks from 3 artists; its test figures rest on one artist",
        "artist X made 60 % of genre jazz",
        "genre pop: 1 track from 1 artist; too few for training, validation and test",
    )


@pytest.mark.parametrize("artist", ["100% Pure", "50 % Cent", "%s {0}%"])
def test_an_artists_own_name_stays_as_it_is(artist: str) -> None:
    tracks = [make_track(f"{n}", "jazz", artist if n else "other") for n in range(4)]
    assert f"artist {artist} made 75 % of genre jazz" in diagnose(tracks, []).warnings


def test_a_genre_with_a_sign_in_its_name_stays_as_it_is() -> None:
    tracks = [make_track(f"{n}", "100%_hits", "X" if n else "Y") for n in range(3)]
    assert "artist X made 67 % of genre 100%_hits" in diagnose(tracks, []).warnings


def test_with_a_split_the_test_part_is_counted() -> None:
    tracks = [make_track(f"{n}", "jazz" if n % 2 else "folk", f"A{n}") for n in range(20)]
    everyone = tuple(track.track_id for track in tracks)
    split = Split(train=everyone[6:], val=(), test=everyone[:6], warnings=("what the split said",))
    assert diagnose(tracks, [], splits=[split]).warnings == (
        "what the split said",
        "test part has 6 tracks: one track is 16.7 points",
    )
    narrow = Split(train=everyone[5:], val=(), test=(*everyone[:4], "16"))
    lines = diagnose([*tracks, make_track("20", "pop", "A1")], [], splits=[narrow]).warnings
    assert "test part has 5 tracks: one track is 20 points" in lines
    one_each = Split(train=everyone[2:], val=(), test=everyone[:2])
    assert diagnose(tracks, [], splits=[one_each]).warnings[:2] == (
        "genre folk: 10 tracks from 10 artists; its test figures rest on one artist",
        "genre jazz: 10 tracks from 10 artists; its test figures rest on one artist",
    )


def test_folds_are_tested_together() -> None:
    tracks = [make_track(f"{n}", "jazz" if n % 2 else "folk", f"A{n % 6}") for n in range(20)]
    ids = {
        artist: tuple(t.track_id for t in tracks if t.artist == artist)
        for artist in ["A0", "A1", "A2", "A3", "A4", "A5"]
    }
    folds = [
        Split(train=("x",), val=(), test=test, fold=fold, warnings=("of each fold",))
        for fold, test in enumerate(ids.values())
    ]
    assert diagnose(tracks, [], splits=folds).warnings == (
        "of each fold",
        "test parts of all folds have 20 tracks: one track is 5 points",
    )


def test_a_large_test_part_needs_no_word() -> None:
    tracks = [make_track(f"{n}", "jazz" if n % 2 else "folk", f"A{n}") for n in range(100)]
    ids = tuple(track.track_id for track in tracks)
    assert (
        diagnose(tracks, [], splits=[Split(train=ids[50:], val=(), test=ids[:50])]).warnings == ()
    )


def test_genres_that_cannot_be_told_apart() -> None:
    tracks = [make_track(f"{n}", "game|music|synth" if n else "music", f"A{n}") for n in range(9)]
    assert diagnose(tracks, []).warnings == (
        "genre music: on every track, so there is nothing to tell it from",
        "genres game, synth: on the same tracks, so they cannot be told apart",
    )


def test_nothing_at_all_is_no_crash() -> None:
    diagnosis = diagnose([], [])
    assert diagnosis.warnings == ()
    assert genre_table([], {}) == ()


def test_the_order_of_the_tracks_does_not_matter() -> None:
    there, back = diagnose(_tracks(), []), diagnose(_tracks()[::-1], [])
    assert there.warnings == back.warnings
    assert _table(_tracks()) == _table(_tracks()[::-1])


def _table(tracks: list[Track]) -> tuple[GenreRow, ...]:
    return genre_table(tracks, dict.fromkeys((track.sha256 for track in tracks), 1.0))


def test_tables_by_hand() -> None:
    tracks = [
        make_track("1", "jazz", "Z"),
        make_track("2", "jazz", "Z", source="tag"),
        make_track("3", "folk|jazz", "Z", source="tag"),
        make_track("4", "folk|jazz", "Y"),
        make_track("5", "pop"),
    ]
    seconds = {track.sha256: 900.0 * number for number, track in enumerate(tracks, 1)}
    assert [astuple(row) for row in genre_table(tracks, seconds)] == [
        ("folk", 2, 2, 1.75, "Y", 0.5),  # the first name of equals
        ("jazz", 4, 2, 2.5, "Z", 0.75),
        ("pop", 1, 1, 1.25, "", 1.0),  # nobody knows who
    ]
    assert [astuple(row) for row in together_table(tracks)] == [("folk", "jazz", 2, 1.0, 0.5)]
    more = [make_track("6", "blues|rock"), make_track("7", "blues|rock"), *tracks[:3]]
    assert [row.n_tracks for row in together_table(more)] == [2, 1]
    assert together_table(tracks[:2]) == ()


def test_most_tracks_come_first_and_equals_stay_in_order() -> None:
    tracks = [*_tracks(), make_track("7", "blues", "B")]
    names = [row.genre for row in most_tracks_first(_table(tracks))]
    assert names == ["jazz", "folk", "blues", "pop"]


def test_genres_are_rare_below_three_artists_and_dominated_above_a_half() -> None:
    tracks = [
        *(make_track(f"a{n}", "rare", f"X{n % 2}") for n in range(4)),  # two artists, half each
        *(make_track(f"b{n}", "split", f"Y{n}") for n in range(3)),
        *(make_track(f"c{n}", "owned", "Z" if n < 3 else f"Z{n}") for n in range(5)),
        make_track("d", "lone", "W"),  # of one artist alone it says nothing to make most
    ]
    table = _table(tracks)
    assert rare_genres(table) == ["lone", "rare"]
    assert dominated_genres(table) == ["owned"]
