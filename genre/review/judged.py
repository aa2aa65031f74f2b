"""What the runs of an experiment say of tracks that they never trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.errors import GenreError
from genre.evaluation.inputs import ExperimentFolder
from genre.evaluation.scores import PartScores, RunScores, load_scores
from genre.review.ranking import mean_scores
from genre.tasks import Task


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Scores of tracks by the runs that have them in their validation or test part.

    Parameters
    ----------
    genres : tuple of str
        The vocabulary, in the order of the columns.
    track_id : tuple of str
        The tracks that one run at least can judge, sorted.
    y_score : ndarray of shape (n_runs, n_tracks, n_labels), in [0, 1]
        NaN where a run trained on a track.
    thresholds : ndarray of shape (n_runs, n_labels)
        What a genre must reach in each run.
    folders : tuple of Path, length n_runs
        Where the runs lie; each has the model in ``bundle``.
    task : multilabel or exclusive
        Which question they answer.
    """

    genres: tuple[str, ...]
    track_id: tuple[str, ...]
    y_score: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    folders: tuple[Path, ...]
    task: Task = "multilabel"

    @cached_property
    def row(self) -> dict[str, int]:
        """The row of each track."""
        return {track_id: row for row, track_id in enumerate(self.track_id)}

    @cached_property
    def mean(self) -> NDArray[np.float64]:
        """Mean score over the runs that can judge, (n_tracks, n_labels)."""
        return mean_scores(self.y_score)

    def n_runs(self, track_id: str) -> int:
        """Count the runs that can judge a track.

        Parameters
        ----------
        track_id : str
            Any; of one that none can judge it is 0.
        """
        row = self.row.get(track_id)
        return 0 if row is None else int(self._can[:, row].sum())

    def n_above(self, track_id: str, genre: str, other: str) -> int:
        """Count the runs that score one genre of a track above another.

        Parameters
        ----------
        track_id : str
            One that can be judged.
        genre, other : str
            Of the vocabulary.
        """
        of_track = self.y_score[:, self.row[track_id]]
        first, second = (of_track[:, self.genres.index(name)] for name in (genre, other))
        return int((first > second).sum())

    def judge(self, track_id: str) -> Path | None:
        """Find a run that never trained on a track; None where there is none.

        Parameters
        ----------
        track_id : str
            Any.
        """
        row = self.row.get(track_id)
        return None if row is None else self.folders[int(self._can[:, row].argmax())]

    def distance(self) -> NDArray[np.float64]:
        """Measure how far the nearest score of each track is from its threshold, (n_tracks,)."""
        apart = np.abs(self.y_score - self.thresholds[:, None, :]).min(axis=2)
        return mean_scores(apart[:, :, None])[:, 0]

    @cached_property
    def _can(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.y_score[:, :, 0])


def load_judged(folder: Path) -> Judged:
    """Read what the finished runs of an experiment say.

    Parameters
    ----------
    folder : Path
        The experiment.

    Returns
    -------
    Judged
        Runs with other genres than most are left out.

    Raises
    ------
    GenreError
        Where there is no finished run.
    """
    found: list[tuple[Path, RunScores]] = []
    places = ExperimentFolder(folder)
    for place in sorted(places.runs(), key=lambda place: place.name):
        run = places.run(place)
        record = run.read_record()
        if record is not None and record.finished:
            found.append((run.path, load_scores(run.scores)))
    if not found:
        raise GenreError(f"experiment={folder} must hold at least one finished run; train first")
    questions = [(scores.genres, scores.task) for _, scores in found]
    genres, task = max(questions, key=questions.count)
    kept = [each for each in found if (each[1].genres, each[1].task) == (genres, task)]
    track_id = tuple(
        sorted({str(name) for _, run in kept for part in _parts(run) for name in part.track_id})
    )
    return Judged(
        genres=genres,
        track_id=track_id,
        y_score=_laid_out([run for _, run in kept], track_id, n_labels=len(genres)),
        thresholds=np.stack([run.thresholds for _, run in kept]).astype(np.float64),
        folders=tuple(path for path, _ in kept),
        task=task,
    )


def _parts(run: RunScores) -> tuple[PartScores, PartScores]:
    return run.val, run.test


def _laid_out(
    runs: Sequence[RunScores], track_id: Sequence[str], *, n_labels: int
) -> NDArray[np.float64]:
    row = {name: number for number, name in enumerate(track_id)}
    laid = np.full((len(runs), len(track_id), n_labels), np.nan)
    for number, run in enumerate(runs):
        for part in _parts(run):
            rows = [row[str(name)] for name in part.track_id]
            laid[number, rows] = part.y_score
    return laid
