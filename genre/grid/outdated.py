"""Results of other data, splits or options: moved out of the way, never mixed in, never lost."""

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

from genre.backbones.shelf import missing_on
from genre.dataset.corpus import Corpus
from genre.dataset.splits import Split, recut
from genre.errors import GenreError
from genre.evaluation.inputs import ExperimentFolder, RunFolder, RunPlace, RunRecord
from genre.evaluation.inputs.run_folder import FOLD_FOLDER
from genre.experiment import Run
from genre.grid.configurations import GridConfig
from genre.grid.frozen import backbone_of, is_known
from genre.grid.names import configuration_names

logger = logging.getLogger(__name__)


def retire(config: GridConfig, corpus: Corpus, splits: Sequence[Split]) -> None:
    """Move every result that the grid, at any number of seeds, would not make again.

    Parameters
    ----------
    config : GridConfig
        What would be trained now.
    corpus : Corpus
        The tracks it would be trained on.
    splits : sequence of Split
        One, or one per fold.
    """
    _tell_of_the_homeless(config)
    planned = {split.fold: split for split in splits}
    folder = ExperimentFolder(config.folder)
    for place, run in found_runs(config):
        identity = _recorded_identity(run.files)
        if place.fold in planned:
            cut = recut(corpus.tracks, corpus.vocabulary, planned[place.fold], seed=place.seed)
            if not identity or identity == run.identity(corpus, cut):
                continue
        _move(run.folder, folder.outdated(place, identity or "unfinished").path)


def found_runs(config: GridConfig) -> list[tuple[RunPlace, Run]]:
    """Find the runs on disk that are of a grid's configurations, whatever their options were.

    Parameters
    ----------
    config : GridConfig
        Where they are, and what its options make of each name.

    Returns
    -------
    list of (RunPlace, Run)
        Which run each is, and what the grid would train there.
    """
    folder = ExperimentFolder(config.folder)
    known = configuration_names()
    places = sorted(folder.runs(), key=lambda place: place.name)
    return [
        (
            place,
            Run(
                config_name=place.configuration,
                config=config.run_config(place.configuration),
                seed=place.seed,
                folder=folder.run(place).path,
            ),
        )
        for place in places
        if place.configuration in known or is_known(place.configuration, config.backbones)
    ]


def _tell_of_the_homeless(config: GridConfig) -> None:
    """Warn of runs that stand on a network that is gone: they stay, and are not chosen from."""
    names = {place.configuration for place in ExperimentFolder(config.folder).runs()}
    for name in sorted(names):
        for missing in missing_on(config.backbones, backbone_of(name)):
            logger.warning(
                "%s cannot win: %s has no %s any more; genre backbone add %s brings it back",
                *(name, config.backbones, missing, missing),
            )


def _recorded_identity(files: RunFolder) -> str:
    """Look up what the record says; nothing where there is none, or it is broken."""
    try:
        return (files.read_record() or RunRecord()).identity
    except GenreError:
        return ""


def _move(folder: Path, target: Path) -> None:
    logger.warning("%s is of other data or options: moved to %s", folder, target)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in folder.iterdir():
        # The folds of a run are runs of their own.
        if not FOLD_FOLDER.fullmatch(path.name):
            path.rename(target / path.name)
    if not any(folder.iterdir()):
        folder.rmdir()
