"""A folder per genre, at any depth."""

from itertools import product
from pathlib import Path

import pytest

from genre.dataset.layouts import scan
from genre.dataset.layouts.folders import FOLDER_PER_GENRE, find_in_folders
from tests.dataset_examples import genres_of, write_sound


def test_folder_per_genre_at_any_depth(tmp_path: Path) -> None:
    write_sound(tmp_path / "Hip-Hop" / "artist" / "album" / "a.WAV", 0.1)
    write_sound(tmp_path / "jazz+hiphop" / "b.flac", 0.2)
    write_sound(tmp_path / "Ópera 🎭" / "c.ogg", 0.3)
    found = scan(tmp_path)
    assert found.layout == "folder-per-genre"
    assert genres_of(found) == {
        "Hip-Hop/artist/album/a.WAV": ("hiphop",),
        "jazz+hiphop/b.flac": ("hiphop", "jazz"),
        "Ópera 🎭/c.ogg": ("ópera_🎭",),
    }
    assert found.tracks[0].path == tmp_path / "Hip-Hop/artist/album/a.WAV"
    assert (found.problems, found.notes) == ((), ())


def test_audio_without_a_genre_is_a_problem(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav", 0.1)
    write_sound(tmp_path / "b.wav", 0.2)
    write_sound(tmp_path / "---" / "c.wav", 0.3)
    problems = scan(tmp_path).problems
    assert [(fault.path.name, fault.stage, fault.kind) for fault in problems] == [
        ("c.wav", "scan", "no_genre"),
        ("b.wav", "scan", "no_genre"),
    ]
    assert "folder '---' must hold at least one letter" in problems[0].message
    assert "move it to <genre>/" in problems[1].message


def test_entries_are_sorted_and_carry_nothing_but_genres(tmp_path: Path) -> None:
    for name in ("rock/b.wav", "jazz/c.wav", "jazz/a.wav"):
        write_sound(tmp_path / name)
    entries = find_in_folders(tmp_path).entries
    assert [entry.track_id for entry in entries] == ["jazz/a.wav", "jazz/c.wav", "rock/b.wav"]
    assert {(entry.artist, entry.split, entry.fold) for entry in entries} == {(None, None, None)}


SPLITS = [
    ("train", "validation", "test"),
    ("Train", "Val", "Test"),
    ("training", "dev", "eval"),
    ("train", "valid", "testing"),
    ("train_set", "Val-Set", "testset"),
    ("Train Data", "dev_data", "test_split"),
]


@pytest.mark.parametrize("names", SPLITS)
@pytest.mark.parametrize("is_above", [True, False])
def test_folders_called_like_a_split_are_one(
    tmp_path: Path, names: tuple[str, ...], is_above: bool
) -> None:
    """Above the genres or directly below them, and never learned as genres."""
    for number, (name, genre) in enumerate(product(names, ("jazz", "rock"))):
        parts = (name, genre) if is_above else (genre, name)
        write_sound(tmp_path.joinpath(*parts, f"{number}.wav"), 0.1 + number / 10)
    found = scan(tmp_path)
    told = {track.path.stem: (*track.genres, track.split) for track in found.tracks}
    assert told == {
        "0": ("jazz", "train"),
        "1": ("rock", "train"),
        "2": ("jazz", "val"),
        "3": ("rock", "val"),
        "4": ("jazz", "test"),
        "5": ("rock", "test"),
    }
    where = "above" if is_above else "below"
    assert found.notes == (
        f"the folders {', '.join(sorted(names))} {where} the genres are used as the split",
    )
    assert found.doubts == ()


def test_artists_below_a_split_and_a_genre(tmp_path: Path) -> None:
    for number, part in enumerate(("train", "test")):
        write_sound(tmp_path / part / "jazz" / "Foxes" / "One" / "a.wav", 0.1 + number / 10)
    assert [(track.artist, track.split) for track in scan(tmp_path).tracks] == [
        ("Foxes", "test"),
        ("Foxes", "train"),
    ]


def test_audio_directly_in_a_part_has_no_genre(tmp_path: Path) -> None:
    write_sound(tmp_path / "train" / "jazz" / "a.wav")
    write_sound(tmp_path / "test" / "b.wav", 0.2)
    found = scan(tmp_path)
    assert [track.track_id for track in found.tracks] == ["train/jazz/a.wav"]
    assert [(fault.path.name, fault.kind) for fault in found.problems] == [("b.wav", "no_genre")]


def test_one_part_alone_is_no_split(tmp_path: Path) -> None:
    write_sound(tmp_path / "train" / "jazz" / "a.wav")
    write_sound(tmp_path / "train" / "rock" / "b.wav", 0.2)
    found = scan(tmp_path)
    assert {track.split for track in found.tracks} == {None}
    assert f"use --data {tmp_path}/train" in found.doubts[0]


def test_it_is_never_a_guess(tmp_path: Path) -> None:
    # `auto` falls back on it; a layout that is added later is asked first
    write_sound(tmp_path / "jazz" / "a.wav")
    assert not FOLDER_PER_GENRE.applies(tmp_path)
