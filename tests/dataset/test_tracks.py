"""The track, the name of its content, and the hash of a set."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genre.dataset.tracks import tracks_hash
from genre.errors import DatasetError
from tests.dataset_examples import make_track


def test_genres_must_be_sorted_and_unique() -> None:
    track = make_track("a.wav", "folk|jazz")
    with pytest.raises(DatasetError, match=r"genres=.* must be sorted"):
        replace(track, genres=("jazz", "folk"))
    with pytest.raises(DatasetError, match="must be sorted, each genre once"):
        replace(track, genres=("jazz", "jazz"))


def test_tracks_hash_ignores_order_and_place() -> None:
    tracks = [make_track("a.wav", "jazz", "X"), make_track("b.wav", "folk", "Y")]
    moved = [replace(track, path=Path("/elsewhere") / track.track_id) for track in tracks]
    assert tracks_hash(tracks) == tracks_hash(moved[::-1])
    assert len(tracks_hash(tracks)) == 16


@pytest.mark.parametrize(
    "change",
    [
        {"genres": ("pop",)},
        {"artist": "Z"},
        {"sha256": "0" * 64},
        {"split": "test"},
        {"fold": 1},
        {"recording": "a.wav"},
        {"track_id": "c.wav"},
    ],
)
def test_tracks_hash_sees_every_change(change: dict[str, Any]) -> None:
    tracks = [make_track("a.wav", "jazz", "X"), make_track("b.wav", "folk", "Y")]
    changed = [replace(tracks[0], **change), tracks[1]]
    assert tracks_hash(changed) != tracks_hash(tracks)


def test_tracks_hash_stays_what_it_was() -> None:
    # computed before tracks knew of recordings: runs and bundles carry such names
    tracks = [make_track("a.wav", "jazz", "X"), make_track("b.wav", "folk", "Y", fold=2)]
    assert tracks_hash(tracks) == "2b02d26af9b590f5"
