"""A table row by row, as different programs write it."""

from pathlib import Path

import pytest

from genre.dataset.layouts import scan
from genre.dataset.layouts.csv_rows import read_rows
from genre.errors import DatasetError
from tests.dataset_examples import genres_of, write_labels


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfpath,genres\nx.wav,jazz\n",
        b"path,genres\r\nx.wav,jazz\r\n\r\n",
        b"path,genres\rx.wav,jazz",
        b"path;genres\nx.wav;jazz\n",
        b"path\tgenres\nx.wav\tjazz\n",
        b'"Path"," GENRES "\n"x.wav","jazz"\n,\n',
        b"path,genres,split\nx.wav,jazz\n",
    ],
)
def test_labels_csv_as_different_programs_write_it(three: Path, content: bytes) -> None:
    write_labels(three, content)
    assert genres_of(scan(three)) == {"x.wav": ("jazz",)}


def test_rows_carry_their_line_and_lack_missing_cells(tmp_path: Path) -> None:
    table = write_labels(tmp_path, 'path;genres;artist\n\na.mp3; jazz \n"b;c.mp3";rock;" X"\n')
    assert list(read_rows(table)) == [
        (3, {"path": "a.mp3", "genres": "jazz"}),
        (4, {"path": "b;c.mp3", "genres": "rock", "artist": "X"}),
    ]


def test_a_cell_may_hold_a_line_break(tmp_path: Path) -> None:
    table = write_labels(tmp_path, 'path,genres,note\na.mp3,jazz,"one\ntwo"\nb.mp3,rock,\n')
    # a row is where it ends
    assert [line for line, _ in read_rows(table)] == [3, 4]


def test_rows_before_the_wrong_one_are_read(tmp_path: Path) -> None:
    rows = read_rows(write_labels(tmp_path, "path,genres\na,b\nc,d,e\n"))
    assert next(rows) == (2, {"path": "a", "genres": "b"})
    with pytest.raises(DatasetError, match="line 3, column 3: 3 cells must be at most 2"):
        next(rows)


def test_a_labels_csv_that_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").mkdir()
    with pytest.raises(DatasetError, match=r"labels.csv must be readable"):
        scan(tmp_path, labels="csv")
