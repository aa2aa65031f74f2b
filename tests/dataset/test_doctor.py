"""Quarantine, the limit of bad files, and what a set of tracks can carry."""

import json
from pathlib import Path

import pytest

from genre.dataset.doctor import diagnose
from genre.dataset.faults import Fault, check_bad_fraction, write_quarantine
from genre.dataset.splits import Split
from genre.dataset.tracks import Track
from genre.errors import ConfigError, DatasetError
from tests.dataset_examples import make_track


def _fault(name: str, kind: str = "empty") -> Fault:
    return Fault(path=Path(name), sha256="", stage="scan", kind=kind, message="has no content")


def test_quarantine_is_one_json_object_per_line(tmp_path: Path) -> None:
    path = tmp_path / "new" / "quarantine.jsonl"
    write_quarantine([_fault("é\n.mp3"), _fault("\udcff.mp3", "corrupt")], path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert rows[0] == {
        "path": "é\n.mp3",
        "sha256": "",
        "stage": "scan",
        "kind": "empty",
        "message": "has no content",
    }
    assert rows[1]["path"] == "\\udcff.mp3"
    write_quarantine([], path)
    assert path.read_text() == ""
    assert [file.name for file in path.parent.iterdir()] == ["quarantine.jsonl"]


@pytest.mark.parametrize(
    ("n_bad", "n_total", "fraction", "stops"),
    [
        (20, 20, 0.05, False),  # 20 files never stop a run
        (21, 21, 0.05, True),
        (21, 420, 0.05, False),  # exactly 5 %
        (22, 420, 0.05, True),
        (500, 500, 1.0, False),
        (21, 1000, 0.0, True),
        (0, 0, 0.0, False),
    ],
)
def test_bad_fraction(n_bad: int, n_total: int, fraction: float, stops: bool) -> None:
    if not stops:
        check_bad_fraction(n_bad, n_total, max_bad_fraction=fraction)
        return
    with pytest.raises(DatasetError, match=rf"bad files={n_bad} of {n_total}.*--max-bad-fraction"):
        check_bad_fraction(n_bad, n_total, max_bad_fraction=fraction)


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_bad_fraction_out_of_range(fraction: float) -> None:
    with pytest.raises(ConfigError, match=r"max_bad_fraction=.* must be from 0 to 1"):
        check_bad_fraction(0, 1, max_bad_fraction=fraction)


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


def test_label_table() -> None:
    table = diagnose(_tracks(), []).label_table
    assert list(table.index) == ["folk", "jazz", "pop"]
    assert table.loc["jazz"].tolist() == [5, 3, "X", 0.6]
    assert table.loc["folk"].tolist() == [2, 2, "Y", 0.5]


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


def test_with_a_split_the_test_part_is_counted() -> None:
    tracks = [make_track(f"{n}", "jazz" if n % 2 else "folk", f"A{n}") for n in range(20)]
    everyone = tuple(track.track_id for track in tracks)
    split = Split(train=everyone[6:], val=(), test=everyone[:6], warnings=("what the split said",))
    assert diagnose(tracks, [], split=split).warnings == (
        "what the split said",
        "test part has 6 tracks: one track is 16.7 points",
    )
    narrow = Split(train=everyone[5:], val=(), test=(*everyone[:4], "16"))
    lines = diagnose([*tracks, make_track("20", "pop", "A1")], [], split=narrow).warnings
    assert "test part has 5 tracks: one track is 20 points" in lines
    one_each = Split(train=everyone[2:], val=(), test=everyone[:2])
    assert diagnose(tracks, [], split=one_each).warnings[:2] == (
        "genre folk: 10 tracks from 10 artists; its test figures rest on one artist",
        "genre jazz: 10 tracks from 10 artists; its test figures rest on one artist",
    )


def test_a_large_test_part_needs_no_word() -> None:
    tracks = [make_track(f"{n}", "jazz" if n % 2 else "folk", f"A{n}") for n in range(100)]
    ids = tuple(track.track_id for track in tracks)
    assert diagnose(tracks, [], split=Split(train=ids[50:], val=(), test=ids[:50])).warnings == ()


def test_genres_that_cannot_be_told_apart() -> None:
    tracks = [make_track(f"{n}", "game|music|synth" if n else "music", f"A{n}") for n in range(9)]
    assert diagnose(tracks, []).warnings == (
        "genre music: on every track, so there is nothing to tell it from",
        "genres game, synth: on the same tracks, so they cannot be told apart",
    )


def test_nothing_at_all_is_no_crash() -> None:
    diagnosis = diagnose([], [])
    assert diagnosis.label_table.shape == (0, 4)
    assert diagnosis.warnings == ()


def test_the_order_of_the_tracks_does_not_matter() -> None:
    there, back = diagnose(_tracks(), []), diagnose(_tracks()[::-1], [])
    assert there.label_table.equals(back.label_table)
    assert there.warnings == back.warnings
