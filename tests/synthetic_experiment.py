"""An experiment on disk as training leaves it, made from random scores of known quality."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from genre.evaluation.calibration import fit_scaling, logit
from genre.evaluation.exclusive_scaling import fit_temperature, heated
from genre.evaluation.scores import PartScores, RunScores, save_scores
from genre.evaluation.thresholds import fit_thresholds

GENRES = ("ambient", "blues", "drum & bass", "hip hop", "jazz", "metal", "reggae")
SKILLS = {
    "attnTrue_lossbce": 2.6,
    "attnTrue_lossfocal": 2.3,
    "attnFalse_lossbce": 1.8,
    "attnFalse_lossfocal": 1.6,
}
WHICH_ONE = {"attnTrue_losscross_entropy": 1.4, "attnFalse_losscross_entropy": 1.0}
PARTS = ((0, "val"), (1, "test"))


def sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-logits)))


def make_truth(
    n_labels: int, n_artists: int, tracks_per_artist: int, rng: np.random.Generator
) -> tuple[NDArray[np.str_], NDArray[np.bool_]]:
    """Give artist (n_tracks,) and y_true (n_tracks, n_labels): every fifth artist has two."""
    artists = np.repeat(np.arange(n_artists), tracks_per_artist)
    y_true = np.zeros((len(artists), n_labels), dtype=np.bool_)
    y_true[np.arange(len(artists)), artists % n_labels] = True
    second = artists % 5 == 0
    y_true[second, (artists[second] + rng.integers(1, n_labels)) % n_labels] = True
    return np.array([f"artist {artist:03d}" for artist in artists]), y_true


def make_part(
    name: str,
    artist: NDArray[np.str_],
    y_true: NDArray[np.bool_],
    *,
    skill: float,
    n_windows: int,
    hardness: NDArray[np.float64],
    rng: np.random.Generator,
) -> PartScores:
    """Score windows with noise of artist, track and window; `hardness` is shared by all runs."""
    n_tracks, n_labels = y_true.shape
    _, number = np.unique(artist, return_inverse=True)
    noise = hardness + 0.7 * rng.normal(size=(number.max() + 1, n_labels))[number]
    noise += 0.5 * rng.normal(size=y_true.shape)
    window_track = np.repeat(np.arange(n_tracks), n_windows)
    logits = (skill * (2 * y_true - 1) - 1.2 + noise)[window_track]
    windows = sigmoid(logits + 0.8 * rng.normal(size=logits.shape))
    return PartScores(
        track_id=np.array([f"{name}/{row:04d}.ogg" for row in range(n_tracks)]),
        artist=artist,
        y_true=y_true,
        y_score=windows.reshape(n_tracks, n_windows, n_labels).mean(axis=1),
        window_score=windows.astype(np.float32),
        window_track=window_track,
    )


def calibrated(scores: RunScores, sharpness: float) -> RunScores:
    """Make scores too sure, and mend them by a scaling fitted on validation."""

    def too_sure(part: PartScores) -> PartScores:
        windows = sigmoid(sharpness * logit(part.window_score))
        by_track = windows.reshape(len(part.y_true), -1, windows.shape[1])
        return replace(part, window_score=windows, y_score=by_track.mean(axis=1))

    val, test = too_sure(scores.val), too_sure(scores.test)
    scaling = fit_scaling(val.y_true, logit(val.y_score))
    y_val = scaling.scores(logit(val.y_score))
    return replace(
        scores,
        temperature=scaling.temperature,
        bias=scaling.bias,
        thresholds=fit_thresholds(val.y_true, y_val).values,
        val=replace(val, y_score=y_val),
        test=replace(test, y_score=scaling.scores(logit(test.y_score))),
        test_uncalibrated=test.y_score,
    )


def write_run(folder: Path, scores: RunScores, *, finished: bool = True) -> None:
    save_scores(folder / "scores.npz", scores)
    (folder / "record.json").write_text(json.dumps({"finished": finished, "commit": "abc1234"}))


def write_experiment(
    folder: Path,
    *,
    skills: Mapping[str, float] = SKILLS,
    seeds: Sequence[int] = (0, 1),
    genres: Sequence[str] = GENRES,
    n_artists: int = 21,
    tracks_per_artist: int = 3,
    n_windows: int = 6,
    n_folds: int = 0,
    seed_spread: float = 0.15,
    sharpness: float = 0.0,
    rng_seed: int = 0,
) -> Path:
    """Write finished runs, the logistic regression and experiment.json.

    With a `sharpness`, logits were that many times as large before they were calibrated.
    """
    rng = np.random.default_rng(rng_seed)
    folds: list[int | None] = list(range(n_folds)) if n_folds else [None]
    for fold in folds:
        where = Path(f"fold{fold}") if fold is not None else Path()
        truths = {
            part: make_truth(len(genres), n_artists, tracks_per_artist, rng)
            for part in (f"val{where}", f"test{where}")
        }
        hard = {part: 1.1 * rng.normal(size=truth.shape) for part, (_, truth) in truths.items()}
        named = [(f"{name}/seed{seed}", skill) for name, skill in skills.items() for seed in seeds]
        for name, skill in [*named, ("baselines", 0.9)]:
            level = skill + seed_spread * rng.normal()
            val, test = (
                make_part(
                    part,
                    np.array([f"{where}{one}" for one in artist]),
                    y_true,
                    skill=level,
                    n_windows=n_windows,
                    hardness=hard[part],
                    rng=rng,
                )
                for part, (artist, y_true) in truths.items()
            )
            scores = RunScores(
                genres=tuple(genres),
                thresholds=fit_thresholds(val.y_true, val.y_score).values,
                train_prior=val.y_true.mean(axis=0),
                val=val,
                test=test,
            )
            write_run(folder / name / where, calibrated(scores, sharpness) if sharpness else scores)
    write_description(folder, list(skills), list(seeds), list(genres), folds, n_artists)
    return folder


def write_which_one(
    folder: Path,
    *,
    skills: Mapping[str, float] = WHICH_ONE,
    seeds: Sequence[int] = (0, 1),
    genres: Sequence[str] = ("down", "no", "up", "yes"),
    n_artists: int = 21,
    tracks_per_artist: int = 4,
    n_windows: int = 2,
    rng_seed: int = 0,
) -> Path:
    """Write finished runs of exclusive genres, the logistic regression and experiment.json."""
    rng = np.random.default_rng(rng_seed)
    n_tracks, n_labels = n_artists * tracks_per_artist, len(genres)
    artist = np.repeat(np.arange(n_artists), tracks_per_artist)
    y_true = {part: np.eye(n_labels, dtype=np.bool_)[artist % n_labels - n] for n, part in PARTS}
    hardness = {part: 0.5 * rng.normal(size=(n_tracks, n_labels)) for _, part in PARTS}
    named = [(f"{name}/seed{seed}", skill) for name, skill in skills.items() for seed in seeds]
    for name, skill in [*named, ("baselines", 0.9)]:
        parts, raw = {}, {}
        for _, part in PARTS:
            noise = (0.6 * rng.normal(size=(n_artists, n_labels)))[artist] + hardness[part]
            logits = np.repeat(skill * y_true[part] + noise, n_windows, axis=0)
            windows = softmax(3 * (logits + 0.5 * rng.normal(size=logits.shape)), axis=1)
            raw[part] = windows.reshape(n_tracks, n_windows, n_labels).mean(axis=1)
            parts[part] = PartScores(
                track_id=np.array([f"{part}/{row:04d}.wav" for row in range(n_tracks)]),
                artist=np.array([f"{part} speaker {one:02d}" for one in artist]),
                y_true=y_true[part],
                y_score=raw[part],
                window_score=windows.astype(np.float32),
                window_track=np.repeat(np.arange(n_tracks), n_windows),
            )
        temperature = fit_temperature(y_true["val"], raw["val"])
        val, test = (replace(parts[p], y_score=heated(raw[p], temperature)) for _, p in PARTS)
        scores = RunScores(
            genres=tuple(genres),
            thresholds=np.zeros(n_labels),
            train_prior=y_true["val"].mean(axis=0),
            val=val,
            test=test,
            temperature=temperature,
            test_uncalibrated=raw["test"],
            task="exclusive",
        )
        write_run(folder / name, scores)
    write_description(folder, list(skills), list(seeds), list(genres), [None], n_artists)
    return folder


def write_description(
    folder: Path,
    configs: list[str],
    seeds: list[int],
    genres: list[str],
    folds: list[int | None],
    n_artists: int,
) -> None:
    description = {
        "data": "data/sample",
        "command": "python scripts/train_grid.py --data data/sample --seeds 2",
        "split_by": "artist",
        "n_folds": len(folds) if folds[0] is not None else 0,
        "n_tracks": 10 * n_artists,
        "genres": genres,
        "dropped_genres": {"polka": "2 artists, at least 3 are needed"},
        "n_tracks_dropped": 4,
        "n_quarantined": 2,
        "warnings": ["one artist has more than half of the tracks of blues"],
        "splits": [
            {"fold": fold, "hash": "0123456789abcdef", "n_train": 84, "n_val": 63, "n_test": 63}
            for fold in folds
        ],
        "configs": configs,
        "seeds": seeds,
    }
    (folder / "experiment.json").write_text(json.dumps(description))
