"""A small review without training: tracks, scores of two runs, and a session on a folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from genre.dataset import open_folder
from genre.execution import ExecutionConfig
from genre.review.book import LabelBook
from genre.review.complete import complete_table
from genre.review.judged import Judged
from genre.review.session import Session
from tests.browser import write_noise

GENRES = ("jazz", "pop", "rock")


def judged_of(
    scores: Mapping[str, Sequence[float]], *, n_runs: int = 2, folder: Path = Path("runs")
) -> Judged:
    """Let runs say the same of tracks; a track without scores was trained on by all."""
    names = tuple(sorted(name for name, row in scores.items() if len(row)))
    one = np.array([scores[name] for name in names], dtype=np.float64)
    return Judged(
        genres=GENRES,
        track_id=names,
        y_score=np.stack([one] * n_runs),
        thresholds=np.full((n_runs, len(GENRES)), 0.5),
        folders=tuple(folder / f"run{number}" for number in range(n_runs)),
    )


def small_folder(root: Path) -> Path:
    """Write five tracks by three artists, one of them twice with different genres."""
    for number, name in enumerate(
        ("jazz/Ann - One", "jazz/Ann - Two", "pop/Cy - Three", "rock/Bob - Four", "rock/Bob - <b>")
    ):
        path = root / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_noise(path, 3.0, seed=number)
    return root


SCORES = {
    "jazz/Ann - One.wav": (0.9, 0.1, 0.1),
    "jazz/Ann - Two.wav": (0.1, 0.1, 0.9),
    "pop/Cy - Three.wav": (0.1, 0.52, 0.1),
    "rock/Bob - Four.wav": (0.1, 0.1, 0.9),
    "rock/Bob - <b>.wav": (0.1, 0.8, 0.2),
}


def small_session(root: Path, cache: Path) -> Session:
    """Review the folder of `small_folder`."""
    music = open_folder(root, cache=cache, execution=ExecutionConfig(n_workers=1), progress=False)
    book = LabelBook(
        root, root / "labels.csv", first=lambda: complete_table(music.found, splits=())
    )
    return Session(music=music, judged=judged_of(SCORES), book=book, who="me")
