"""Rows of lists and the files that are there: genre.dataset.layouts.published.gathering."""

from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.dataset.layouts import Listing
from genre.dataset.layouts.published.gathering import Known, Row, gather, genre_names, is_genre
from genre.spelling import split_genres
from tests.published_examples import by_id, only_note, write_sounds


def rows_of(*keys: str, artist: str | None = None, split: str | None = None) -> list[Row]:
    return [Row(key=key, genres=("Jazz",), artist=artist, split=split) for key in keys]


def gathered(root: Path, rows: list[Row], known: Known | None = None) -> Listing:
    return gather(
        root,
        rows,
        citation="A set, by B; CC0",
        key=lambda path: path.stem,
        rank=lambda path: path.suffix != ".flac",
        known=known,
        notes=["of the lists"],
    )


def test_listed_files_have_what_their_row_says(tmp_path: Path) -> None:
    write_sounds(tmp_path, ["a/x.wav", "y.flac"])
    listing = gathered(
        tmp_path,
        [
            Row(key="x", genres=("Hip-Hop", "Old-Time / Historic"), artist="A", split="val"),
            Row(key="y", genres=("Jazz",), fold=3),
        ],
    )
    x, y = listing.entries
    assert (x.track_id, x.path, x.artist) == ("a/x.wav", tmp_path / "a/x.wav", "A")
    assert (x.genres, x.split, x.fold) == (("hiphop", "old_time_historic"), "val", None)
    assert x.spellings == ("Hip-Hop", "Old-Time Historic")
    assert (y.genres, y.artist, y.split, y.fold) == (("jazz",), None, None, 3)
    assert listing.notes == ("A set, by B; CC0", "of the lists")
    assert (listing.problems, listing.doubts) == ((), ())


def test_what_is_only_listed_or_only_there_is_counted_in_a_line_each(tmp_path: Path) -> None:
    write_sounds(tmp_path, ["x.wav", "more/z.wav", "more/x.flac"])
    missing = [f"m{number}" for number in range(7)]
    empty = Row(key="z", genres=())
    listing = gathered(tmp_path, [*rows_of("x", *missing), empty, *rows_of("x")])
    assert list(by_id(listing)) == ["more/x.flac"]  # which ranks before the other
    assert only_note(listing, "not found") == (
        "7 files of 9 listed not found in the folder: m0, m1, m2, m3, m4 and 2 more"
    )
    assert only_note(listing, "on no list") == ("1 file left out, on no list or there twice: x.wav")
    assert only_note(listing, "without a genre") == (
        "1 file left out, listed without a genre of those wanted: z"
    )
    assert only_note(listing, "again") == "1 file listed again; the first row counts: x"


def test_the_first_of_two_rows_counts(tmp_path: Path) -> None:
    write_sounds(tmp_path, ["x.wav"])
    rows = [*rows_of("x", split="val"), *rows_of("x", split="test")]
    assert gathered(tmp_path, rows).entries[0].split == "val"


def test_artists_on_both_sides_are_counted_among_the_files_there(tmp_path: Path) -> None:
    write_sounds(tmp_path, ["x.wav", "y.wav", "z.wav"])
    rows = [
        *rows_of("x", artist="A", split="train"),
        *rows_of("y", artist="A", split="test"),
        *rows_of("z", artist="B", split="test"),
    ]
    assert only_note(gathered(tmp_path, rows), "--split-by track") == (
        "1 artist of 2 with tracks in more than one part of the official division; to train on it "
        "use --split-by track"
    )
    (tmp_path / "y.wav").unlink()
    assert not [note for note in gathered(tmp_path, rows).notes if "--split-by" in note]


def test_known_faults_are_named_where_the_files_are(tmp_path: Path) -> None:
    write_sounds(tmp_path, ["x.wav", "y.wav", "z.wav"])
    known = Known(source="S", broken=("x", "gone"), same=(("x", "y", "gone"), ("z", "gone")))
    listing = gathered(tmp_path, rows_of("x"), known)
    assert only_note(listing, "broken") == "known to be broken (S): x"
    assert only_note(listing, "same recording") == "known to be the same recording (S): x = y"
    (tmp_path / "x.wav").unlink()
    assert not [note for note in gathered(tmp_path, rows_of("y"), known).notes if "known" in note]


def test_two_names_of_one_genre_stay_two_in_a_collection_that_has_both() -> None:
    assert genre_names(["electronica", "electronic", "drumnbass", "electronic"]) == {
        "electronic": "electronic",
        "electronica": "electronica",
        "drumnbass": "drum_and_bass",
    }
    assert genre_names(["electronica"]) == {"electronica": "electronic"}
    assert genre_names(["Hip-Hop", "Hip Hop"]) == {"Hip Hop": "hiphop", "Hip-Hop": "hip-hop"}


@given(st.lists(st.text(st.sampled_from("aB /|,;+-&"), min_size=1).filter(is_genre)))
def test_names_are_as_many_as_the_spellings_and_each_is_one_genre(texts: list[str]) -> None:
    names = genre_names(texts)
    assert names.keys() == set(texts)
    for name in names.values():
        assert len(split_genres(name)) == 1


@pytest.mark.parametrize(("text", "is_one"), [("Rock", True), ("", False), (" / ", False)])
def test_a_genre_has_a_letter_or_digit(text: str, is_one: bool) -> None:
    assert is_genre(text) is is_one


def test_keys_are_of_paths_below_the_folder(tmp_path: Path) -> None:
    write_sounds(tmp_path, ["b/x.wav"])
    seen: list[PurePath] = []

    def key(path: PurePath) -> str | None:
        seen.append(path)
        return None

    assert gather(tmp_path, rows_of("x"), citation="A set", key=key).entries == ()
    assert seen == [PurePath("b/x.wav")]
