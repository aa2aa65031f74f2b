"""Lists and tables of publishers: genre.dataset.layouts.published.lists."""

import csv
from pathlib import Path

import pytest

from genre.dataset.layouts.published.lists import (
    find_list,
    has_columns,
    need_list,
    read_header,
    read_lines,
    read_table,
)
from genre.errors import DatasetError


def test_a_list_is_found_at_the_first_of_its_places(tmp_path: Path) -> None:
    assert find_list(tmp_path, ["a/x.txt", "x.txt"]) is None
    (tmp_path / "x.txt").touch()
    assert find_list(tmp_path, ["a/x.txt", "x.txt"]) == tmp_path / "x.txt"
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.txt").mkdir()  # a folder is no list
    assert need_list(tmp_path, ["a/x.txt", "x.txt"], of="X") == tmp_path / "x.txt"
    with pytest.raises(DatasetError) as caught:
        need_list(tmp_path, ["a/y.txt", "y.txt"], of="X")
    assert str(caught.value) == (
        f"data={tmp_path} must hold a/y.txt or y.txt, which X is published with"
    )


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_line_ends_and_a_byte_order_mark_are_no_part_of_a_name(
    tmp_path: Path, start: bytes, end: bytes
) -> None:
    path = tmp_path / "list"
    path.write_bytes(start + b"a b" + end + end + b"c\xc3\xa9" + end)
    assert read_lines(path) == ["a b", "cé"]
    path.write_bytes(start + b"n,x" + end + b'1,"a' + end + b'b"' + end + end + b"2,c" + end)
    cell = "a" + end.decode() + "b"
    assert read_table(path, ["x", "n"]) == [(cell, "1"), ("c", "2")]
    assert read_header(path, delimiter=",") == ["n", "x"]


def test_columns_of_two_header_rows_have_both_names(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(",a,b,b\n,x,x,y\n1,2,3,4\n")
    assert read_table(path, ["", "b.x", "a.x"], n_header_rows=2) == [("1", "3", "2")]
    assert has_columns(path, ["", "b.x"], n_header_rows=2)
    assert not has_columns(path, ["b.x"])


@pytest.mark.parametrize("content", [b"", b"n,y\n", b"\xff", b"n\tx\n"])
def test_another_file_has_not_the_columns_and_is_no_error(tmp_path: Path, content: bytes) -> None:
    assert not has_columns(None, ["n"])
    (tmp_path / "t.csv").write_bytes(content)
    assert not has_columns(tmp_path / "t.csv", ["n", "x"])
    assert has_columns(tmp_path / "t.csv", ["n", "x"], delimiter="\t") is (b"\t" in content)


def test_a_cell_may_be_longer_than_the_csv_module_takes_by_itself(tmp_path: Path) -> None:
    path, limit = tmp_path / "t.csv", csv.field_size_limit()
    path.write_text("n,x\n1," + "y" * (limit + 1) + "\n")
    assert read_table(path, ["n"]) == [("1",)]
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"n,z\n1,2\n", "must have a column x"),
        (b"", "must have a column n"),
        (b"n,x\n1,2\n3\n", "line 3: must have 2 cells or more"),
        (b"n,x\n1,\xff\n", "must be UTF-8"),
        (b'n,x\n1,"2\n', "must be a readable table"),
        (b'n,x\n1,"a"b\n', "must be a readable table"),
    ],
)
def test_what_is_no_such_table_is_refused_in_a_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=words) as caught:
        read_table(path, ["n", "x"])
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_an_inner_quote_is_let_in_where_it_is_not_strict(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('"n"\t"x"\n"1"\t"a \\"b\\" c"\n"2"\t"d"\n')
    rows = read_table(path, ["n"], delimiter="\t", strict=False)
    assert rows == [("1",), ("2",)]


def test_a_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"no\.txt must be readable: No such file"):
        read_lines(tmp_path / "no.txt")
    (tmp_path / "x").write_bytes(b"\xff\xfe")
    with pytest.raises(DatasetError, match="x must be UTF-8"):
        read_lines(tmp_path / "x")
