"""Where artists are known from, and what it means where they are not.

The rule: who divides by artist is told of how many tracks the artist is unknown, and where that is
more than a fifth, what it may do to the score.
"""

from dataclasses import astuple

import pytest

from genre.dataset.doctor.artists import artist_table, describe_artists, unknown_warnings
from genre.dataset.tracks import ArtistSource, Track
from tests.dataset_examples import make_track


def tracks_from(**counts: int) -> list[Track]:
    """Make tracks by source; two of each artist."""
    sources: dict[str, ArtistSource] = {
        "labels": "labels",
        "tag": "tag",
        "name": "name",
        "folder": "folder",
        "nobody": "track",
    }
    return [
        make_track(
            f"{source}{number}",
            "jazz",
            None if source == "nobody" else f"{source}{number // 2}",
            source=sources[source],
        )
        for source, total in counts.items()
        for number in range(total)
    ]


def test_where_artists_are_known_from() -> None:
    assert describe_artists(tracks_from(labels=20, tag=3, nobody=2)) == (
        "12 known artists, from labels.csv (20 tracks), tags (3 tracks); 2 tracks (8 %) by nobody "
        "known"
    )
    assert describe_artists(tracks_from(name=1, folder=4)) == (
        "3 known artists, from file names (1 track), folders (4 tracks)"
    )
    assert describe_artists(tracks_from(nobody=1)) == (
        "0 known artists; 1 track (100 %) by nobody known"
    )


@pytest.mark.parametrize(("n_unknown", "n_known"), [(1, 4), (1, 9), (2, 8), (20, 80)])
def test_up_to_a_fifth_is_counted(n_unknown: int, n_known: int) -> None:
    (line,) = unknown_warnings(tracks_from(nobody=n_unknown, tag=n_known))
    assert line.endswith(f"of {n_unknown + n_known} without a known artist: each counts as its own")


@pytest.mark.parametrize(("n_unknown", "n_known"), [(1, 3), (3, 9), (21, 79), (5, 0)])
def test_more_than_a_fifth_is_a_warning_of_the_score(n_unknown: int, n_known: int) -> None:
    (line,) = unknown_warnings(tracks_from(nobody=n_unknown, tag=n_known))
    assert "songs of one artist may stand in training and test" in line
    assert "every score may be too high" in line
    assert "labels.csv" in line


def test_all_known_is_no_word() -> None:
    assert unknown_warnings(tracks_from(tag=3)) == []
    assert unknown_warnings([]) == []


def test_artists_by_hand() -> None:
    tracks = [
        make_track("1", "jazz", "Z"),
        make_track("2", "jazz", "Z", source="tag"),
        make_track("3", "folk|jazz", "Z", source="tag"),
        make_track("4", "folk|jazz", "Y"),
        make_track("5", "pop"),
    ]
    seconds = {track.sha256: 900.0 * number for number, track in enumerate(tracks, 1)}
    assert [astuple(row) for row in artist_table(tracks, seconds)] == [
        ("Z", 3, 1.5, "jazz, folk", "tag"),
        ("Y", 1, 1.0, "folk, jazz", "labels"),
    ]
    assert artist_table(tracks[4:], seconds) == ()
