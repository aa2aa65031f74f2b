"""Words for people: genre.wording."""

import os
from pathlib import Path

import pytest

from genre.wording import aligned, counted, listed, percent, printable, safe_cell, shown


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 tracks"), (1, "1 track"), (2, "2 tracks"), (1000, "1000 tracks")]
)
def test_only_one_is_singular(number: int, words: str) -> None:
    assert counted(number, "track") == words


def test_a_list_names_up_to_its_limit_and_counts_the_rest() -> None:
    names = ["blues", "jazz", "soul"]
    assert listed(names, limit=3) == "blues, jazz, soul"
    assert listed(names, limit=1) == "blues and 2 more"
    assert listed(names, limit=2, separator="; ") == "blues; jazz and 1 more"
    assert listed([], limit=2) == ""


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Motörhead – 1916", "Motörhead – 1916"),
        ("a\u00a0b", "a\u00a0b"),  # a space that does not break is still seen as one
        ("a\nb", "a\\nb"),
        ("\x1b[2J", "\\x1b[2J"),
        ("abc\u202edef", "abc\\u202edef"),
        ("\udcff", "\\udcff"),
    ],
)
def test_nothing_in_a_name_acts(name: str, written: str) -> None:
    assert printable(name) == written
    assert printable(printable(name)) == written


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_path_that_is_no_text_can_be_shown() -> None:
    assert shown(Path(os.fsdecode(b"caf\xc3\xa9-\xff.mp3"))) == "caf\u00e9-\ufffd.mp3"


def test_what_cannot_be_seen_is_written_out() -> None:
    assert printable("Björk – 東京\u3000.mp3") == "Björk – 東京\u3000.mp3"
    assert printable("a\nb\x00\u202e\udcff") == "a\\nb\\x00\\u202e\\udcff"
    assert listed(["a", "b"], limit=2) == "a, b"
    assert listed(["a", "b", "c", "d"], limit=2) == "a, b and 2 more"


def test_a_table_has_its_names_to_the_left_and_its_numbers_to_the_right() -> None:
    assert aligned([["a", "bb"], ["long", "1"]]) == ["a     bb", "long   1"]
    # what acts is written out before it is measured
    assert aligned([["a\nb", "1"], ["c", "22"]]) == ["a\\nb   1", "c     22"]


def test_shares_are_whole_numbers_of_per_cent() -> None:
    assert [percent(share) for share in (0.0, 0.005, 0.6, 2 / 3, 1.0)] == [
        *("0 %", "0 %", "60 %", "67 %", "100 %")
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])  # noqa: RUF001
def test_a_cell_is_no_formula(start: str) -> None:
    assert safe_cell(f"{start}SUM(A1:A9)") == f"'{start}SUM(A1:A9)"
    assert safe_cell(f"a{start}") == f"a{start}"


@pytest.mark.parametrize("text", ["", "-3.5", "-1e-09", "-2e+10", "-inf", "0", "a", "'=1"])
def test_a_number_stays_one(text: str) -> None:
    assert safe_cell(text) == text
