"""Train a model for the container, unless there is one."""

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from genre.cli import run_job
from genre.errors import BundleError
from genre.inference import load_bundle

VARIABLE, DEFAULT = "GENRE_BUNDLE", "results/best"
DESCRIPTION = """Use the bundle at ${variable} (by default {default}); where there is none,
train a grid and put its best model there. Where the data folder holds no tracks, the sample dataset
is made in {sample} and learned from."""


def run(argv: Sequence[str]) -> int:
    """Find or train the bundle; print where it is.

    Parameters
    ----------
    argv : sequence of str
        The words after the script's name.

    Returns
    -------
    int
        The exit status.
    """
    folder = Path(os.environ.get(VARIABLE) or DEFAULT)
    if folder.is_dir() and any(folder.iterdir()) and "--help" not in argv:
        check(folder)
        print(f"model: {folder} (it was there already)")
        return 0
    # Here and not above: torch, which is only there where something is to be trained.
    from genre.cli.train import parse_grid_config
    from genre.grid import GridConfig
    from genre.grid.train_if_needed import SAMPLE, train_if_needed

    config = parse_grid_config(
        argv,
        prog="train_if_needed.py",
        description=DESCRIPTION.format(variable=VARIABLE, default=DEFAULT, sample=SAMPLE),
        defaults=GridConfig(seeds=1),
    )
    print(train_if_needed(folder, config, command=shlex.join(["train_if_needed.py", *argv])))
    return 0


def check(folder: Path) -> None:
    """Make sure that a bundle can be used without torch, as the container does.

    Parameters
    ----------
    folder : Path
        The bundle's.

    Raises
    ------
    BundleError
        Where it cannot.
    """
    bundle = load_bundle(folder)
    try:
        bundle.network().wait()
    except BundleError as error:
        raise BundleError(f"{folder}: {error}") from error


if __name__ == "__main__":
    raise SystemExit(run_job(run, sys.argv[1:]))
