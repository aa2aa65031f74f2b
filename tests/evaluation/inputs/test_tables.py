"""Tables of scores from any system, checked with words that name the place."""

from pathlib import Path

import numpy as np
import pytest

from genre.errors import GenreError
from genre.evaluation.inputs.tables import read_table
from tests.score_tables import edit, write_table


@pytest.mark.parametrize("value", ["nan", "NaN", "", "1.01", "-0.1", "inf", "loud"])
def test_a_score_that_is_none_is_named(tmp_path: Path, value: str) -> None:
    path = write_table(tmp_path / "a.csv", np.full((3, 3), 0.25))
    edit(path, "track 001,0.25,0.25", f"track 001,0.25,{value}")
    with pytest.raises(
        GenreError, match=r"a\.csv, line 3, column drum & bass: .* must be a number"
    ):
        read_table(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must have a column 'track'"),
        (b"track;blues\na;1\n", "must have a column 'track'.*divided by commas"),
        (b"track,blues\n", "must have a row for each track"),
        (b"track,artist\na,b\n", "must have a column for each genre"),
        (b"track,blues\na,1,2\n", "line 2: must have as many fields as line 1"),
        (b"track,blues\na,1\nb,1,2\n", "must be a table .*line 3"),
        (b"track,blues\na\n", "line 2, column blues: '' must be a number"),
        (b"track,blues\n\xff\xfe,1\n", "must be a table"),
        (b"\xef\xbb\xbftrack,blues\na,1\n", None),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, content: bytes, message: str | None) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    if message is None:
        assert read_table(path).genres == ("blues",)
        return
    with pytest.raises(GenreError, match=message) as caught:
        read_table(path)
    assert "\n" not in str(caught.value)
