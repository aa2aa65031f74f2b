"""Arrays in the form that comparisons take: no files, no training, no folder of an experiment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from genre.errors import GenreError
from genre.evaluation.inputs.experiment import NO_ARTISTS, Experiment
from genre.evaluation.inputs.pooling import PooledRun
from genre.evaluation.thresholds import decide
from genre.tasks import Task

NO_THRESHOLDS = (
    "No thresholds were given, so nothing is decided: only metrics of the order and the size of "
    "scores are reported (average precision, AUC, LRAP, top-1, Brier, ECE), no precision, recall "
    "or F1."
)
FIXED_THRESHOLD = (
    "One fixed threshold for all: F1 then mostly compares how models scale their scores. "
    "Thresholds fitted on validation tracks of each model compare what the models know."
)


def experiment_of_arrays(
    y_true: ArrayLike,
    y_scores: Mapping[str, ArrayLike],
    *,
    artist: Sequence[str] | NDArray[Any] | None = None,
    genres: Sequence[str] | None = None,
    thresholds: float | Mapping[str, ArrayLike] | None = None,
    seeds: Mapping[str, Sequence[int]] | None = None,
    track_id: Sequence[str] | NDArray[Any] | None = None,
    prior: NDArray[np.float64] | None = None,
    notes: Sequence[str] = (),
    folder: Path = Path("comparison"),
    task: Task = "multilabel",
) -> Experiment:
    """Put arrays into the form that `analyse` and the report take.

    Parameters
    ----------
    y_true, y_scores, artist, genres, thresholds, task
        As of `genre.evaluation.compare`; the others are what only files know.
    seeds : mapping of model to sequence of int, optional
        The number of each seed; by default they are counted.
    track_id : sequence of str, length n_tracks, optional
        The names of the tracks; by default their rows.
    prior : ndarray of shape (n_labels,), in [0, 1], optional
        The share of each genre, for the baselines; by default that of the test tracks.
    notes : sequence of str
        What the report should caution of.
    folder : Path
        Where the report goes.

    Raises
    ------
    GenreError
        When shapes do not fit or a value is out of range; the message names the argument.
    """
    truth = _checked_truth(y_true, task)
    like = replace(_template(truth, genres, artist, track_id, prior), task=task)
    if task == "exclusive" and thresholds is None:
        thresholds = {name: np.zeros(truth.shape[1]) for name in y_scores}  # the best, always
    if not y_scores:
        raise GenreError("y_scores must hold the scores of at least one model")
    runs: dict[str, dict[int, PooledRun]] = {}
    for name, values in y_scores.items():
        scores = _checked_scores(name, values, like.y_true.shape)
        cuts = _checked_thresholds(name, thresholds, len(scores), len(like.genres))
        runs[name] = _seeds_of(
            like,
            scores,
            cuts,
            numbers=range(len(scores)) if seeds is None else seeds[name],
        )
    return Experiment(
        folder=folder,
        runs=runs,
        unit="track" if artist is None else "artist",
        has_decisions=thresholds is not None,
        notes=(*notes, *_notes(artist is None, thresholds)),
    )


def _template(
    y_true: NDArray[np.bool_],
    genres: Sequence[str] | None,
    artist: Sequence[str] | NDArray[Any] | None,
    track_id: Sequence[str] | NDArray[Any] | None,
    prior: NDArray[np.float64] | None,
) -> PooledRun:
    """Make a run without answers: what all runs of a test set have in common."""
    n_tracks, n_labels = y_true.shape
    names = [f"genre {label}" for label in range(n_labels)] if genres is None else genres
    _check_length("genres", len(names), n_labels, "columns of y_true")
    tracks = [f"{row:09d}" for row in range(n_tracks)] if track_id is None else track_id
    by = tracks if artist is None else artist
    _check_length("artist", len(by), n_tracks, "rows of y_true")
    _check_names("artist", by)
    _check_names("track_id", tracks)
    nothing, shares = np.zeros(y_true.shape), y_true.mean(axis=0) if prior is None else prior
    return PooledRun(
        genres=tuple(str(name) for name in names),
        track_id=np.asarray(tracks).astype(np.str_),
        artist=np.asarray(by).astype(np.str_),
        y_true=y_true,
        y_score=nothing,
        decisions=nothing > 0,
        window_score=np.empty((0, n_labels)),
        window_track=np.empty(0, dtype=np.intp),
        thresholds=nothing,
        train_prior=np.broadcast_to(shares, y_true.shape),
        val_choice=(float("nan"),),
    )


def _seeds_of(
    like: PooledRun,
    scores: NDArray[np.float64],
    cuts: NDArray[np.float64],
    *,
    numbers: Sequence[int],
) -> dict[int, PooledRun]:
    """Make the runs of a model by seed, from scores (n_seeds, n_tracks, n_labels)."""
    return {
        seed: replace(
            like,
            y_score=one,
            decisions=decide(one, cut, task=like.task),
            thresholds=np.broadcast_to(cut, one.shape),
        )
        for seed, one, cut in zip(numbers, scores, cuts, strict=True)
    }


def _notes(
    without_artists: bool, thresholds: float | Mapping[str, ArrayLike] | None
) -> tuple[str, ...]:
    notes = (NO_ARTISTS,) if without_artists else ()
    if thresholds is None:
        return (*notes, NO_THRESHOLDS)
    return notes if isinstance(thresholds, Mapping) else (*notes, FIXED_THRESHOLD)


def _checked_truth(y_true: ArrayLike, task: Task) -> NDArray[np.bool_]:
    truth = np.asarray(y_true)
    if truth.ndim != 2 or 0 in truth.shape:
        raise GenreError(f"y_true of shape {truth.shape} must have at least one row and one label")
    if not bool(np.all((truth == 0) | (truth == 1))):
        raise GenreError("y_true must hold 0 and 1, or False and True, only")
    several = np.flatnonzero(truth.sum(axis=1) != 1)
    if task == "exclusive" and len(several):
        raise GenreError(
            f"y_true must have exactly one genre in each row for task=exclusive; row {several[0]} "
            f"has {int(truth[several[0]].sum())}"
        )
    return truth.astype(np.bool_)


def _check_length(name: str, found: int, wanted: int, of: str) -> None:
    if found != wanted:
        raise GenreError(f"{name} of length {found} must have one for each of the {wanted} {of}")


def _check_names(name: str, values: Sequence[str] | NDArray[Any]) -> None:
    rows = pd.Series(np.asarray(values, dtype=object))
    unnamed = np.flatnonzero(rows.isna() | (rows.astype(str).str.strip() == ""))
    if len(unnamed):
        raise GenreError(
            f"{name} must be named for every row: {len(unnamed)} have none, such as row "
            f"{unnamed[0]}; give rows of unknown {name} a name of their own"
        )


def _checked_scores(name: str, values: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.float64]:
    scores = np.asarray(values, dtype=np.float64)
    scores = scores[np.newaxis] if scores.ndim == 2 else scores
    if scores.ndim != 3 or scores.shape[1:] != shape or not len(scores):
        raise GenreError(
            f"y_scores[{name!r}] of shape {np.shape(values)} must have the shape of y_true, "
            f"{shape}, or (n_seeds, {shape[0]}, {shape[1]})"
        )
    # Written so that NaN, which compares false with everything, is found too.
    wrong = np.argwhere(~((scores >= 0) & (scores <= 1)))
    if len(wrong):
        seed, row, label = (int(index) for index in wrong[0])
        raise GenreError(
            f"y_scores[{name!r}] must be numbers in [0, 1]; seed {seed}, row {row}, column {label} "
            f"is {scores[seed, row, label]}"
        )
    return scores


def _checked_thresholds(
    name: str,
    thresholds: float | Mapping[str, ArrayLike] | None,
    n_seeds: int,
    n_labels: int,
) -> NDArray[np.float64]:
    """Return (n_seeds, n_labels); above every score where there are none, so that nothing is."""
    if thresholds is None:
        return np.full((n_seeds, n_labels), np.inf)
    if not isinstance(thresholds, Mapping):
        if np.ndim(thresholds):
            raise GenreError(
                f"thresholds of shape {np.shape(thresholds)} must be a number, or a mapping from "
                "each model to its own"
            )
        if not 0 <= thresholds <= 1:
            raise GenreError(f"threshold={thresholds} must lie in [0, 1]")
        return np.full((n_seeds, n_labels), float(thresholds))
    if name not in thresholds:
        raise GenreError(f"thresholds must name every model; {name!r} is missing")
    values = np.asarray(thresholds[name], dtype=np.float64)
    if values.shape not in ((n_labels,), (n_seeds, n_labels)) or np.isnan(values).any():
        raise GenreError(
            f"thresholds[{name!r}] of shape {values.shape} must be {n_labels} numbers, or "
            f"({n_seeds}, {n_labels})"
        )
    return np.broadcast_to(values, (n_seeds, n_labels))
