"""The name of a file's content: genre.hashing."""

import hashlib
from pathlib import Path

import numpy
import pytest

from genre.hashing import hash_file


@pytest.mark.parametrize("n_bytes", [0, 1, 1 << 20, (2 << 20) + 7])
def test_hash_file_is_sha256_of_the_whole_file(tmp_path: Path, n_bytes: int) -> None:
    content = numpy.random.default_rng(n_bytes).bytes(n_bytes)
    path = tmp_path / "file"
    path.write_bytes(content)
    assert hash_file(path) == hashlib.sha256(content).hexdigest()


def test_what_is_not_there_has_no_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        hash_file(tmp_path / "absent")
