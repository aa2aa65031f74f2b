"""The Free Music Archive's dump: genre.dataset.layouts.published.fma."""

import csv
import time
from pathlib import Path

import pytest

from genre.dataset.layouts import choose_layout, scan
from genre.dataset.layouts.published.fma import KNOWN, find_fma
from genre.errors import DatasetError
from tests.published_examples import (
    FMA_GENRES,
    FMA_NAMES,
    by_id,
    fma_track,
    only_note,
    write_fma_tracks,
    write_sounds,
)

TRACKS = [
    fma_track(2, subset="small", split="training", artist=1, top="Hip-Hop", genres="[21]"),
    fma_track(5, subset="small", split="validation", artist=2, top="Rock", genres="[12, 89]"),
    fma_track(10, subset="medium", split="test", artist=3, top="Old-Time / Historic", genres="[8]"),
    fma_track(20, subset="large", split="training", artist=4, top="", genres="[46, 21]"),
    fma_track(26, subset="large", split="training", artist=4, top="", genres="[]"),
    fma_track(98565, subset="small", split="test", artist=5, top="Rock", genres="[25]"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write tables and audio of a tiny archive."""
    write_fma_tracks(tmp_path / "fma_metadata/tracks.csv", TRACKS, bio='A "long",\nlife')
    (tmp_path / "fma_metadata/genres.csv").write_text(FMA_GENRES)
    write_sounds(
        tmp_path,
        [f"fma_large/000/{number:06d}.mp3" for number in (2, 10, 20, 26, 31)]
        + ["fma_large/098/098565.mp3", "fma_small/000/000002.mp3"],
    )
    return tmp_path


def test_there_are_as_many_columns_as_were_published() -> None:
    assert len(FMA_NAMES) == 52


def test_the_top_genre_the_artist_and_the_split_are_the_tables(root: Path) -> None:
    listing = find_fma(root)
    told = {
        name: (entry.genres, entry.artist, entry.split) for name, entry in by_id(listing).items()
    }
    assert told == {
        "fma_large/000/000002.mp3": (("hiphop",), "1", "train"),
        "fma_large/000/000010.mp3": (("old_time_historic",), "3", "test"),
        "fma_large/098/098565.mp3": (("rock",), "5", "test"),
    }
    assert only_note(listing, "of fma_large") == "6 tracks of fma_large listed"
    assert only_note(listing, "without a genre") == (
        "2 files left out, listed without a genre of those wanted: 000020, 000026"
    )
    assert "6 listed not found in the folder: 000005" in only_note(listing, "not found")
    assert only_note(listing, "on no list").endswith(
        "fma_large/000/000031.mp3, fma_small/000/000002.mp3"
    )
    assert only_note(listing, "broken").endswith("shorter than 30 s): 098565")


def test_all_genres_come_with_those_above_them(root: Path) -> None:
    write_sounds(root, ["fma_large/000/000005.mp3"])
    found = by_id(find_fma(root, genres="all"))
    assert {name[-10:-4]: entry.genres for name, entry in found.items()} == {
        "000002": ("hiphop",),
        "000005": ("post_punk", "punk", "rock"),
        "000010": ("old_time_historic",),
        "000020": ("hiphop", "international", "latin_america"),
        "098565": ("punk", "rock"),
    }


@pytest.mark.parametrize(
    ("subset", "ids"),
    [
        ("small", [2, 98565]),
        ("medium", [2, 10, 98565]),
        ("large", [2, 10, 98565]),
        ("full", [2, 10, 98565]),
    ],
)
def test_a_larger_subset_holds_the_smaller(root: Path, subset: str, ids: list[int]) -> None:
    listing = choose_layout(root, f"fma:{subset}").find(root)
    assert sorted(int(entry.path.stem) for entry in listing.entries) == ids
    # the smallest clips are in a folder of their own
    assert ("fma_small/000/000002.mp3" in by_id(listing)) is (subset == "small")


def test_without_folders_of_subsets_all_are_meant(tmp_path: Path) -> None:
    write_fma_tracks(tmp_path / "tracks.csv", TRACKS)
    (tmp_path / "genres.csv").write_text(FMA_GENRES)
    write_sounds(tmp_path, ["000/000010.mp3"])
    assert choose_layout(tmp_path).name == "fma"
    assert list(by_id(find_fma(tmp_path))) == ["000/000010.mp3"]


def test_it_is_found_by_itself_and_says_its_source(root: Path) -> None:
    found = scan(root)
    assert (found.layout, found.labels, len(found.tracks)) == ("fma", "fma", 3)
    assert found.notes[0].startswith("FMA (Defferrard, Benzi")
    assert "CC BY 4.0" in found.notes[0]
    assert scan(root, labels="fma:small").labels == "fma:small"
    assert found.display_names["old_time_historic"] == "Old-Time Historic"


@pytest.mark.parametrize("name", ["tracks", "genres"])
def test_a_table_that_is_not_there_is_named(root: Path, name: str) -> None:
    (root / f"fma_metadata/{name}.csv").unlink()
    assert choose_layout(root).name == "folder-per-genre"
    with pytest.raises(DatasetError, match=rf"must hold fma_metadata/{name}\.csv or {name}\.csv"):
        find_fma(root, genres="all")


def test_byte_order_mark_line_ends_and_a_row_again_change_nothing(root: Path) -> None:
    path = root / "fma_metadata/tracks.csv"
    before = find_fma(root)
    write_fma_tracks(path, [*TRACKS, TRACKS[0] | {"artist.id": "9"}])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    after = find_fma(root)
    assert after.entries == before.entries
    assert only_note(after, "again") == "1 file listed again; the first row counts: 000002"


def test_an_unknown_genre_id_is_left_out_and_said(root: Path) -> None:
    write_fma_tracks(
        root / "fma_metadata/tracks.csv",
        [TRACKS[0] | {"track.genres": "[21, 9999]"}, TRACKS[2] | {"track.genres": "[9999]"}],
    )
    listing = find_fma(root, genres="all")
    assert [entry.genres for entry in listing.entries] == [("hiphop",)]
    assert only_note(listing, "genre id") == (
        "1 genre id of tracks.csv not in genres.csv, left out: 9999"
    )


def test_a_genre_above_itself_is_an_error(root: Path) -> None:
    path = root / "fma_metadata/genres.csv"
    path.write_text(FMA_GENRES.replace("12,32923,0,", "12,32923,89,"))
    with pytest.raises(DatasetError, match=r"genres\.csv: genre_id=12 must not be above itself"):
        find_fma(root, genres="all")
    assert find_fma(root).entries  # which the top genres do not need


def test_a_flat_table_is_refused_with_its_name(root: Path) -> None:
    (root / "fma_metadata/tracks.csv").write_text("track_id,genre\n2,Rock\n")
    assert choose_layout(root).name == "folder-per-genre"
    with pytest.raises(DatasetError, match=r"tracks\.csv must have a column"):
        find_fma(root)


def test_the_known_clips_are_those_of_the_two_smaller_subsets() -> None:
    small = {"098565", "098567", "098569", "099134", "108925", "133297"}
    assert len(set(KNOWN.broken)) == len(KNOWN.broken) == 21
    assert small < set(KNOWN.broken)


@pytest.mark.slow
def test_the_whole_table_is_read_about_as_fast_as_python_parts_its_cells(tmp_path: Path) -> None:
    table = tmp_path / "fma_metadata/tracks.csv"
    tracks = (
        fma_track(
            number,
            subset="large",
            split="training",
            artist=number % 16341,
            top="Rock",
            genres="[25, 89]",
        )
        for number in range(106_574)
    )
    biography = ('<p>A "life"' + ", told in a few words" * 8 + ", perhaps.</p>\n") * 12
    write_fma_tracks(table, tracks, bio=biography)
    (tmp_path / "fma_metadata/genres.csv").write_text(FMA_GENRES)
    assert 250e6 < table.stat().st_size < 270e6
    started = time.process_time()  # what else runs here is not measured
    with table.open(encoding="utf-8", newline="") as file:
        n_rows = sum(1 for _ in csv.reader(file))
    bare = time.process_time() - started
    listing = find_fma(tmp_path, genres="all")
    seconds = time.process_time() - started - bare
    assert n_rows == 3 + 106_574
    assert "106574 files of 106574 listed" in only_note(listing, "not found")
    size = table.stat().st_size / 1e6
    print(f"\n{size:.0f} MB in {seconds:.1f} s; csv.reader alone {bare:.1f} s")  # noqa: T201
    assert seconds < 4 * bare
