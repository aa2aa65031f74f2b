"""What runs a model in a browser, by hash: genre.tagging.web_export.runtime, and its script."""

import base64
import hashlib
import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from genre.errors import ConfigError
from genre.tagging.web_export import runtime
from tests.tagging.web_export.conftest import ROOT


def package(contents: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for place, content in contents.items():
            entry = tarfile.TarInfo(place)
            entry.size = len(content)
            archive.addfile(entry, BytesIO(content))
    return stream.getvalue()


def test_the_files_of_the_package_get_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {place: name for name, (place, _) in runtime.FILES.items()}
    archive = package({place: name.encode() for place, name in places.items()} | {"x/y": b"other"})
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    monkeypatch.setattr(runtime, "INTEGRITY", f"sha512-{digest}")
    runtime.unpack(archive, tmp_path / "new")
    found = {path.name: path.read_text() for path in (tmp_path / "new").iterdir()}
    assert found == {name: name for name in runtime.FILES}


def test_another_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"must have the integrity sha512-q0y\+Jr.*, not sha512-"):
        runtime.unpack(b"anything", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_read(assets: Path) -> None:
    assert runtime.read_runtime(assets) == {
        name: f"content of {name}".encode() for name in ("onnxruntime.js", "onnxruntime.wasm")
    }


def test_what_is_absent_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"run `make web-assets` .* --web-assets FOLDER"):
        runtime.read_runtime(tmp_path)


def test_what_has_changed_is_refused(assets: Path) -> None:
    (assets / "onnxruntime.wasm").write_text("changed")
    with pytest.raises(ConfigError, match=r"wasm.* must be that of onnxruntime-web@.*anew"):
        runtime.read_runtime(assets)


def fetch(folder: Path, path: Path) -> subprocess.CompletedProcess[str]:
    """Run the script where commands are looked for in one folder alone."""
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "fetch_web_assets.py")],
        cwd=folder,
        env=os.environ | {"PATH": str(path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("npm", "told"),
    [
        (None, "error: npm must be installed"),
        ("exit 1", "error: npm must be able to fetch onnxruntime-web@"),
        ("echo x > x.tgz", "error: onnxruntime-web@1.30.0 must have the integrity"),
    ],
)
def test_the_script_says_what_went_wrong(tmp_path: Path, npm: str | None, told: str) -> None:
    (tmp_path / "bin").mkdir()
    if npm is not None:
        (tmp_path / "bin" / "npm").write_text(f"#!/bin/sh\n{npm}\n")
        (tmp_path / "bin" / "npm").chmod(0o755)
    answer = fetch(tmp_path, tmp_path / "bin")
    assert answer.returncode == 1
    assert answer.stderr.startswith(told)
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "build").exists()
