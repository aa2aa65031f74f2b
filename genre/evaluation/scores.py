"""What a run leaves behind: the scores of its validation and test tracks, in one file.

The file is a plain NumPy archive without pickled objects, so anyone can read it and reading it
runs no code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.array_files import load_archive
from genre.atomic import atomic_file
from genre.errors import GenreError
from genre.tasks import TASKS, Task
from genre.wording import counted

PART_FIELDS = ("track_id", "artist", "y_true", "y_score", "window_score", "window_track")
OPTIONAL_FIELDS = ("bias", "test_uncalibrated")
# By field, NumPy's letters for the types it may have, in words, and its dimensions.
_TEXT, _NUMBERS, _COUNTS = ("U", "text"), ("fiu", "numbers"), ("iu", "whole numbers")
_FORMS = {
    "genres": (_TEXT, 1),
    "thresholds": (_NUMBERS, 1),
    "train_prior": (_NUMBERS, 1),
    "bias": (_NUMBERS, 1),
    "test_uncalibrated": (_NUMBERS, 2),
    "track_id": (_TEXT, 1),
    "artist": (_TEXT, 1),
    "y_true": (("b", "bool"), 2),
    "y_score": (_NUMBERS, 2),
    "window_score": (_NUMBERS, 2),
    "window_track": (_COUNTS, 1),
}


@dataclass(frozen=True, kw_only=True)
class PartScores:
    """The scores of one part (validation or test) of a split.

    Parameters
    ----------
    track_id, artist : ndarray of shape (n_tracks,), str
        The tracks, each once, and who made them.
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The genres each track has.
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        The score of each track.
    window_score : ndarray of shape (n_windows, n_labels), in [0, 1]
        The score of each window.
    window_track : ndarray of shape (n_windows,), int
        The row of `track_id` that each window belongs to.
    """

    track_id: NDArray[np.str_]
    artist: NDArray[np.str_]
    y_true: NDArray[np.bool_]
    y_score: NDArray[np.floating[Any]]
    window_score: NDArray[np.floating[Any]]
    window_track: NDArray[np.integer[Any]]


@dataclass(frozen=True, kw_only=True)
class RunScores:
    """Everything that is needed to judge a run.

    Parameters
    ----------
    genres : tuple of str, length n_labels
        The vocabulary, in the order of the columns.
    thresholds : ndarray of shape (n_labels,)
        Fitted on the validation part's calibrated scores.
    train_prior : ndarray of shape (n_labels,), in [0, 1]
        Share of the training tracks that have each genre.
    val, test : PartScores
        The two parts that were not trained on; scores of tracks are calibrated, those of windows
        are as the model gave them.
    temperature : float
        Fitted on the validation part; above 0, and 1 where scores are as the model gave them.
    bias : ndarray of shape (n_labels,), or None
        Added to the divided logits of each genre, fitted with the temperature; None is 0.
    aggregation : str
        How windows became a track, such as mean.
    test_uncalibrated : ndarray of shape (n_test_tracks, n_labels), in [0, 1], or None
        The test tracks' scores as the model gave them; None where they are those of `test`.
    task : multilabel or exclusive
        Whether a track may have several genres, or has exactly one.
    """

    genres: tuple[str, ...]
    thresholds: NDArray[np.floating[Any]]
    train_prior: NDArray[np.floating[Any]]
    val: PartScores
    test: PartScores
    temperature: float = 1.0
    bias: NDArray[np.floating[Any]] | None = None
    aggregation: str = "mean"
    test_uncalibrated: NDArray[np.floating[Any]] | None = None
    task: Task = "multilabel"


def save_scores(path: Path, scores: RunScores) -> None:
    """Write a run's scores; the file appears whole or not at all.

    Parameters
    ----------
    path : Path
        By custom ``scores.npz``; its folder is made where needed.
    scores : RunScores
        What the run left behind.

    Raises
    ------
    GenreError
        When shapes do not fit, or a score is not a number in [0, 1].
    """
    _check(scores, str(path))
    arrays: dict[str, NDArray[Any]] = {
        "genres": np.asarray(scores.genres, dtype=np.str_),
        "thresholds": np.asarray(scores.thresholds),
        "train_prior": np.asarray(scores.train_prior),
        "temperature": np.asarray(scores.temperature, dtype=np.float64),
        "aggregation": np.asarray(scores.aggregation, dtype=np.str_),
    }
    if scores.task != "multilabel":
        arrays["task"] = np.asarray(scores.task, dtype=np.str_)
    optional = {name: getattr(scores, name) for name in OPTIONAL_FIELDS}
    arrays |= {name: np.asarray(value) for name, value in optional.items() if value is not None}
    for name, part in (("val", scores.val), ("test", scores.test)):
        for field in PART_FIELDS:
            arrays[f"{name}_{field}"] = _plain_strings(getattr(part, field))
    with atomic_file(path) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # its stub: bool first


def load_scores(path: Path) -> RunScores:
    """Read what `save_scores` wrote.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    GenreError
        When the file is absent, broken, incomplete or inconsistent; the message names it.
    """
    try:
        arrays = load_archive(path)
    except FileNotFoundError as error:
        raise GenreError(f"{path} must be the scores of a finished run; it does not exist") from (
            error
        )
    except (OSError, ValueError, EOFError) as error:
        raise GenreError(
            f"{path} must be a file of scores, but cannot be read ({error}); train that run again"
        ) from error
    expected = ["genres", "thresholds", "train_prior"]
    expected += [f"{part}_{field}" for part in ("val", "test") for field in PART_FIELDS]
    missing = [name for name in expected if name not in arrays]
    if missing:
        raise GenreError(f"{path} must hold {missing[0]!r}; it holds: {', '.join(sorted(arrays))}")
    _check_forms(arrays, path)
    scores = RunScores(
        genres=tuple(str(genre) for genre in arrays["genres"]),
        thresholds=arrays["thresholds"],
        train_prior=arrays["train_prior"],
        val=_part(arrays, "val"),
        test=_part(arrays, "test"),
        temperature=_temperature(arrays, path),
        aggregation=str(arrays.get("aggregation", "mean")),
        task=_task(arrays, path),
        **{name: arrays.get(name) for name in OPTIONAL_FIELDS},
    )
    _check(scores, str(path))
    return scores


def _check_forms(arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Refuse what would end the first calculation: anybody's file may hold dates, or nothing."""
    for name, values in arrays.items():
        field = name if name in _FORMS else name.removeprefix("val_").removeprefix("test_")
        if field not in _FORMS:
            continue
        (kinds, words), n_dimensions = _FORMS[field]
        if values.dtype.kind not in kinds or values.ndim != n_dimensions:
            raise GenreError(
                f"{path}: {name} of type {values.dtype} and shape {values.shape} must be {words} "
                f"in {counted(n_dimensions, 'dimension')}"
            )


