"""Train every run of a grid once, keep what is finished, and choose the winner on validation."""

import logging
import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch

from genre.atomic import replace_folder
from genre.config import to_mapping
from genre.dataset.corpus import Corpus
from genre.dataset.music import Music
from genre.dataset.places import refuse_inside
from genre.dataset.splits import Split, recut
from genre.evaluation.inputs import (
    ExperimentFolder,
    RecordedRun,
    RunPlace,
)
from genre.evaluation.metrics.choice import CHOSEN_BY, Choice, mean_choice
from genre.execution.clusters import NO_CLUSTER
from genre.execution.shards import Shard
from genre.experiment import Run
from genre.grid.baselines import write_baselines
from genre.grid.budget import within_hours
from genre.grid.configurations import GridConfig
from genre.grid.describing import path_of, write_description
from genre.grid.frozen import folder_of, invitation
from genre.grid.names import STANDARD
from genre.grid.on_cluster import device_of, train_on_cluster
from genre.grid.outdated import found_runs, retire
from genre.grid.preparation import Prepared, prepare
from genre.grid.rehearsal import rehearse
from genre.grid.side_by_side import name_of, train_runs
from genre.grid.tracking import check_tracker, start_tracking
from genre.tasks import Task

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class GridSummary:
    """What a grid did.

    Parameters
    ----------
    folder : Path
        The experiment's folder.
    n_trained, n_kept, n_left : int
        Runs trained now, finished ones found, and those that are left to other parts of the grid.
    best : str
        The winner's run, relative to the folder; empty while any run is left.
    best_value : float or None
        What it was chosen by: its macro average precision on the validation tracks, or of exclusive
        genres the accuracy; None where undefined.
    """

    folder: Path
    n_trained: int
    n_kept: int
    n_left: int = 0
    best: str = ""
    best_value: float | None = None


def run_grid(
    config: GridConfig,
    *,
    command: str = "",
    music: Music | None = None,
    progress: bool = True,
) -> GridSummary:
    """Train what is not finished yet and choose the winner.

    Parameters
    ----------
    config : GridConfig
        What to train, and on what.
    command : str
        What the user called, for the records.
    music : Music, optional
        The data folder, where it has been read and decoded already.
    progress : bool
        Whether to draw bars on the terminal.

    Returns
    -------
    GridSummary

    Raises
    ------
    GenreError
        On anything the user can mend; finished runs are kept.
    """
    refuse_inside([config.data], out=config.folder, cache=config.cache)
    device = device_of(config)
    check_tracker(config.tracker)
    _invite(config)
    rehearse(config)
    prepared = prepare(config, device=device, music=music, progress=progress)
    config = within_hours(config, prepared, device=device)
    runs = expand(config, prepared.corpus, prepared.splits, command=command)
    retire(config, prepared.corpus, prepared.splits)
    write_description(config, prepared, command=command)
    open_jobs = [job for job in runs if job[0].record() is None]
    shard = Shard.parse(config.shard)
    jobs = [job for job in open_jobs if shard.holds(_name_of(job[0], config))]
    _train(config, prepared, jobs, device=device, n_runs=len(runs), progress=progress)
    n_left = sum(job[0].record() is None for job in open_jobs) if shard.count > 1 else 0
    done = GridSummary(
        folder=config.folder,
        n_trained=len(jobs),
        n_kept=len(runs) - len(open_jobs),
        n_left=n_left,
    )
    return done if n_left else _finish(config, prepared, done, command=command, progress=progress)


def _finish(
    config: GridConfig, prepared: Prepared, done: GridSummary, *, command: str, progress: bool
) -> GridSummary:
    """Choose the winner, once all runs are there: only now are test parts looked at."""
    fitted = write_baselines(
        config, prepared.corpus, prepared.splits, command=command, progress=progress
    )
    best = _choose([*_finished(config, prepared.splits), *fitted], config.task)
    replace_folder(
        ExperimentFolder(config.folder).best,
        lambda target: _copy_files(best.folder.bundle, target),
    )
    write_description(config, prepared, command=command, winner=best)
    value = best.record.metric("val", CHOSEN_BY[config.task])
    return replace(done, best=path_of(best, config.folder), best_value=value)


