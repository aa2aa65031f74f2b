"""What is heard: the mean of what an audio classifier says of each window of a track."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.audio import DecodeConfig, load_waveform
from genre.describe.card import Absent, Part
from genre.describe.hub import Hub
from genre.describe.settings import HeardSettings
from genre.describe.workers import UNHURRIED, Deadline, in_worker
from genre.execution import WorkerPool

__all__ = ["hear", "mean_scores", "windows_of"]

TASK = "audio-classification"


@dataclass(frozen=True)
class _ReadSound:
    path: Path
    config: DecodeConfig


def hear(
    path: Path,
    *,
    hub: Hub,
    pool: WorkerPool,
    settings: HeardSettings,
    deadline: Deadline = UNHURRIED,
) -> Part:
    """Listen to a track.

    Parameters
    ----------
    path : Path
        The file.
    hub : Hub
        Loads the model.
    pool : WorkerPool
        Decodes.
    settings : HeardSettings
        The model and its limits.
    deadline : Deadline
        Of the card.

    Returns
    -------
    Part
        ``tags``, a list of ``tag`` and ``score``, best first; ``n_windows``; ``window_seconds``.

    Raises
    ------
    Absent
        Where the model or the sound cannot be had.
    """
    ready = hub.load(TASK, settings.model)
    rate = _rate_of(ready.run)
    config = DecodeConfig(sample_rate=rate, max_seconds=settings.max_seconds)
    samples = in_worker(pool, _read, _ReadSound(path, config), deadline=deadline)
    n_per_window = round(settings.window_seconds * rate)
    windows = list(windows_of(samples, n_per_window))
    answers = []
    for window in windows:
        deadline.left()
        answers.append(ready.run({"raw": window, "sampling_rate": rate}, top_k=None))
    scores = mean_scores(answers)
    tags = [{"tag": tag, "score": round(score, 6)} for tag, score in scores.items()]
    return Part(
        state="there",
        model=ready.model,
        result={
            "tags": tags[: settings.top],
            "n_windows": len(windows),
            "window_seconds": settings.window_seconds,
        },
    )


def windows_of(samples: NDArray[np.float32], n_per_window: int) -> Iterator[NDArray[np.float32]]:
    """Cut sound into windows side by side.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,), float32
        Mono; what goes beyond [-1, 1] is cut off there.
    n_per_window : int
        How long a window is.

    Yields
    ------
    ndarray of shape (n_per_window,)
        The last may be shorter; it is left out where it is less than half a window, unless it is
        the only one.
    """
    samples = np.clip(samples, -1.0, 1.0)
    for start in range(0, len(samples), n_per_window):
        window = samples[start : start + n_per_window]
        if start == 0 or 2 * len(window) >= n_per_window:
            yield window


def mean_scores(answers: list[list[dict[str, Any]]]) -> dict[str, float]:
    """Average what is said of windows.

    Parameters
    ----------
    answers : list of list of dict
        Of each window, every ``label`` with its ``score``.

    Returns
    -------
    dict of str to float
        By label, best first.
    """
    sums: defaultdict[str, float] = defaultdict(float)
    for answer in answers:
        for said in answer:
            sums[str(said["label"])] += float(said["score"]) / len(answers)
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def _rate_of(run: Any) -> int:  # noqa: ANN401 - a pipeline
    rate = getattr(run.feature_extractor, "sampling_rate", None)
    if not isinstance(rate, int):
        raise Absent("the model must say at which sample rate it hears", "name another model")
    return rate


def _read(job: _ReadSound) -> NDArray[np.float32]:
    return load_waveform(job.path, job.config).samples
