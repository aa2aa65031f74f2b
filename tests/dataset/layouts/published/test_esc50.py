"""ESC-50 with its folds: genre.dataset.layouts.published.esc50."""

from pathlib import Path

import pytest

from genre.dataset.layouts import choose_layout, scan
from genre.dataset.layouts.published.esc50 import find_esc50
from genre.errors import DatasetError
from tests.published_examples import by_id, only_note, write_sounds

TABLE = """\
filename,fold,target,category,esc10,src_file,take
1-100032-A-0.wav,1,0,dog,True,100032,A
1-100038-A-14.wav,1,14,chirping_birds,False,100038,A
5-9032-A-0.wav,5,0,dog,True,9032,A
5-9032-B-0.wav,5,0,dog,True,9032,B
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write the table, three of its clips and one of another."""
    (tmp_path / "meta").mkdir()
    (tmp_path / "meta/esc50.csv").write_text(TABLE)
    names = ["1-100032-A-0", "1-100038-A-14", "5-9032-B-0", "9-1-A-0"]
    write_sounds(tmp_path, [f"audio/{name}.wav" for name in names])
    return tmp_path


def test_classes_folds_and_sources_are_the_tables(root: Path) -> None:
    listing = find_esc50(root)
    told = {
        name: (entry.genres, entry.artist, entry.fold) for name, entry in by_id(listing).items()
    }
    assert told == {
        "audio/1-100032-A-0.wav": (("dog",), "100032", 1),
        "audio/1-100038-A-14.wav": (("chirping_birds",), "100038", 1),
        "audio/5-9032-B-0.wav": (("dog",), "9032", 5),
    }
    assert only_note(listing, "not found").endswith("4 listed not found in the folder: 5-9032-A-0")
    assert only_note(listing, "on no list").endswith("twice: audio/9-1-A-0.wav")


def test_the_ten_classes_are_those_that_the_table_marks(root: Path) -> None:
    listing = choose_layout(root, "esc50:esc10").find(root)
    assert [entry.genres for entry in listing.entries] == [("dog",), ("dog",)]


def test_it_is_found_by_itself_and_says_its_source(root: Path) -> None:
    found = scan(root)
    assert (found.layout, len(found.tracks)) == ("esc50", 3)
    assert found.notes[0].startswith("ESC-50 (Piczak 2015)")
    assert [track.artist for track in found.tracks] == ["100032", "100038", "9032"]
    (root / "ESC-50-master").mkdir()
    for name in ("meta", "audio"):
        (root / name).rename(root / "ESC-50-master" / name)
    assert scan(root).layout == "esc50"


def test_a_table_that_is_not_there_is_named(root: Path) -> None:
    (root / "meta/esc50.csv").unlink()
    with pytest.raises(DatasetError, match=r"must hold meta/esc50\.csv or ESC-50-master/meta"):
        find_esc50(root)


def test_byte_order_mark_line_ends_and_a_row_again_change_nothing(root: Path) -> None:
    before = find_esc50(root)
    lines = TABLE.encode().splitlines()
    content = b"\r\n".join([*lines, lines[1].replace(b",1,", b",2,", 1)])
    (root / "meta/esc50.csv").write_bytes(b"\xef\xbb\xbf" + content)
    after = find_esc50(root)
    assert after.entries == before.entries
    assert only_note(after, "again") == "1 file listed again; the first row counts: 1-100032-A-0"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",5,0,dog,True,9032,B", ",x,0,dog,True,9032,B", "fold='x' of 5-9032-B-0.wav must be"),
        ("src_file", "source", "must have a column src_file"),
        (",False,100038,A", "", "line 3: must have 6 cells or more"),
    ],
)
def test_what_is_wrong_in_the_table_is_one_line(root: Path, old: str, new: str, words: str) -> None:
    (root / "meta/esc50.csv").write_text(TABLE.replace(old, new))
    with pytest.raises(DatasetError, match=words) as caught:
        find_esc50(root)
    assert str(caught.value).startswith(str(root / "meta/esc50.csv"))
