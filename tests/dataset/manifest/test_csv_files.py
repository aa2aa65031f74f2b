"""Manifests in CSV: genre.dataset.manifest.csv_files."""

import io
from pathlib import Path

import pytest

from genre.dataset.manifest.columns import Manifest
from genre.dataset.manifest.csv_files import read_csv
from genre.errors import DatasetError


def read(text: str) -> Manifest:
    return read_csv(Path("m.csv"), io.StringIO(text, newline=""))


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_columns_may_stand_in_any_order_beside_others(mark: str) -> None:
    lines: tuple[str, ...] = ("Genres,note,path,size,fold", 'rock|pop,x,"a, b.mp3",12,')
    lines += ("jazz,,c.mp3,,3.0", "")
    if mark != ",":
        lines = tuple(line.replace('"a, b.mp3"', "a b.mp3").replace(",", mark) for line in lines)
    found = read("\r\n".join(lines))
    assert found.path == ["a, b.mp3" if mark == "," else "a b.mp3", "c.mp3"]
    assert found.genres == ["rock|pop", "jazz"]
    assert (found.size.tolist(), found.fold.tolist()) == ([12, -1], [-1, 3])
    assert found.has == {"path", "size", "genres", "fold"}


def test_rows_of_many_blocks_are_all_there() -> None:
    text = "path,size\n" + "".join(f"{number},{number}\n\n" for number in range(3000))
    found = read(text)
    assert found.path == [str(number) for number in range(3000)]
    assert found.size.tolist() == list(range(3000))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("genres\nx\n", "m.csv, row 0, column path: must be there; found: genres"),
        ("", "m.csv, row 0, column path: must be there; found: none"),
        ("path,path\na,b\n", "m.csv, row 0, column path: must be there once"),
        ("path,size\na,1\nb\n", "m.csv, row 2, column 2: 1 cells must be 2"),
        ("path,size\na,1,2\n", "m.csv, row 1, column 3: 3 cells must be 2"),
        ("path,size\na,1\nb,-2\n", "m.csv, row 2, column size: '-2' must be a whole number"),
        ("path,size\na,1\nb,x\n", "m.csv, row 2, column size: 'x' must be a whole number"),
        (f"path,size\na,{2**63}\n", f"m.csv, row 1, column size: '{2**63}' must be a whole"),
        ('path,size\na,1\n"b,2\n', "m.csv, line "),
        ("path\n", "m.csv must list at least one file"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, words: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read(text)
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
