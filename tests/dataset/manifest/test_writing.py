"""Writing a manifest: genre.dataset.manifest.writing."""

from pathlib import Path

import pytest

from genre.dataset.manifest.reading import read_manifest
from genre.dataset.manifest.writing import Row, write_manifest
from tests.far import at

ROWS = (
    Row('a "b", c;.mp3', 1, 2**62, 3, "0f" * 32, "jazz|rock", "Ann, Bee", "train", 0),
    Row("s3://bucket/x", sha256=None),
)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("is_far", [False, True])
def test_what_is_written_is_what_is_read(suffix: str, is_far: bool, tmp_path: Path) -> None:
    path = tmp_path / f"m.{suffix}"
    write_manifest(ROWS, at(path) if is_far else path)
    found = read_manifest(path)
    assert found.path == [row.path for row in ROWS]
    assert [found.size.tolist(), found.modified.tolist()] == [[1, -1], [2**62, -1]]
    assert [found.changed.tolist(), found.fold.tolist()] == [[3, -1], [0, -1]]
    assert (found.sha256, found.genres) == (["0f" * 32, ""], ["jazz|rock", ""])
    assert (found.artist, found.split) == (["Ann, Bee", ""], ["train", ""])


def test_what_fails_in_mid_file_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    write_manifest(ROWS[:1], path)
    before = path.read_bytes()

    def _rows() -> object:
        yield ROWS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_manifest(_rows(), path)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["m.csv"]
