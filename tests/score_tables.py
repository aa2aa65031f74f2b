"""Tables of scores as any system may write them, for the tests of `genre compare --truth`."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

GENRES = ("blues", "drum & bass", "jazz")


def make_truth(
    n_artists: int = 24, tracks_per_artist: int = 3
) -> tuple[list[str], NDArray[np.bool_]]:
    """Give artist (n_tracks,) and y_true (n_tracks, 3)."""
    number = np.repeat(np.arange(n_artists), tracks_per_artist)
    y_true = np.eye(3, dtype=np.bool_)[number % 3]
    y_true[number % 4 == 0, 1] = True
    return [f"artist {one}" for one in number], y_true


def make_scores(y_true: NDArray[np.bool_], *, skill: float, rng_seed: int) -> NDArray[np.float64]:
    noise = np.random.default_rng(rng_seed).random(y_true.shape)
    return np.asarray(skill * y_true + (1 - skill) * noise)


def write_table(
    path: Path,
    values: NDArray[np.floating] | NDArray[np.bool_],
    *,
    artist: Sequence[str] | None = None,
    genres: Sequence[str] = GENRES,
    prefix: str = "",
) -> Path:
    """Write a table; `values` are scores or the truth."""
    table = pd.DataFrame(np.asarray(values, dtype=np.float64), columns=list(genres))
    if artist is not None:
        table.insert(0, "artist", list(artist))
    table.insert(0, "track", [f"{prefix}track {row:03d}" for row in range(len(table))])
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False)
    return path


def write_tables(folder: Path, *, n_seeds: int = 1, with_artists: bool = True) -> list[Path]:
    """Write truth.csv and the scores of a good and a poor model; give the files of scores."""
    artist, y_true = make_truth()
    write_table(folder / "truth.csv", y_true, artist=artist if with_artists else None)
    paths = []
    for model, skill in (("good", 0.5), ("poor", 0.1)):
        for seed in range(n_seeds):
            name = f"{model}@{seed}" if n_seeds > 1 else model
            scores = make_scores(y_true, skill=skill, rng_seed=10 * seed + len(model + name))
            paths.append(write_table(folder / f"{name}.csv", scores))
    return paths


def edit(path: Path, old: str, new: str) -> None:
    """Put other words into a file, once."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
