"""Results of other data, splits or options: moved out of the way, never mixed in, never lost."""

import json
import logging
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from genre.dataset.corpus import Corpus
from genre.dataset.splits import Split, recut
from genre.experiment import RECORD_NAME, Run
from genre.grid.configurations import GridConfig, configuration_names

logger = logging.getLogger(__name__)

OUTDATED = "outdated"
SEED = re.compile(r"seed(\d+)")
FOLD = re.compile(r"fold(\d+)")


def retire(config: GridConfig, corpus: Corpus, splits: Sequence[Split]) -> None:
    """Move every result that the grid, at any number of seeds, would not make again.

    Parameters
    ----------
    config : GridConfig
        What the grid is asked for.
    corpus : Corpus
        What it would learn from.
    splits : sequence of Split
        One, or one per fold.
    """
    planned = {split.fold: split for split in splits}
    for name, seed, fold, folder in sorted(found_runs(config.folder), key=str):
        identity = _recorded_identity(folder)
        if fold in planned:
            run = Run(config_name=name, config=config.run_config(name), seed=seed, folder=folder)
            cut = recut(corpus.tracks, corpus.vocabulary, planned[fold], seed=seed)
            if identity is None or identity == run.identity(corpus, cut):
                continue
        _move(folder, config.folder, identity or "unfinished")


def found_runs(experiment: Path) -> Iterator[tuple[str, int, int | None, Path]]:
    """Find the runs on disk, as (configuration, seed, fold, folder)."""
    for name in configuration_names():
        for seed_folder in (experiment / name).glob("seed*"):
            seed = SEED.fullmatch(seed_folder.name)
            if seed is None:
                continue
            for fold_folder in seed_folder.glob("fold*"):
                if fold := FOLD.fullmatch(fold_folder.name):
                    yield name, int(seed[1]), int(fold[1]), fold_folder
            if any(not FOLD.fullmatch(path.name) for path in seed_folder.iterdir()):
                yield name, int(seed[1]), None, seed_folder


def _recorded_identity(folder: Path) -> str | None:
    try:
        record = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    identity = record.get("identity") if isinstance(record, dict) else None
    return identity if isinstance(identity, str) else None


def _move(folder: Path, experiment: Path, identity: str) -> None:
    target = experiment / OUTDATED / identity / folder.relative_to(experiment)
    logger.warning("%s is of other data or options: moved to %s", folder, target)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in folder.iterdir():
        # The folds of a run are runs of their own.
        if not FOLD.fullmatch(path.name):
            path.rename(target / path.name)
    if not any(folder.iterdir()):
        folder.rmdir()
