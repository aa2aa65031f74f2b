"""Compare anybody's models from tables of scores on disk; see `tables`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genre.errors import GenreError
from genre.evaluation.calibration import fit_scaling, logit
from genre.evaluation.exclusive_scaling import fit_temperature, heated
from genre.evaluation.inputs.arrays import experiment_of_arrays
from genre.evaluation.inputs.experiment import Experiment
from genre.evaluation.inputs.pooling import PooledRun
from genre.evaluation.inputs.tables import ScoreTable, read_table
from genre.evaluation.metrics.choice import Choice, choice
from genre.evaluation.thresholds import fit_thresholds
from genre.tasks import Task

SEED_NAME = re.compile(r"(.+)@(\d+)")


@dataclass(frozen=True, kw_only=True)
class ScoreFiles:
    """Which files are compared.

    Parameters
    ----------
    truth : Path
        Tracks, artists and their genres.
    scores : tuple of Path
        One per model, ``model.csv``, or per model and seed, ``model@0.csv``.
    threshold : float or None
        One threshold for all, in [0, 1].
    validation_truth : Path or None
        Genres of the validation tracks.
    validation : tuple of Path
        Scores of the validation tracks, file by file in the order of `scores`.
    """

    truth: Path
    scores: tuple[Path, ...]
    threshold: float | None = None
    validation_truth: Path | None = None
    validation: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if not self.scores:
            raise GenreError("scores must name at least one file beside truth")
        if (self.validation_truth is None) != (not self.validation):
            raise GenreError("validation_truth and validation must be given together")
        if self.validation and self.threshold is not None:
            raise GenreError(
                "threshold and validation must not be given together: validation fits thresholds"
            )
        if self.validation and len(self.validation) != len(self.scores):
            raise GenreError(
                f"validation must name a file for each of the {len(self.scores)} files of scores, "
                f"in their order; it names {len(self.validation)}"
            )


def load_score_files(files: ScoreFiles, *, folder: Path) -> Experiment:
    """Read and check every table; calibrate and fit thresholds where validation is there.

    Parameters
    ----------
    files : ScoreFiles
        What to read.
    folder : Path
        Where the comparison will be written.

    Raises
    ------
    GenreError
        When a file is unfit; the message names it, the line and the column.
    """
    truth = read_table(files.truth, is_truth=True)
    groups = _by_model(files.scores)
    tables = [read_table(path) for path in files.scores]
    if truth.is_exclusive:
        truth = truth.with_columns(tables[0])
    task: Task = "exclusive" if truth.is_exclusive else "multilabel"
    notes = _order_notes(truth, tables)
    tables = [table.in_order_of(truth) for table in tables]
    scores = [table.values for table in tables]
    fitted = None
    if files.validation_truth is not None:
        fitted = _fit(files.validation_truth, files.validation, truth)
        scores = [one.scaled(values) for one, values in zip(fitted.models, scores, strict=True)]
    experiment = experiment_of_arrays(
        truth.values,
        {name: np.stack([scores[i] for i in by.values()]) for name, by in groups.items()},
        artist=_artists(truth, tables),
        genres=truth.genres,
        thresholds=files.threshold if fitted is None else fitted.thresholds(groups),
        seeds={name: list(by_seed) for name, by_seed in groups.items()},
        track_id=truth.track_id,
        prior=None if fitted is None else fitted.prior,
        notes=notes,
        folder=folder,
        task=task,
    )
    if fitted is None:
        return experiment
    runs = {
        name: {
            seed: fitted.models[index].told(experiment.runs[name][seed], tables[index].values)
            for seed, index in by_seed.items()
        }
        for name, by_seed in groups.items()
    }
    return replace(experiment, runs=runs)


@dataclass(frozen=True, kw_only=True)
class _FittedModel:
    """What validation tracks say of one file of scores."""

    scaled: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    temperature: float
    bias: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    val_choice: Choice

    def told(self, run: PooledRun, uncalibrated: NDArray[np.float64]) -> PooledRun:
        """Make a run know where its scores come from: uncalibrated ones, and what was fitted."""
        return replace(
            run,
            val_choice=self.val_choice,
            temperatures=(self.temperature,),
            biases=self.bias[np.newaxis],
            uncalibrated=uncalibrated,
        )


@dataclass(frozen=True, kw_only=True)
class _Fitted:
    """What validation tracks say of all files, and how often they have each genre."""

    models: list[_FittedModel]
    prior: NDArray[np.float64]

    def thresholds(self, groups: Mapping[str, Mapping[int, int]]) -> dict[str, ArrayLike]:
        """Stack the thresholds of each model, a row per seed."""
        return {
            name: np.stack([self.models[index].thresholds for index in by_seed.values()])
            for name, by_seed in groups.items()
        }


def _fit(validation_truth: Path, validation: Sequence[Path], test: ScoreTable) -> _Fitted:
    truth = read_table(validation_truth, is_truth=True)
    if truth.is_exclusive != test.is_exclusive:
        raise GenreError(f"{truth.path} must name genres as {test.path} does")
    if truth.is_exclusive:
        truth = truth.with_columns(test)
    if sorted(truth.genres) != sorted(test.genres):
        raise GenreError(f"{truth.path} must have the genre columns of {test.path}")
    columns = [truth.genres.index(genre) for genre in test.genres]
    shared = sorted(set(truth.track_id) & set(test.track_id))
    if shared:
        raise GenreError(
            f"{truth.path} must have no track of {test.path}: {len(shared)} are in both, such as "
            f"{str(shared[0])!r}; thresholds fitted on test tracks flatter"
        )
    y_true = truth.values[:, columns] > 0
    scores = [read_table(path).in_order_of(truth).values[:, columns] for path in validation]
    fit_one = _fit_shares if test.is_exclusive else _fit_model
    return _Fitted(models=[fit_one(y_true, one) for one in scores], prior=y_true.mean(axis=0))


def _fit_model(y_true: NDArray[np.bool_], y_score: NDArray[np.float64]) -> _FittedModel:
    scaling = fit_scaling(y_true, logit(y_score))
    return _FittedModel(
        scaled=lambda values: scaling.scores(logit(values)),
        temperature=scaling.temperature,
        bias=scaling.bias,
        thresholds=fit_thresholds(y_true, scaling.scores(logit(y_score))).values,
        val_choice=choice(y_true, y_score, task="multilabel"),
    )


def _fit_shares(y_true: NDArray[np.bool_], y_score: NDArray[np.float64]) -> _FittedModel:
    """Do the same for exclusive genres: one temperature, and always the best."""
    temperature = fit_temperature(y_true, y_score)
    return _FittedModel(
        scaled=partial(heated, temperature=temperature),
        temperature=temperature,
        bias=np.zeros(y_true.shape[1]),
        thresholds=np.zeros(y_true.shape[1]),
        val_choice=choice(y_true, y_score, task="exclusive"),
    )


def _by_model(paths: Sequence[Path]) -> dict[str, dict[int, int]]:
    """Sort files by model and seed: ``model@3.csv`` is seed 3 of model; values are positions."""
    named: dict[tuple[str, int], int] = {}
    for index, path in enumerate(paths):
        match = SEED_NAME.fullmatch(path.stem)
        key = (match[1], int(match[2])) if match else (path.stem, 0)
        if key in named:
            raise GenreError(
                f"{path} and {paths[named[key]]} are both model {key[0]!r}, seed {key[1]}; names "
                f"must differ: {key[0]}@0.csv and {key[0]}@1.csv for two seeds of one model"
            )
        named[key] = index
    groups: dict[str, dict[int, int]] = {}
    for name, seed in sorted(named):
        groups.setdefault(name, {})[seed] = named[name, seed]
    return groups


def _artists(truth: ScoreTable, tables: Sequence[ScoreTable]) -> NDArray[np.str_] | None:
    """Take the artists of the truth, else of the first table that has them; all must agree."""
    found = [table for table in (truth, *tables) if table.artist is not None]
    for table in found[1:]:
        differs = np.flatnonzero(table.artist != found[0].artist)
        if len(differs):
            raise GenreError(
                f"{table.path}, column artist: track {str(truth.track_id[differs[0]])!r} must have "
                f"the artist that it has in {found[0].path}"
            )
    return found[0].artist if found else None


def _order_notes(truth: ScoreTable, tables: Sequence[ScoreTable]) -> list[str]:
    return [
        f"{table.path.name} has its genres in another order; they were matched by name."
        for table in tables
        if table.genres != truth.genres and sorted(table.genres) == sorted(truth.genres)
    ]
