"""A folder that has been read: its table and its words, without decoding anything."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.dataset.faults import Fault
from genre.dataset.features import FeatureStore
from genre.dataset.filling import FillReport
from genre.dataset.layouts import Scan
from genre.dataset.music import COLUMNS, Duplicates, Music
from genre.dataset.recordings import RecordingPair
from genre.dataset.sidecar import Written, write_facts
from genre.dataset.tracks import Track
from genre.errors import DatasetError
from tests.dataset_examples import make_track
from tests.doctor_examples import make_facts


def music_of(tracks: list[Track], cache: Path) -> Music:
    return Music(
        tracks=tuple(tracks),
        duplicates=Duplicates(pairs=(), groups=()),
        store=FeatureStore(cache),
        found=Scan(root=Path("/music"), layout="labels-csv", tracks=tuple(tracks), problems=()),
        filled=FillReport(n_new=0, n_cached=len(tracks), faults=()),
    )


def test_the_table_by_hand(tmp_path: Path) -> None:
    tracks = [
        make_track("a.mp3", "jazz|folk", "Ann", split="train", fold=2),
        replace(make_track("b.ogg", "pop"), recording="a.mp3"),
    ]
    music = music_of(tracks, tmp_path)
    flags = ("partial", "silent")
    for track, facts in zip(
        tracks,
        (
            make_facts(),
            make_facts(sample_rate=8000, n_channels=1, duration_seconds=2.5, flags=flags),
        ),
        strict=True,
    ):
        write_facts(music.store.path(track.sha256), facts, Written(0, 0))
    table = music.table
    assert tuple(table.columns) == COLUMNS
    first, second = table.to_dict("records")
    del first["recording"]
    assert first == {
        "track_id": "a.mp3",
        "path": str(Path("/music/a.mp3")),
        "genres": "folk|jazz",
        "artist": "Ann",
        "artist_source": "labels",
        "duration_seconds": 30.0,
        "sample_rate": 44100,
        "n_channels": 2,
        "flags": "",
        "split": "train",
        "fold": 2,
        "sha256": tracks[0].sha256,
    }
    assert table["recording"].isna().tolist() == [True, False]
    assert (second["duration_seconds"], second["sample_rate"], second["n_channels"]) == (
        2.5,
        8000,
        1,
    )
    assert (second["flags"], second["recording"]) == ("partial|silent", "a.mp3")
    assert second["artist_source"] == "track"
    assert table["fold"].dtype == pd.Int64Dtype()
    assert table["fold"].isna().tolist() == [False, True]
    assert table["split"].isna().tolist() == [False, True]
    assert music.table is table  # made once


def test_a_table_of_nothing_has_its_columns(tmp_path: Path) -> None:
    table = music_of([], tmp_path).table
    assert table.shape == (0, 13)
    assert tuple(table.columns) == COLUMNS


def test_a_table_needs_what_decoding_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="must hold what was written there"):
        _ = music_of([make_track("a.mp3", "jazz")], tmp_path).table


def test_genres_are_counted_in_order_of_their_names(tmp_path: Path) -> None:
    tracks = [make_track("a", "rock"), make_track("b", "jazz|rock"), make_track("c", "blues")]
    counts = music_of(tracks, tmp_path).genres
    assert list(counts.items()) == [("blues", 1), ("jazz", 1), ("rock", 2)]


def test_silent_tracks_are_not_audible(tmp_path: Path) -> None:
    music = music_of([make_track("a", "jazz"), make_track("b", "rock")], tmp_path)
    assert music.audible == music.tracks
    odd = [
        Fault(path=track.path, sha256=track.sha256, stage="x", kind=kind, message="")
        for track, kind in zip(music.tracks, ("partial", "silent"), strict=True)
    ]
    music = replace(music, filled=replace(music.filled, warnings=tuple(odd)))
    assert music.audible == music.tracks[:1]
    assert len(music.tracks) == 2


def test_faults_and_words_of_all_steps_together(tmp_path: Path) -> None:
    tracks = [make_track("a", "jazz"), make_track("b", "rock")]
    music = music_of(tracks, tmp_path)

    def fault(name: str, kind: str) -> Fault:
        return Fault(path=Path(name), sha256="", stage="x", kind=kind, message=f"is {kind}")

    pair = RecordingPair(first="a", second="b", offset_seconds=np.pi, similarity=1.0)
    music = replace(
        music,
        found=replace(music.found, problems=(fault("p", "empty"),), notes=("a note",)),
        filled=replace(
            music.filled, faults=(fault("q", "corrupt"),), warnings=(fault("r", "silent"),)
        ),
        duplicates=Duplicates(pairs=(pair,), groups=(("a", "b"),)),
    )
    assert [item.path.name for item in music.faults] == ["p", "q"]
    assert music.notes == ("a note",)
    assert music.warnings == (
        "r: is silent",
        "a and b are the same recording (offset 3.1 s)",
        "the same recording under different labels: a is jazz, b is rock",
    )


def test_a_line_says_how_much_there_is(tmp_path: Path) -> None:
    music = music_of([make_track("a", "rock"), make_track("b", "jazz|rock")], tmp_path)
    assert repr(music) == "Music('/music', 2 tracks, 2 genres, 0 bad files)"