def _part(arrays: Mapping[str, NDArray[Any]], name: str) -> PartScores:
    return PartScores(**{field: arrays[f"{name}_{field}"] for field in PART_FIELDS})


def _temperature(arrays: Mapping[str, NDArray[Any]], path: Path) -> float:
    # Files from before scores were calibrated have none: their scores are the models' own.
    values = arrays.get("temperature", np.ones(()))
    if values.shape != () or not np.issubdtype(values.dtype, np.floating):
        raise GenreError(f"{path}: temperature must be one number")
    return float(values)


def _task(arrays: Mapping[str, NDArray[Any]], path: Path) -> Task:
    value = str(arrays.get("task", TASKS[0]))
    for task in TASKS:
        if value == task:
            return task
    raise GenreError(f"{path}: task={value!r} must be one of: {', '.join(TASKS)}")


def _plain_strings(values: NDArray[Any]) -> NDArray[Any]:
    # An object array of strings would be pickled.
    array = np.asarray(values)
    return array.astype(np.str_) if array.dtype == object else array


def _check(scores: RunScores, where: str) -> None:
    n_labels = len(scores.genres)
    for name in ("thresholds", "train_prior"):
        shape = np.shape(getattr(scores, name))
        if shape != (n_labels,):
            raise GenreError(f"{where}: {name} of shape {shape} must have shape ({n_labels},)")
    _check_part(scores.val, n_labels, f"{where}: val")
    _check_part(scores.test, n_labels, f"{where}: test")
    if not 0 < scores.temperature < np.inf:
        raise GenreError(f"{where}: temperature={scores.temperature} must be finite and above 0")
    if scores.bias is not None and not (
        np.shape(scores.bias) == (n_labels,) and np.isfinite(scores.bias).all()
    ):
        raise GenreError(f"{where}: bias must be {n_labels} finite numbers")
    if scores.task == "exclusive":
        for name, part in (("val", scores.val), ("test", scores.test)):
            if not bool((part.y_true.sum(axis=1) == 1).all()):
                raise GenreError(f"{where}: {name}.y_true must have exactly one genre in each row")
    if scores.test_uncalibrated is not None:
        uncalibrated = replace(scores.test, y_score=scores.test_uncalibrated)
        _check_part(uncalibrated, n_labels, f"{where}: test_uncalibrated")


def _check_part(part: PartScores, n_labels: int, where: str) -> None:
    n_tracks, n_windows = len(part.track_id), len(part.window_track)
    shapes = {
        "artist": (n_tracks,),
        "y_true": (n_tracks, n_labels),
        "y_score": (n_tracks, n_labels),
        "window_score": (n_windows, n_labels),
    }
    for name, shape in shapes.items():
        found = np.shape(getattr(part, name))
        if found != shape:
            raise GenreError(f"{where}.{name} of shape {found} must have shape {shape}")
    if part.y_true.dtype != np.bool_:
        raise GenreError(f"{where}.y_true of type {part.y_true.dtype} must be bool")
    if len(np.unique(part.track_id)) != n_tracks:
        raise GenreError(f"{where}.track_id must name every track once")
    for name in ("y_score", "window_score"):
        values = getattr(part, name)
        # Written so that NaN, which compares false with everything, is refused too.
        if not bool(np.all((values >= 0) & (values <= 1))):
            raise GenreError(f"{where}.{name} must be numbers in [0, 1]; the training diverged?")
    windows = part.window_track
    if n_windows and not 0 <= int(windows.min()) <= int(windows.max()) < n_tracks:
        raise GenreError(f"{where}.window_track must lie in [0, {n_tracks})")
