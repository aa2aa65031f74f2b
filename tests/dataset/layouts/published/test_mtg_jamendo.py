"""MTG-Jamendo's genres: genre.dataset.layouts.published.mtg_jamendo."""

from pathlib import Path

import pytest

from genre.dataset.layouts import choose_layout, scan
from genre.dataset.layouts.published.mtg_jamendo import find_mtg_jamendo
from genre.errors import DatasetError
from tests.published_examples import by_id, only_note, write_mtg_jamendo, write_sounds

# A tag is a cell of its own, so that rows differ in length.
A = "track_0000214 artist_000014 album_000031 14/214.mp3 124.6 genre---punkrock"
B = (
    "track_0003516 artist_000530 album_000552 16/3516.mp3 228.5 genre---electronic "
    "genre---electronica genre---techno"
)
C = "track_1376256 artist_490499 album_161779 56/1376256.mp3 166.0 genre---rocknroll"
D = "track_0002011 artist_000316 album_000308 11/2011.mp3 195.0 mood/theme---calm"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write two of the five divisions, and audio in both forms."""
    write_mtg_jamendo(tmp_path, "split-0", {"train": [A, D], "validation": [B], "test": [C]})
    write_mtg_jamendo(tmp_path, "split-1", {"train": [C], "validation": [A], "test": [B]})
    write_sounds(
        tmp_path,
        ["audio/14/214.low.mp3", "audio/16/3516.mp3", "audio/16/3516.low.mp3", "audio/11/2011.mp3"],
    )
    return tmp_path


def test_tags_artists_and_the_first_division_are_the_lists(root: Path) -> None:
    listing = find_mtg_jamendo(root)
    told = {
        name: (entry.genres, entry.artist, entry.split) for name, entry in by_id(listing).items()
    }
    assert told == {
        "audio/14/214.low.mp3": (("punkrock",), "artist_000014", "train"),
        "audio/16/3516.mp3": (
            ("electronic", "electronica", "techno"),
            "artist_000530",
            "val",
        ),
    }
    assert only_note(listing, "official") == "the official split-0 is used, of five"
    assert only_note(listing, "not found").endswith(
        "1 file of 4 listed not found in the folder: 56/1376256"
    )
    assert only_note(listing, "without a genre").endswith(": 11/2011")
    assert only_note(listing, "on no list").endswith("twice: audio/16/3516.low.mp3")


def test_another_division_is_taken_where_it_is_named(root: Path) -> None:
    listing = choose_layout(root, "mtg_jamendo:split-1").find(root)
    assert [entry.split for entry in listing.entries] == ["val", "test"]
    assert only_note(listing, "official") == "the official split-1 is used, of five"


def test_it_is_found_by_itself_and_says_its_source(root: Path) -> None:
    found = scan(root)
    assert (found.layout, len(found.tracks)) == ("mtg_jamendo", 2)
    assert found.notes[0].startswith("MTG-Jamendo, genres (Bogdanov")
    assert "CC BY-NC-SA 4.0" in found.notes[0]
    (root / "data/splits").rename(root / "splits")
    (root / "data").rmdir()
    assert scan(root).tracks == found.tracks


def test_a_list_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        find_mtg_jamendo(root, division="split-2")
    name = "splits/split-2/autotagging_genre-train.tsv"
    assert str(caught.value) == (
        f"data={root} must hold data/{name} or {name}, which MTG-Jamendo is published with"
    )


def test_byte_order_mark_line_ends_and_a_row_again_change_nothing(root: Path) -> None:
    before = find_mtg_jamendo(root)
    parts = {"train": [A, D, A], "validation": [B], "test": [C, A]}
    write_mtg_jamendo(root, "split-0", parts, ends="\r\n")
    path = root / "data/splits/split-0/autotagging_genre-train.tsv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    after = find_mtg_jamendo(root)
    assert after.entries == before.entries
    assert only_note(after, "again").startswith(
        "2 files listed again; the first row counts: 14/214"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: must be TRACK_ID ARTIST_ID"),
        ("path,genres\n", "line 1: must be TRACK_ID ARTIST_ID"),
        (
            "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS\ntrack_1 artist_1\n",
            "must have 6 cells or more, not 'track_1 artist_1'",
        ),
    ],
)
def test_another_table_is_refused_with_its_name(root: Path, text: str, words: str) -> None:
    path = root / "data/splits/split-0/autotagging_genre-test.tsv"
    path.write_text(text)
    with pytest.raises(DatasetError, match=words) as caught:
        find_mtg_jamendo(root)
    assert str(caught.value).startswith(str(path))
