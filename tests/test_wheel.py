"""The wheel, built outside a clone and without a network, is the whole package and runs alone."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
import soundfile

from genre import __version__
from tests.bundles import small_bundle, write_bundle

ROOT = Path(__file__).resolve().parents[1]
CALL = "import sys; from genre.cli import main; sys.exit(main(sys.argv[1:]))"


def tracked(folder: str) -> list[str]:
    """List the tracked files of a folder."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    command = ["git", "ls-files", "-z", "--", folder]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(name for name in answer.stdout.split("\0") if name and (ROOT / name).exists())


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what is tracked of the package, and what its build reads, to a folder without git."""
    folder = tmp_path_factory.mktemp("copy") / "genre-source"
    for name in [*tracked("genre"), "pyproject.toml", "README.md", "LICENSE"]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / "genre/__pycache__").mkdir()
    (folder / "genre/__pycache__/config.cpython-311.pyc").write_bytes(b"of another machine")
    return folder


@pytest.fixture(scope="module")
def wheel(copied: Path) -> Path:
    """Build the wheel with what is installed here: the back end is in the lock."""
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run(
        [*pip, "--wheel-dir", "wheels", "."], cwd=copied, capture_output=True, check=True
    )
    (found,) = (copied / "wheels").iterdir()
    assert found.name == f"genre-{__version__}-py3-none-any.whl"
    return found


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def call(unpacked: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder with the unpacked wheel before anything else that is installed."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_has_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    metadata = f"genre-{__version__}.dist-info"
    ours = sorted(name for name in names if not name.startswith(f"{metadata}/"))
    assert ours == tracked("genre")
    assert len([name for name in ours if not name.endswith(".py")]) > 10  # pages and py.typed
    assert f"{metadata}/licenses/LICENSE" in names


def test_help_needs_no_other_package(unpacked: Path, tmp_path: Path) -> None:
    alone = ("-s", "-S", "-c")
    for word in ("--help", "--version"):
        answer = call(unpacked, tmp_path, *alone, CALL, word)
        assert (answer.returncode, answer.stderr) == (0, "")
        assert answer.stdout.startswith({"--help": "usage: genre", "--version": "genre "}[word])
    without = call(unpacked, tmp_path, *alone, "import numpy")
    assert "No module named 'numpy'" in without.stderr


@pytest.mark.slow
def test_the_wheel_tags(unpacked: Path, tmp_path: Path) -> None:
    place = call(unpacked, tmp_path, "-c", "import genre; print(genre.__file__)")
    assert place.stdout.strip() == str(unpacked / "genre/__init__.py")
    write_bundle(small_bundle(), tmp_path / "bundle")
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 5 * 22_050)
    soundfile.write(tmp_path / "song.wav", noise, 22_050)
    answer = call(unpacked, tmp_path, "-c", CALL, "tag", "bundle", "song.wav", "--device", "cpu")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("song.wav")
