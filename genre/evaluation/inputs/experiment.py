"""Find the runs of an experiment folder and check that they can be compared."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genre.errors import GenreError
from genre.evaluation.inputs.pooling import PooledRun, pool_folds
from genre.evaluation.inputs.records import RunRecord
from genre.evaluation.scores import load_scores

BASELINES = "baselines"
SVM = "svm"
NOT_RUNS = frozenset({BASELINES, "best", "pictures"})
NO_ARTISTS = (
    "No artists are known, so tracks are resampled one by one. Where artists have several tracks "
    "each, intervals are too narrow and p-values too small: in simulation (results/LOG.md) a test "
    "at 5 % was wrong about twice as often. Name the artists."
)
SEED_FOLDER = re.compile(r"seed(\d+)")
FOLD_FOLDER = re.compile(r"fold(\d+)")


@dataclass(frozen=True)
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
    description : mapping of str to plain value
        The content of experiment.json, empty where there is none.
    logistic : PooledRun or None
        The logistic regression on the bands' mean and deviation, where it was fitted.
    svm : PooledRun or None
        The support vector machine on librosa's summary statistics, where it was fitted.
    unit : str
        What is resampled: artist, or track where no artists are known.
    has_decisions : bool
        Whether there were thresholds; without them only threshold-free metrics mean anything.
    notes : tuple of str
        What the report should caution of besides.
    records : tuple of RunRecord
        What each finished training says of itself; none where only scores are known.
    """

    folder: Path
    runs: dict[str, dict[int, PooledRun]]
    unfinished: tuple[str, ...]
    description: Mapping[str, Any]
    logistic: PooledRun | None
    svm: PooledRun | None = None
    unit: str = "artist"
    has_decisions: bool = True
    notes: tuple[str, ...] = ()
    records: tuple[RunRecord, ...] = ()

    @property
    def reference(self) -> PooledRun:
        """Any run: all share track_id, artist, y_true and genres."""
        return next(iter(next(iter(self.runs.values())).values()))


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
    description = _read_json(folder / "experiment.json") or {}
    runs, unfinished, records = _load_runs(folder, description)
    if not runs:
        raise GenreError(
            f"folder={folder} must hold at least one finished run, <configuration>/seed<k>; "
            f"unfinished: {', '.join(unfinished) or 'none'}; train first"
        )
    named = {f"{name}/seed{seed}": run for name, by in runs.items() for seed, run in by.items()}
    _check_alike(folder, named, windows=True)
    paths = (folder / BASELINES, folder / BASELINES / SVM)
    logistic, svm = (_load_baseline(path, description) for path in paths)
    first = next(iter(named))
    for baseline in (logistic, svm):
        if baseline is None:
            continue
        if len(baseline.track_id) < len(named[first].track_id):
            # Some of its folds are still to be fitted.
            unfinished, logistic, svm = (*unfinished, BASELINES), None, None
            break
        _check_alike(folder, {first: named[first], BASELINES: baseline}, windows=False)
    unit, notes = _unit(named[first])
    return Experiment(
        folder, runs, unfinished, description, logistic, svm, unit, notes=notes, records=records
    )


def _unit(run: PooledRun) -> tuple[str, tuple[str, ...]]:
    """Say what resampling artists means here: a track without a known artist is its own."""
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
    folder: Path, description: Mapping[str, Any]
) -> tuple[dict[str, dict[int, PooledRun]], tuple[str, ...], tuple[RunRecord, ...]]:
    runs: dict[str, dict[int, PooledRun]] = {}
    unfinished: list[str] = []
    records: list[RunRecord] = []
    for name, seed in sorted(_planned(description) | set(_found(folder))):
        run_folder = folder / name / f"seed{seed}"
        parts = [_record(folder, part) for part in _fold_folders(run_folder, description)]
        if all(part.content.get("finished") is True for part in parts):
            scores = [load_scores(part.folder / "scores.npz") for part in parts]
            runs.setdefault(name, {})[seed] = pool_folds(scores, name=str(run_folder))
            records += parts
        else:
            unfinished.append(f"{name}/seed{seed}")
    return runs, tuple(unfinished), tuple(records)


def _planned(description: Mapping[str, Any]) -> set[tuple[str, int]]:
    configs, seeds = description.get("configs") or [], description.get("seeds") or []
    return {(str(name), int(seed)) for name in configs for seed in seeds}


def _found(folder: Path) -> Iterator[tuple[str, int]]:
    for run_folder in folder.glob("*/seed*"):
        match = SEED_FOLDER.fullmatch(run_folder.name)
        if match and run_folder.is_dir() and run_folder.parent.name not in NOT_RUNS:
            yield run_folder.parent.name, int(match[1])


def _fold_folders(run_folder: Path, description: Mapping[str, Any]) -> list[Path]:
    """Give the folders that must hold scores: those of the folds, or the run's own.

    What the experiment says of itself decides; folders of another division may lie beside.
    """
    if splits := description.get("splits"):
        folds = [split.get("fold") for split in splits]
        return sorted(run_folder / f"fold{fold}" for fold in folds if fold is not None) or [
            run_folder
        ]
    found = (path for path in run_folder.glob("fold*") if FOLD_FOLDER.fullmatch(path.name))
    return sorted(found) or [run_folder]


def _record(experiment: Path, folder: Path) -> RunRecord:
    return RunRecord(
        name=folder.relative_to(experiment).as_posix(),
        folder=folder,
        content=_read_json(folder / "record.json") or {},
    )


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise GenreError(f"{path} must be JSON, but cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise GenreError(f"{path} must hold a JSON object")
    return content


def _load_baseline(folder: Path, description: Mapping[str, Any]) -> PooledRun | None:
    files = [part / "scores.npz" for part in _fold_folders(folder, description)]
    files = [path for path in files if path.is_file()]
    if not files:
        return None
    return pool_folds([load_scores(path) for path in files], name=str(folder))


def _check_alike(folder: Path, runs: Mapping[str, PooledRun], *, windows: bool) -> None:
    first_name, first = next(iter(runs.items()))
    fields = ("genres", "track_id", "artist", "y_true") + ("window_track",) * windows
    for name, run in runs.items():
        for field in fields:
            if not np.array_equal(getattr(run, field), getattr(first, field)):
                raise GenreError(
                    f"{folder}: {name} and {first_name} must have the same {field} to be compared; "
                    "train them again on the same data and split, or move one of them away"
                )
