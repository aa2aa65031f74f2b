"""A part of a file seen as a file of its own."""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.audio.readers.spliced import SplicedFile

CONTENT = bytes(range(100))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a file whose bytes are their own offsets."""
    path = tmp_path_factory.mktemp("spliced") / "a"
    path.write_bytes(CONTENT)
    return path


def test_the_part_stands_behind_the_prefix(path: Path) -> None:
    with SplicedFile(path, b"head", 10, 20) as file:
        assert file.readable()
        assert file.seekable()
        assert file.read() == b"head" + CONTENT[10:20]
        assert file.tell() == 14
        assert file.read(5) == b""


def test_positions_stay_within_it(path: Path) -> None:
    with SplicedFile(path, b"head", 10, 20) as file:
        assert file.seek(-3, os.SEEK_END) == 11
        assert file.read() == CONTENT[17:20]
        assert file.seek(-99, os.SEEK_CUR) == 0
        assert file.seek(99) == 14
        assert file.seek(2) == 2
        assert file.read(4) == b"ad" + CONTENT[10:12]


@given(
    prefix=st.binary(max_size=9),
    start=st.integers(0, 60),
    n_bytes=st.integers(0, 40),
    reads=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5),
)
def test_it_reads_as_the_bytes_themselves(
    path: Path, prefix: bytes, start: int, n_bytes: int, reads: list[tuple[int, int]]
) -> None:
    expected = io.BytesIO(prefix + CONTENT[start : start + n_bytes])
    size = len(expected.getvalue())
    with SplicedFile(path, prefix, start, start + n_bytes) as file:
        for offset, length in reads:
            file.seek(offset)
            expected.seek(min(offset, size))
            assert file.read(length) == expected.read(length)


def test_closing_it_closes_the_file_behind(path: Path) -> None:
    file = SplicedFile(path, b"", 0, 10)
    file.close()
    assert file.closed
    with pytest.raises(ValueError, match="closed file"):
        file.read()
