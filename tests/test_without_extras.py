"""What `pip install .` can do, with nothing else there; and what it says of the rest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from genre.tagging.file_tags.genre_tags import read_genres
from tests.bare_environment import ALONE, brought_by, link_packages
from tests.bundles import small_bundle, write_bundle
from tests.doctor_examples import noise
from tests.tagged_files import contents

COMMAND = "import sys; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
SMALL = (
    *("--genres", "jazz", "rock", "--n-artists-per-genre", "2", "--n-tracks-per-artist", "1"),
    *("--min-seconds", "4", "--max-seconds", "5"),
)
HEAVY = {
    *("torch", "torchaudio", "librosa", "scikit-learn", "statsmodels", "pandas", "matplotlib"),
    *("jinja2", "safetensors", "onnx", "numba", "flask", "waitress"),
}
IN_A_CLONE = "` in a clone of genre"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a process with the packages of `pip install .` and no others."""
    packages = brought_by()
    assert not packages & HEAVY
    folder = link_packages(packages, tmp_path_factory.mktemp("bare") / "packages")
    return {"PYTHONPATH": str(folder), "PATH": os.environ["PATH"]}


def python(
    code: str, *words: str, env: dict[str, str], cwd: Path
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *ALONE, "-c", code, *words],
        env=env,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_sample_is_made_and_examined(bare: dict[str, str], tmp_path: Path) -> None:
    made = python(COMMAND, "sample", *SMALL, env=bare, cwd=tmp_path)
    assert (made.returncode, "4 tracks" in made.stdout) == (0, True), made.stderr
    found = python(COMMAND, "doctor", "data/sample", env=bare, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert "4 files, 4 usable, 4 recordings" in found.stdout
    assert "genre  tracks  artists  hours  share of top artist" in found.stdout
    assert found.stdout.endswith(f"must be installed: run `pip install '.[train]'{IN_A_CLONE}\n")
    rows = (tmp_path / "results/sample/doctor.csv").read_text("utf-8").splitlines()
    assert len(rows) == 1 + 4
    kept = python(COMMAND, "features", "data/sample", env=bare, cwd=tmp_path)
    assert (kept.returncode, kept.stdout) == (0, "4 files: 0 new, 4 cached, 0 bad\n"), kept.stderr


def test_songs_are_tagged_and_their_tags_taken_back(bare: dict[str, str], tmp_path: Path) -> None:
    write_bundle(small_bundle(), tmp_path / "model")
    (tmp_path / "songs").mkdir()
    for name in ("a.mp3", "b.flac"):
        soundfile.write(tmp_path / "songs" / name, noise(5), 22050)
    before = contents(tmp_path / "songs")
    told = python(COMMAND, "tag", "model", "songs", env=bare, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert [line.split(": ")[0] for line in told.stdout.splitlines()] == [
        "songs/a.mp3",
        "songs/b.flac",
    ]
    words = ("--write-tags", "--apply", "--journal", "undo.jsonl")
    written = python(COMMAND, "tag", "model", "songs", *words, env=bare, cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    for name in before:
        assert sorted(read_genres(tmp_path / "songs" / name)) == ["A", "B"]
    back = python(COMMAND, "untag", "undo.jsonl", env=bare, cwd=tmp_path)
    assert back.returncode == 0, back.stderr
    assert contents(tmp_path / "songs") == before


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (("train", "--data", "music"), "train"),
        (("compare", "results"), "train"),
        (("export", "bundle"), "train"),
        (("serve", "bundle"), "serve"),
    ],
)
def test_what_needs_more_is_one_line(
    words: tuple[str, ...], extra: str, bare: dict[str, str], tmp_path: Path
) -> None:
    done = python(COMMAND, *words, env=bare, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.endswith(f"must be installed: run `pip install '.[{extra}]'{IN_A_CLONE}\n")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("asked", ["compare", "train"])
def test_what_python_is_offered_says_it_too(
    asked: str, bare: dict[str, str], tmp_path: Path
) -> None:
    done = python(f"import genre; genre.{asked}", env=bare, cwd=tmp_path)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("genre.errors.MissingPackageError: ")
    assert last.endswith(f"must be installed: run `pip install '.[train]'{IN_A_CLONE}")


FOLDER = """
import genre
from genre.errors import MissingPackageError
music = genre.open_folder("music", cache="cache")
print(music.genres)
try:
    music.table
except MissingPackageError as error:
    print(error)
"""


def test_a_folder_is_opened_and_its_data_frame_needs_more(
    bare: dict[str, str], sample_cut: Path, tmp_path: Path
) -> None:
    (tmp_path / "music").symlink_to(sample_cut)
    done = python(FOLDER, env=bare, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    genres, missing = done.stdout.splitlines()
    assert "'rock': " in genres
    assert missing == f"pandas must be installed: run `pip install '.[train]'{IN_A_CLONE}"
