"""The runs of an experiment's folder, checked that they can be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from genre.errors import GenreError
from genre.evaluation.inputs.folder import ExperimentFolder
from genre.evaluation.inputs.pooling import PooledRun, pool_folds
from genre.evaluation.inputs.records import Description, RunRecord
from genre.evaluation.inputs.run_folder import RunFolder, RunPlace
from genre.evaluation.scores import load_scores
from genre.tasks import Task

NO_ARTISTS = (
    "No artists are known, so tracks are resampled one by one. Where artists have several tracks "
    "each, intervals are too narrow and p-values too small: in simulation (results/LOG.md) a test "
    "at 5 % was wrong about twice as often. Name the artists."
)


@dataclass(frozen=True, kw_only=True)
class RecordedRun:
    """One finished training.

    Parameters
    ----------
    place : RunPlace
        Which one.
    folder : RunFolder
        Where its files are.
    record : RunRecord
        What it says of itself.
    """

    place: RunPlace
    folder: RunFolder
    record: RunRecord


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """All that is known of an experiment.

    Parameters
    ----------
    folder : Path
        Where it lies.
    runs : dict of configuration name to dict of seed to PooledRun
        The finished runs; all have the same tracks, genres and truth.
    unfinished : tuple of str
        Runs that were planned or started and are not finished, such as ``name/seed1``.
    description : Description
        The content of experiment.json, empty where there is none.
    baselines : mapping of str to PooledRun
        What needs no network, by its name on disk: see `genre.evaluation.inputs.folder.BASELINES`.
    unit : str
        What is resampled: artist, or track where no artists are known.
    has_decisions : bool
        Whether there were thresholds; without them only threshold-free metrics mean anything.
    notes : tuple of str
        What the report should caution of besides.
    records : tuple of RecordedRun
        What each finished training says of itself; none where only scores are known.
    """

    folder: Path
    runs: dict[str, dict[int, PooledRun]]
    unfinished: tuple[str, ...] = ()
    description: Description = field(default_factory=Description)
    baselines: Mapping[str, PooledRun] = field(default_factory=dict)
    unit: str = "artist"
    has_decisions: bool = True
    notes: tuple[str, ...] = ()
    records: tuple[RecordedRun, ...] = ()

    @property
    def any_run(self) -> PooledRun:
        """The first run, for what all share: track_id, artist, y_true, genres and windows."""
        return next(iter(next(iter(self.runs.values())).values()))

    @property
    def task(self) -> Task:
        """Which question all runs answer."""
        return self.any_run.task

    def called(self, genre: str) -> str:
        """Return how a genre is written for people.

        Parameters
        ----------
        genre : str
            Of the vocabulary.
        """
        return self.description.display_names.get(genre, genre)

    @property
    def alike_in_windows(self) -> tuple[str, ...]:
        """The configurations whose windows are the same, so that these can be compared.

        Frozen networks cut windows of their own. Of several groups it is the largest, and of equal
        ones the first.
        """
        groups: dict[bytes, list[str]] = {}
        for name, by_seed in self.runs.items():
            windows = next(iter(by_seed.values())).window_track
            groups.setdefault(windows.tobytes(), []).append(name)
        largest = max(len(names) for names in groups.values())
        return tuple(next(names for names in groups.values() if len(names) == largest))

    @property
    def settings(self) -> dict[str, Mapping[str, Any]]:
        """The options of each configuration, where a record says them."""
        return {
            recorded.place.configuration: recorded.record.config
            for recorded in reversed(self.records)
            if recorded.record.config
        }


def load_experiment(folder: Path) -> Experiment:
    """Read the finished runs of an experiment.

    Parameters
    ----------
    folder : Path
        The experiment, such as ``results/demo``.

    Raises
    ------
    GenreError
        When the folder is absent, holds no finished run, holds a broken file, or its runs were
        tested on different tracks.
    """
    if not folder.is_dir():
        raise GenreError(f"folder={folder} must be the folder of an experiment; it does not exist")
    places = ExperimentFolder(folder)
    description = places.read_description()
    runs, unfinished, records = _load_runs(places, description)
    if not runs:
        raise GenreError(
            f"folder={folder} must hold at least one finished run, <configuration>/seed<k>; "
            f"unfinished: {', '.join(unfinished) or 'none'}; train first"
        )
    named = {f"{name}/seed{seed}": run for name, by in runs.items() for seed, run in by.items()}
    _check_alike(folder, named, windows=False)
    for name, by in runs.items():  # configurations may cut windows in ways of their own
        _check_alike(folder, {f"{name}/seed{seed}": by[seed] for seed in by}, windows=True)
    first_name, first = next(iter(named.items()))
    baselines = _load_baselines(places, description)
    if any(len(run.track_id) < len(first.track_id) for run in baselines.values()):
        # Some of their folds are still to be fitted.
        unfinished, baselines = (*unfinished, places.baselines.path.name), {}
    for run in baselines.values():
        _check_alike(folder, {first_name: first, places.baselines.path.name: run}, windows=False)
    unit, notes = _unit(first)
    return Experiment(
        folder=folder,
        runs=runs,
        unfinished=unfinished,
        description=description,
        baselines=baselines,
        unit=unit,
        notes=notes,
        records=records,
    )


def _unit(run: PooledRun) -> tuple[str, tuple[str, ...]]:
    """Find what is resampled, and cautions: a track without a known artist is its own."""
    unknown = int(np.count_nonzero(run.artist == run.track_id))
    if unknown == len(run.track_id):
        return "track", (NO_ARTISTS,)
    if not unknown:
        return "artist", ()
    note = (
        f"{unknown} of {len(run.track_id)} test tracks have no known artist and count as artists "
        "of their own. Where they share artists, intervals are too narrow and p-values too small."
    )
    return "artist", (note,)


def _load_runs(
    folder: ExperimentFolder, description: Description
) -> tuple[dict[str, dict[int, PooledRun]], tuple[str, ...], tuple[RecordedRun, ...]]:
    runs: dict[str, dict[int, PooledRun]] = {}
    unfinished: list[str] = []
    records: list[RecordedRun] = []
    planned = {(name, seed) for name in description.configs for seed in description.seeds}
    found = {(place.configuration, place.seed) for place in folder.runs()}
    for name, seed in sorted(planned | found):
        whole = RunPlace(configuration=name, seed=seed)
        parts = [
            RunPlace(configuration=name, seed=seed, fold=fold)
            for fold in _folds(folder.run(whole), description)
        ]
        recorded = [_recorded(folder, part) for part in parts]
        if all(part.record.finished for part in recorded):
            scores = [load_scores(part.folder.scores) for part in recorded]
            runs.setdefault(name, {})[seed] = pool_folds(scores, name=str(folder.run(whole).path))
            records += recorded
        else:
            unfinished.append(whole.name)
    return runs, tuple(unfinished), tuple(records)


def _recorded(folder: ExperimentFolder, place: RunPlace) -> RecordedRun:
    run = folder.run(place)
    return RecordedRun(place=place, folder=run, record=run.read_record() or RunRecord())


def _folds(run: RunFolder, description: Description) -> Sequence[int | None]:
    """List the folds that must hold scores; None alone is the run's own folder.

    What the experiment says of itself decides; folders of another division may lie beside.
    """
    if not description.splits:
        return run.folds() or [None]
    return sorted(split.fold for split in description.splits if split.fold is not None) or [None]


def _load_baselines(folder: ExperimentFolder, description: Description) -> dict[str, PooledRun]:
    baselines = {}
    for name in folder.baselines.names():
        own = folder.baselines.of(name)
        files = [own.of_fold(fold).scores for fold in _folds(own, description)]
        known = [load_scores(path) for path in files if path.is_file()]
        if known:
            baselines[name] = pool_folds(known, name=str(own.path))
    return baselines


def _check_alike(folder: Path, runs: Mapping[str, PooledRun], *, windows: bool) -> None:
    first_name, first = next(iter(runs.items()))
    shared = ("task", "genres", "track_id", "artist", "y_true") + ("window_track",) * windows
    for name, run in runs.items():
        for what in shared:
            if not np.array_equal(getattr(run, what), getattr(first, what)):
                raise GenreError(
                    f"{folder}: {name} and {first_name} must have the same {what} to be compared; "
                    "train them again on the same data and split, or move one of them away"
                )
