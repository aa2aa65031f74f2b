"""Manifests in Parquet: genre.dataset.manifest.parquet_files."""

import io
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from genre.dataset.manifest.columns import Manifest
from genre.dataset.manifest.parquet_files import read_parquet
from genre.errors import DatasetError


def read(**columns: object) -> Manifest:
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), file)
    file.seek(0)
    return read_parquet(Path("m.parquet"), file)


def test_tables_of_other_programs_are_read() -> None:
    found = read(
        path=pyarrow.array(["a", "b"], pyarrow.large_string()),
        genres=pyarrow.array([["rock", "pop"], None]),
        artist=pyarrow.array(["x", None]).dictionary_encode(),
        size=pyarrow.array([1, None], pyarrow.uint32()),
        split=pyarrow.nulls(2),
        extra=pyarrow.array([1.5, 2.5]),
    )
    assert (found.path, found.genres) == (["a", "b"], ["rock|pop", ""])
    assert (found.artist, found.split) == (["x", ""], ["", ""])
    assert found.size.tolist() == [1, -1]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"genres": ["x"]}, "m.parquet, row 0, column path: must be there; found: genres"),
        ({"path": [1]}, "m.parquet, row 0, column path: must be text, and is int64"),
        ({"path": [["a"]]}, "m.parquet, row 0, column path: must be text, and is list"),
        ({"path": ["a"], "size": ["1"]}, "m.parquet, row 0, column size: must be whole numbers"),
        ({"path": ["a", "b"], "size": [1, -5]}, "m.parquet, row 2, column size: -5 must be 0 or"),
        ({"path": ["a", None]}, "m.parquet, row 2, column path: must name a file"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(columns: dict[str, Any], words: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read(**columns)
    assert str(caught.value).startswith(words)


def test_what_is_no_parquet_is_told_in_a_line() -> None:
    with pytest.raises(DatasetError, match=r"^m.parquet must be readable Parquet: ") as caught:
        read_parquet(Path("m.parquet"), io.BytesIO(b"PAR1 and no more than that PAR1"))
    assert "\n" not in str(caught.value)
