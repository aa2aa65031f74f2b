"""GTZAN in its fault-filtered division: genre.dataset.layouts.published.gtzan."""

from collections import Counter
from pathlib import Path

import pytest

from genre.dataset.labels import Vocabulary
from genre.dataset.layouts import choose_layout, scan
from genre.dataset.layouts.published.gtzan import BROKEN, DIVISION, GENRES, KNOWN, find_gtzan
from genre.dataset.splits import SplitConfig, make_split
from tests.published_examples import by_id, only_note, write_sounds


def listed() -> list[tuple[str, str, int]]:
    """Read the data file on its own."""
    rows = [line.split() for line in DIVISION.read_text().splitlines() if line[0] != "#"]
    return [(part, genre, int(number)) for part, genre, *numbers in rows for number in numbers]


def test_the_division_has_the_published_sizes() -> None:
    files = listed()
    assert Counter(part for part, _, _ in files) == {"train": 443, "val": 197, "test": 290}
    assert len({(genre, number) for _, genre, number in files}) == 930
    assert sorted({genre for _, genre, _ in files}) == GENRES
    assert ("train", "jazz", 54) in files
    assert DIVISION.read_text().startswith("# The fault-filtered, artist-aware division of GTZAN")


def test_of_files_known_to_repeat_each_other_the_division_keeps_one() -> None:
    kept = {f"{genre}.{number:05d}" for _, genre, number in listed()}
    assert [same for same in KNOWN.same if len(kept.intersection(same)) != 1] == []


@pytest.mark.real
def test_the_division_is_the_published_one(shared_data: Path) -> None:
    names = {"train": "train", "val": "valid", "test": "test"}
    for part, name in names.items():
        path = shared_data / "published" / "gtzan" / f"{name}_filtered.txt"
        ours = {f"{genre}/{genre}.{n:05d}.wav" for p, genre, n in listed() if p == part}
        assert ours == set(path.read_text().split())


@pytest.mark.parametrize(
    "form",
    [
        "genres_original/{genre}/{genre}.{number:05d}.wav",
        "genres/{genre}/{genre}.{number:05d}.au",
        "{genre}/{genre}.{number:05d}.wav",
        "{genre}.{number:05d}.au",
    ],
)
def test_every_form_of_the_collection_is_found_by_itself(tmp_path: Path, form: str) -> None:
    files = {
        form.format(genre=genre, number=number): (genre, part)
        for part, genre, number in listed()
        if number < 30
    }
    write_sounds(tmp_path, files)
    assert choose_layout(tmp_path).name == "gtzan"
    found = by_id(find_gtzan(tmp_path))
    assert {name: (entry.genres, entry.split) for name, entry in found.items()} == {
        name: ((genre,), part) for name, (genre, part) in files.items()
    }


def test_fewer_genres_or_other_names_are_no_gtzan(tmp_path: Path) -> None:
    write_sounds(tmp_path, [f"{genre}/{genre}.00000.wav" for genre in GENRES[1:]])
    assert choose_layout(tmp_path).name == "folder-per-genre"
    write_sounds(tmp_path, ["blues/blues.1.wav"])
    assert choose_layout(tmp_path).name == "folder-per-genre"
    write_sounds(tmp_path, ["blues/blues.00000.wav"])
    assert choose_layout(tmp_path).name == "gtzan"


def test_what_the_division_leaves_out_is_counted_and_doubles_are_named(tmp_path: Path) -> None:
    write_sounds(tmp_path, [f"disco/disco.{number:05d}.wav" for number in (50, 51, 70, 71, 74)])
    listing = find_gtzan(tmp_path)
    assert list(by_id(listing)) == ["disco/disco.00070.wav", "disco/disco.00074.wav"]
    assert "3 files left out" in only_note(listing, "left out")
    assert only_note(listing, "same recording").endswith(
        "disco.00050 = disco.00051 = disco.00070; disco.00071 = disco.00074"
    )
    assert "928 files of 930 listed" in only_note(listing, "not found")
    assert "no licence is stated" in listing.notes[0]


def test_the_broken_file_is_said_to_be_where_it_is(tmp_path: Path) -> None:
    train = [f"{genre}/{genre}.{n:05d}.wav" for part, genre, n in listed() if part == "train"]
    for name in train:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt ")
    assert not [note for note in find_gtzan(tmp_path).notes if "cannot be read here" in note]
    (tmp_path / f"jazz/{BROKEN}.wav").write_bytes(b"\x00\x01\x02\x03 no sound" * 9)
    listing = find_gtzan(tmp_path)
    assert only_note(listing, "cannot be read here") == (
        "jazz/jazz.00054.wav cannot be read here (not_audio): 442 of 443 tracks to train on are "
        "used"
    )
    assert BROKEN in only_note(listing, "known to be broken")
    assert len(listing.entries) == 443  # decoding it gives the fault


def test_a_track_is_its_own_artist(tmp_path: Path) -> None:
    write_sounds(tmp_path, ["blues/blues.00029.wav", "blues/blues.00030.wav"])
    tracks = scan(tmp_path, labels="gtzan").tracks
    assert [track.artist for track in tracks] == [track.track_id for track in tracks]


def test_the_official_division_is_the_one_that_is_learned_from(tmp_path: Path) -> None:
    files = {f"{g}/{g}.{n:05d}.wav": part for part, g, n in listed() if g in ("blues", "rock")}
    write_sounds(tmp_path, files)
    tracks = scan(tmp_path, labels="gtzan").tracks
    split = make_split(tracks, Vocabulary(("blues", "rock")), SplitConfig(seed=5))
    for part in ("train", "val", "test"):
        assert set(getattr(split, part)) == {name for name in files if files[name] == part}