def _train(
    config: GridConfig,
    prepared: Prepared,
    jobs: Sequence[tuple[Run, Split]],
    *,
    device: torch.device,
    n_runs: int,
    progress: bool,
) -> None:
    here = partial(train_runs, n_at_a_time=prepared.n_at_a_time)
    there = partial(train_on_cluster, config=config, n_runs=n_runs)
    train = here if config.execution.cluster == NO_CLUSTER else there
    options = {name_of(job): _options(job[0]) for job in jobs}
    train(
        jobs,
        prepared.corpus,
        device=device,
        in_memory=prepared.in_memory,
        progress=progress,
        tracking=start_tracking(config.tracker, config.folder, options),
    )


def _options(run: Run) -> dict[str, object]:
    """List what a run is trained with, for a tracker."""
    told: dict[str, object] = {"configuration": run.config_name, "seed": run.seed}
    told["recipe"] = run.recipe
    for key, value in to_mapping(run.config).items():
        nested = value if isinstance(value, dict) else {}
        told |= {f"{key}.{inner}": each for inner, each in nested.items()} or {key: value}
    return told


def _name_of(run: Run, config: GridConfig) -> str:
    return run.folder.relative_to(config.folder).as_posix()


def _invite(config: GridConfig) -> None:
    if config.configs != STANDARD[config.task]:
        return
    if words := invitation(config.backbones, task=config.task):
        logger.info("%s", words)


def expand(
    config: GridConfig, corpus: Corpus, splits: Sequence[Split], *, command: str = ""
) -> list[tuple[Run, Split]]:
    """List the runs of a grid: for every seed, every configuration on every fold.

    Seed by seed, so that an interrupted grid has whole comparisons as early as possible. A seed
    has its own cut between training and validation, the same for all configurations.
    """
    runs = []
    for seed in range(config.seeds):
        cuts = [recut(corpus.tracks, corpus.vocabulary, split, seed=seed) for split in splits]
        for name in config.configs:
            for split in cuts:
                place = RunPlace(configuration=name, seed=seed, fold=split.fold)
                run = Run(
                    config_name=name,
                    config=config.run_config(name),
                    seed=seed,
                    folder=ExperimentFolder(config.folder).run(place).path,
                    command=command,
                    recipe=config.recipe,
                    backbone=folder_of(name, config.backbones),
                )
                runs.append((run, split))
    return runs


def _finished(config: GridConfig, splits: Sequence[Split]) -> list[RecordedRun]:
    """Read every finished run of these data and options, whichever call trained it."""
    folds = {split.fold for split in splits}
    found = []
    for place, run in found_runs(config):
        if place.fold in folds and (record := run.record()) is not None:
            found.append(RecordedRun(place=place, folder=run.files, record=record))
    return found


def _choose(records: Sequence[RecordedRun], task: Task) -> RecordedRun:
    """Take the configuration with the best mean on validation tracks, and its best run.

    Logistic regression is one of them, and of equals the last. Every seed and fold has a validation
    part of its own: the best of all runs may merely have had the easiest. The test part has no say.
    """
    values: defaultdict[str, list[Choice]] = defaultdict(list)
    for record in records:
        values[record.place.configuration].append(_measured(record, task))
    best = max(values, key=lambda name: mean_choice(values[name]))
    return max(
        (record for record in records if record.place.configuration == best),
        key=lambda record: _measured(record, task),
    )


def _measured(run: RecordedRun, task: Task) -> Choice:
    """Read what `genre.evaluation.metrics.choice` measured; 0 for what is undefined."""
    first = run.record.metric("val", CHOSEN_BY[task]) or 0.0
    return (
        (first,) if task == "multilabel" else (first, -(run.record.metric("val", "log_loss") or 0))
    )


def _copy_files(source: Path, target: Path) -> None:
    for file in source.iterdir():
        shutil.copy2(file, target / file.name)
