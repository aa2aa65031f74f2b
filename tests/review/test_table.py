"""genre.review.table: one cell changes, every other byte stays."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.errors import GenreError
from genre.review.table import (
    Change,
    ChangedMeanwhileError,
    Table,
    checked_genre,
    joined,
    new_table,
)

ODD = (
    "\ufeffsep=;\r\nMood;FILE_NAME;Genre;x\r\n"
    '"a ""calm"" one; slow";one.wav; Jazz|Funk ;1\r\n'
    "\r\n"
    "wild;two.wav;rock\r\n"
)


def test_one_cell_changes_and_every_other_byte_stays() -> None:
    table = Table(ODD)
    assert table.columns == ["mood", "path", "genres", "x"]
    assert [table.cell(line, "path") for line in table.lines] == ["one.wav", "two.wav"]
    assert table.cell(table.lines[1], "x") == ""
    change = Change(path="one.wav", before="Jazz|Funk", after="Funk; Soul")
    assert table.changed([change]).text == ODD.replace(" Jazz|Funk ", '"Funk; Soul"')


def test_a_line_goes_and_comes_back_where_it_was() -> None:
    table = Table(ODD)
    line = table.lines[0]
    whole = ODD[line.start : line.end]
    gone = table.changed([Change(path="one.wav", before="Jazz|Funk", after=None, line=whole, at=0)])
    assert [gone.cell(line, "path") for line in gone.lines] == ["two.wav"]
    back = gone.changed([Change(path="one.wav", before=None, after="Jazz|Funk", line=whole, at=0)])
    assert back.lines[0].cells == line.cells
    assert back.text.replace("\r\n\r\n", "\r\n") == ODD.replace("\r\n\r\n", "\r\n")


def test_a_new_line_has_the_columns_of_the_table_and_an_end_before_it() -> None:
    table = Table("path,genres,note\na.wav,jazz,old")
    line = table.new_line({"path": "b, c.wav", "genres": "rock", "artist": "nobody asks"})
    added = table.changed([Change(path="b, c.wav", before=None, after="rock", line=line)])
    assert added.text == 'path,genres,note\na.wav,jazz,old\n"b, c.wav",rock,\n'


def test_a_column_comes_behind_the_others_and_every_other_byte_stays() -> None:
    table = Table(ODD).with_column("split", lambda path: "a;b" if path == "one.wav" else "test")
    assert table.text == (
        ODD.replace("Genre;x\r", "Genre;x;split\r")
        .replace("Funk ;1\r", 'Funk ;1;"a;b"\r')
        .replace("rock\r", "rock;;test\r")
    )
    assert [table.cell(line, "split") for line in table.lines] == ["a;b", "test"]
    assert Table("path,genres").with_column("fold", str).text == "path,genres,fold"


def test_a_label_that_somebody_changed_meanwhile_is_not_overwritten() -> None:
    table = Table("path,genres\na.wav,jazz\n")
    for change in (
        Change(path="a.wav", before="rock", after="pop"),
        Change(path="b.wav", before="rock", after="pop"),
        Change(path="a.wav", before=None, after="pop", line="a.wav,pop\n"),
    ):
        with pytest.raises(ChangedMeanwhileError, match="changed meanwhile: it is"):
            table.changed([change])


@pytest.mark.parametrize("name", ["a|b", "a\nb", "a\x00", "\u202eevil", "", " ", "unknown", "a, b"])
def test_what_is_no_genre_is_refused(name: str) -> None:
    with pytest.raises(GenreError, match=r"genre="):
        checked_genre(name)


def test_genres_keep_their_spelling() -> None:
    assert checked_genre("  Drum & Bass ") == "Drum & Bass"
    assert joined(["drum_and_bass", "Ska"], "Jazz|Drum & Bass") == "Drum & Bass|Ska"
    assert joined(["jazz"], "") == "jazz"
    with pytest.raises(GenreError, match="at most 200 letters"):
        checked_genre("a" * 201)


def test_a_made_table_is_one_and_a_name_with_a_line_end_is_refused() -> None:
    text = new_table([("a,b.wav", "jazz", "", "train", "")])
    assert text == 'path,genres,artist,split,fold\n"a,b.wav",jazz,,train,\n'
    with pytest.raises(GenreError, match="control character"):
        new_table([("a\nb.wav", "jazz", "", "", "")])


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=8)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=5),
    delimiter=st.sampled_from(",;\t"),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_cells_are_those_of_the_csv_module(
    rows: list[tuple[str, str]], delimiter: str, newline: str
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator=newline)
    writer.writerow(("path", "genres"))
    writer.writerows(rows)
    found = [line.cells for line in Table(written.getvalue()).lines]
    wanted = [tuple(cell.strip() for cell in row) for row in rows]
    assert found == [row for row in wanted if any(row)]
