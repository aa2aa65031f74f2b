"""Install the last commit as a user would: a fresh clone on every Python, and a wheel by itself.

For each Python: a wheel from a copied folder without git, in an environment with nothing else; then
`pip install .`, which may take 340 MB, and the commands that need no more; then a clone, `make
venv` (which ends with `pip check`), a small sample and the doctor on it. An environment takes 6 GB
while it is looked at; the packages come from pip's cache or the index. What is not committed is
not seen.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from genre.atomic import write_text
from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.cli.options import OptionParser
from genre.config import to_mapping
from genre.errors import GenreError
from genre.inference import Bundle, ScoreRule, Standardisation
from genre.models import SpectrogramCNN, SpectrogramCNNConfig, save_bundle, with_network

ROOT = Path(__file__).resolve().parents[1]
MINORS = (11, 12, 13, 14)
PROBE = "import ensurepip, sys, venv; print(*sys.version_info[:3], sep='.')"
ON_WINDOWS = os.name == "nt"
BIN = "Scripts" if ON_WINDOWS else "bin"
# Of an environment that is active, and of the make that calls this.
OWN_SETTINGS = ("VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")
SMALL = (
    *("--genres", "jazz", "rock", "--n-artists-per-genre", "2", "--n-tracks-per-artist", "1"),
    *("--min-seconds", "4", "--max-seconds", "5"),
)
MAX_BASE_MB = 340


@dataclass(frozen=True, kw_only=True)
class Installed:
    """One installation that worked."""

    python: str
    what: str
    seconds: float
    n_packages: int
    megabytes: float


def find_pythons() -> list[Path]:
    """Find a Python of every version that is supported and on the path, and can make environments.

    Returns
    -------
    list of Path
        One of each version that is there, oldest first.
    """
    folders = [Path(name) for name in os.get_exec_path()]
    found = []
    for minor in MINORS:
        name = f"python3.{minor}" + ".exe" * ON_WINDOWS
        there = [folder / name for folder in folders if (folder / name).is_file()]
        found += [python for python in there if _version(python) is not None][:1]
    return found


def _version(python: Path) -> str | None:
    try:
        answer = subprocess.run(  # noqa: S603 - an interpreter of the path, or one that was named
            [str(python), "-c", PROBE], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def run(*words: str | Path, folder: Path) -> str:
    """Run a command without the settings of this environment; what it prints.

    Raises
    ------
    GenreError
        If its exit status is not 0, with the end of what it printed.
    """
    inherited = {name: text for name, text in os.environ.items() if name not in OWN_SETTINGS}
    command = [str(word) for word in words]
    answer = subprocess.run(  # noqa: S603 - of this file
        command,
        cwd=folder,
        env=inherited,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        end = "\n".join(answer.stdout.splitlines()[-20:])
        raise GenreError(f"command={' '.join(command)!r} must end well:\n{end}")
    return answer.stdout


def in_a_clone(python: Path, folder: Path) -> Installed:
    """Clone the last commit, make its environment and use it."""
    clone = folder / "clone"
    run("git", "clone", "--quiet", ROOT, clone, folder=folder)
    start = time.perf_counter()
    said = run("make", "venv", f"PYTHON={python}", folder=clone)
    seconds = time.perf_counter() - start
    if "No broken requirements found." not in said:
        raise GenreError(f"pip check={said!r} must be content")
    genre = clone / ".venv" / BIN / "genre"
    run(genre, "--help", folder=clone)
    _sample_and_doctor(genre, clone)
    return _installed(clone / ".venv", what="clone", seconds=seconds)


def as_a_wheel(python: Path, folder: Path) -> Installed:
    """Build a wheel in a copy without git, install it into nothing, ask it for help."""
    copy, own = _copy(folder), folder / "own"
    start = time.perf_counter()
    run(python, "-m", "venv", own, folder=folder)
    pip = (own / BIN / "python", "-m", "pip")
    # the back end comes from the index here, as it does for whoever has no lock
    run(
        *pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder / "wheels", copy, folder=folder
    )
    (wheel,) = (folder / "wheels").glob("*.whl")
    run(*pip, "install", "--quiet", "--no-deps", wheel, folder=folder)
    for word in ("--help", "--version"):
        run(own / BIN / "genre", word, folder=folder)
    return _installed(own, what="wheel", seconds=time.perf_counter() - start)


def without_extras(python: Path, folder: Path) -> Installed:
    """Install with `pip install .` into nothing, and do what that is enough for."""
    copy, own = _copy(folder), folder / "own"
    start = time.perf_counter()
    run(python, "-m", "venv", own, folder=folder)
    run(own / BIN / "python", "-m", "pip", "install", "--quiet", ".", folder=copy)
    seconds = time.perf_counter() - start
    _sample_and_doctor(own / BIN / "genre", folder)
    _tag_and_untag(own / BIN / "genre", folder)
    installed = _installed(own, what="base", seconds=seconds)
    if installed.megabytes > MAX_BASE_MB:
        raise GenreError(f"site-packages={installed.megabytes:.0f} MB must be {MAX_BASE_MB} MB")
    return installed


def _copy(folder: Path) -> Path:
    copy = folder / "copy"
    run("git", "clone", "--quiet", ROOT, copy, folder=folder)
    shutil.rmtree(copy / ".git")
    return copy


def _sample_and_doctor(genre: Path, folder: Path) -> None:
    run(genre, "sample", *SMALL, folder=folder)
    found = run(genre, "doctor", "data/sample", folder=folder)
    if "4 files, 4 usable" not in found:
        raise GenreError(f"doctor={found!r} must find 4 usable files")


def _tag_and_untag(genre: Path, folder: Path) -> None:
    """Write the genres of the sample into it and take them back."""
    untrained_model(folder / "model")
    songs = sorted((folder / "data/sample").rglob("*.mp3"))
    before = [song.read_bytes() for song in songs]
    words = ("--write-tags", "--apply", "--replace", "--journal", "undo.jsonl")
    run(genre, "tag", "model", "data/sample", *words, folder=folder)
    if any(song.read_bytes() == content for song, content in zip(songs, before, strict=True)):
        raise GenreError("tag=--apply must write into every file of the sample")
    run(genre, "untag", "undo.jsonl", folder=folder)
    if [song.read_bytes() for song in songs] != before:
        raise GenreError("untag=undo.jsonl must bring every file of the sample back")


def untrained_model(folder: Path) -> None:
    """Write a model that finds one genre in everything.

    Parameters
    ----------
    folder : Path
        Where its bundle goes.
    """
    config = SpectrogramCNNConfig(channels=(4, 8), hidden=8)
    network = SpectrogramCNN(config, n_labels=2).eval()
    n_mels = FrontEndConfig().mel.n_mels
    plain = Bundle(
        network_onnx=None,
        model_name="spectrogram_cnn",
        model_config=to_mapping(config),
        genres=("anything", "nothing"),
        front_end=FrontEndConfig(),
        windows=WindowConfig(),
        standardisation=Standardisation(mean=(-30.0,) * n_mels, deviation=(15.0,) * n_mels),
        rule=ScoreRule(),
        thresholds=(0.0, 1.0),
    )
    save_bundle(with_network(plain, network), network, folder)


def _installed(environment: Path, *, what: str, seconds: float) -> Installed:
    """Look at an environment: its packages, and how large they are without pip."""
    python = environment / BIN / "python"
    listed = run(python, "-m", "pip", "list", "--format=freeze", folder=environment)
    packages = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=environment
    )
    sizes = [
        path.lstat().st_size
        for top in Path(packages.strip()).iterdir()
        if not top.name.startswith("pip")
        for path in (top, *top.rglob("*"))
    ]
    return Installed(
        python=_version(python) or "",
        what=what,
        seconds=seconds,
        n_packages=sum("==" in line for line in listed.splitlines()),
        megabytes=sum(sizes) / 1e6,
    )


def main(argv: Sequence[str]) -> int:
    """Install on every Python; give the exit status."""
    parser = OptionParser(prog="check_installation.py", description=__doc__.split("\n")[0])
    parser.add_argument("--json", type=Path, help="File for the figures.")
    parser.add_argument(
        "--pythons", type=Path, nargs="+", help="Interpreters; by default those on the path."
    )
    words = parser.parse_args(list(argv))
    pythons = words.pythons or find_pythons()
    for python in pythons:
        if _version(python) is None:
            raise GenreError(f"pythons={python} must be a Python with venv and ensurepip")
    if not pythons:
        raise GenreError("pythons=none must be one of Python 3.11 to 3.14; name them by --pythons")
    print(f"{'python':10}{'what':8}{'seconds':>9}{'packages':>10}{'MB':>7}", flush=True)
    done = []
    for python in pythons:
        for job in (as_a_wheel, without_extras, in_a_clone):
            with tempfile.TemporaryDirectory(prefix="genre-installed-") as folder:
                result = job(python, Path(folder))
            done.append(asdict(result))
            print(
                f"{result.python:10}{result.what:8}{result.seconds:9.0f}{result.n_packages:10}"
                f"{result.megabytes:7.0f}",
                flush=True,
            )
    if words.json is not None:
        command = " ".join(["scripts/check_installation.py", *argv])
        figures = {"command": command, "installations": done}
        write_text(words.json, json.dumps(figures, indent=1) + "\n")
        print(f"figures: {words.json}")
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except GenreError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(1) from error
