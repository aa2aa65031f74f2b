"""Opening a manifest: genre.dataset.manifest.reading."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from genre.dataset.manifest.reading import is_manifest, read_manifest
from genre.errors import DatasetError, MissingPackageError
from tests.far import at

MILLION = """
import hashlib, resource, sys, time
from pathlib import Path
from genre.dataset.manifest import Row, read_manifest, write_manifest
path = Path(sys.argv[1])
if sys.argv[2] == "write":
    write_manifest((Row(f"{n % 1000:03}/artist {n % 5000} - title {n}.mp3", 4_000_000 + n, n, n,
        hashlib.sha256(b"%d" % n).hexdigest(), ("rock", "jazz|blues")[n % 2], f"artist {n % 5000}")
        for n in range(1_000_000)), path)
else:
    started = time.process_time()
    assert len(read_manifest(path)) == 1_000_000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.process_time() - started:.1f} {peak:.0f}")
"""


@pytest.mark.extras
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_million_rows_are_read_in_ten_seconds_and_a_gigabyte(suffix: str, tmp_path: Path) -> None:
    words = [sys.executable, "-c", MILLION, str(tmp_path / f"m.{suffix}")]
    subprocess.run([*words, "write"], check=True)
    read = subprocess.run([*words, "read"], check=True, capture_output=True, text=True)
    seconds, peak_mb = map(float, read.stdout.split())
    assert (seconds < 10, peak_mb < 1000) == (True, True), (seconds, peak_mb)


def test_a_manifest_is_known_by_its_ending_and_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "m.CSV").touch()
    (tmp_path / "folder.csv").mkdir()
    assert is_manifest(tmp_path / "m.CSV")
    assert is_manifest(at(tmp_path / "m.parquet"))
    assert not is_manifest(tmp_path / "folder.csv")
    assert not is_manifest(tmp_path / "none.csv")
    assert not is_manifest(at(tmp_path / "m.mp3"))


def test_one_that_lies_elsewhere_is_brought(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes("\ufeffpath\nü.mp3\n".encode())
    found = read_manifest(at(tmp_path / "m.csv"))
    assert found.place_of(0) == at(tmp_path) / "ü.mp3"
    assert read_manifest(tmp_path / "m.csv").place_of(0) == tmp_path / "ü.mp3"


def test_bytes_that_are_no_text_and_files_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes(b"path\na\n\xff\n")
    with pytest.raises(DatasetError, match=r"m.csv, line \d+ or later: must be UTF-8"):
        read_manifest(tmp_path / "m.csv")
    with pytest.raises(DatasetError, match="must be readable: No such file"):
        read_manifest(tmp_path / "none.csv")


def test_parquet_without_its_package_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.parquet").touch()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingPackageError, match=r"pyarrow must be installed: .*\[remote\]"):
        read_manifest(tmp_path / "m.parquet")


def test_reading_ten_thousand_rows_is_over_at_once(tmp_path: Path) -> None:
    rows = "".join(f"a/{number}.mp3,{number},rock\n" for number in range(10_000))
    (tmp_path / "m.csv").write_text(f"path,size,genres\n{rows}")
    started = time.process_time()
    assert len(read_manifest(tmp_path / "m.csv")) == 10_000
    assert time.process_time() - started < 1
