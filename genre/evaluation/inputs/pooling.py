"""The folds of one run put together: every track scored once, by the model that never heard it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.errors import GenreError
from genre.evaluation.metrics.choice import Choice, choice, mean_choice
from genre.evaluation.scores import RunScores
from genre.evaluation.thresholds import decide
from genre.tasks import Task


@dataclass(frozen=True, kw_only=True)
class PooledRun:
    """The test scores of one configuration and seed, sorted by track so that all runs align.

    Parameters
    ----------
    genres : tuple of str, length n_labels
        The vocabulary.
    track_id, artist : ndarray of shape (n_tracks,), str
        The test tracks of all folds.
    y_true : ndarray of shape (n_tracks, n_labels), bool
        Their genres.
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        Their scores.
    decisions : ndarray of shape (n_tracks, n_labels), bool
        By the thresholds of each fold's own validation tracks.
    window_score : ndarray of shape (n_windows, n_labels), in [0, 1]
        Scores of windows.
    window_track : ndarray of shape (n_windows,), int
        The row of `track_id` of each window.
    thresholds, train_prior : ndarray of shape (n_tracks, n_labels)
        Those of the fold that each track was tested in.
    val_choice : tuple of float
        As of `genre.evaluation.metrics.choice` on validation, mean over folds: macro average
        precision, or accuracy and minus the log loss.
    temperatures : tuple of float, length n_folds
        By which each fold's logits were divided, from its own validation tracks; empty where that
        is not known.
    biases : ndarray of shape (n_folds, n_labels), or None
        Added to each fold's divided logits; None where that is not known.
    aggregations : tuple of str, length n_folds
        How windows became tracks in each fold; empty where that is not known.
    uncalibrated : ndarray of shape (n_tracks, n_labels), in [0, 1], or None
        The scores as the model gave them, where they were kept.
    task : multilabel or exclusive
        Whether a track may have several genres, or has exactly one.
    """

    genres: tuple[str, ...]
    track_id: NDArray[np.str_]
    artist: NDArray[np.str_]
    y_true: NDArray[np.bool_]
    y_score: NDArray[np.float64]
    decisions: NDArray[np.bool_]
    window_score: NDArray[np.float64]
    window_track: NDArray[np.intp]
    thresholds: NDArray[np.float64]
    train_prior: NDArray[np.float64]
    val_choice: Choice
    temperatures: tuple[float, ...] = ()
    biases: NDArray[np.float64] | None = None
    aggregations: tuple[str, ...] = ()
    uncalibrated: NDArray[np.float64] | None = None
    task: Task = "multilabel"


def pool_folds(folds: Sequence[RunScores], *, name: str) -> PooledRun:
    """Put the test parts of the folds of one run together.

    Parameters
    ----------
    folds : sequence of RunScores
        All folds; a run without folds is its only one.
    name : str
        What the run is called in messages.

    Raises
    ------
    GenreError
        When folds differ in their genres, or a track is tested twice.
    """
    track_id = _checked_track_id(folds, name)
    order = np.argsort(track_id, kind="stable")
    starts = np.cumsum([0, *(len(fold.test.track_id) for fold in folds)])
    windows = [
        fold.test.window_track + start for fold, start in zip(folds, starts[:-1], strict=True)
    ]
    window_track = np.argsort(order, kind="stable")[np.concatenate(windows).astype(np.intp)]
    by_track = np.argsort(window_track, kind="stable")
    window_score = np.concatenate([fold.test.window_score for fold in folds])

    def _sorted(parts: list[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate(parts)[order]

    before = _uncalibrated(folds)
    return PooledRun(
        genres=folds[0].genres,
        track_id=track_id[order],
        artist=_sorted([fold.test.artist for fold in folds]),
        y_true=_sorted([fold.test.y_true for fold in folds]),
        y_score=_sorted([fold.test.y_score for fold in folds]).astype(np.float64),
        decisions=_sorted([_decided(fold) for fold in folds]),
        window_score=window_score[by_track].astype(np.float64),
        window_track=window_track[by_track],
        thresholds=_sorted([_per_track(fold, fold.thresholds) for fold in folds]),
        train_prior=_sorted([_per_track(fold, fold.train_prior) for fold in folds]),
        val_choice=mean_choice([choice(f.val.y_true, f.val.y_score, task=f.task) for f in folds]),
        temperatures=tuple(fold.temperature for fold in folds),
        biases=np.array([_bias(fold) for fold in folds]),
        aggregations=tuple(fold.aggregation for fold in folds),
        uncalibrated=None if before is None else _sorted(before).astype(np.float64),
        task=folds[0].task,
    )


def _decided(fold: RunScores) -> NDArray[np.bool_]:
    return decide(fold.test.y_score, fold.thresholds, task=fold.task)


def _bias(fold: RunScores) -> NDArray[np.float64]:
    none = np.zeros(len(fold.genres))
    return none if fold.bias is None else np.asarray(fold.bias, dtype=np.float64)


def _uncalibrated(folds: Sequence[RunScores]) -> list[NDArray[Any]] | None:
    kept = [fold.test_uncalibrated for fold in folds]
    if all(scores is None for scores in kept):
        return None
    return [
        fold.test.y_score if scores is None else scores
        for fold, scores in zip(folds, kept, strict=True)
    ]


def _checked_track_id(folds: Sequence[RunScores], name: str) -> NDArray[np.str_]:
    if any((fold.genres, fold.task) != (folds[0].genres, folds[0].task) for fold in folds):
        raise GenreError(f"{name}: all folds must have the same genres and task")
    track_id = np.concatenate([fold.test.track_id for fold in folds])
    if len(track_id) == 0:
        raise GenreError(f"{name}: there must be at least one test track")
    if len(np.unique(track_id)) != len(track_id):
        raise GenreError(f"{name}: every track must be tested in one fold only")
    return track_id


def _per_track(fold: RunScores, values: NDArray[Any]) -> NDArray[np.float64]:
    shape = (len(fold.test.track_id), len(values))
    return np.broadcast_to(np.asarray(values, dtype=np.float64), shape)
