"""`scripts/train_if_needed.py`: a bundle for the container, trained only where there is none."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from genre.cli.train import parse_grid_config
from genre.grid import GridConfig
from genre.grid.train_if_needed import SAMPLE, train_if_needed

VARIABLE, DEFAULT = "GENRE_BUNDLE", "results/best"
DESCRIPTION = f"""Use the bundle at ${VARIABLE} (by default {DEFAULT}); where there is none,
train a grid and put its best model there. Where the data folder holds no tracks, the sample dataset
is made in {SAMPLE} and learned from."""


def run(argv: Sequence[str]) -> int:
    """Find or train the bundle; print where it is.

    Parameters
    ----------
    argv : sequence of str

    Returns
    -------
    int
        The exit status.
    """
    config = parse_grid_config(
        argv, prog="train_if_needed.py", description=DESCRIPTION, defaults=GridConfig(seeds=1)
    )
    folder = Path(os.environ.get(VARIABLE) or DEFAULT)
    print(train_if_needed(folder, config, command=shlex.join(["train_if_needed.py", *argv])))
    return 0
