"""What a model says of a track, and of each of its windows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genre.addresses import Place
from genre.audio.decoder import FLAG_SILENT
from genre.evaluation.thresholds import decide
from genre.extras import explained
from genre.inference.exclusive import thresholds_from
from genre.tasks import Task
from genre.wording import counted, shown

if TYPE_CHECKING:
    import pandas

FRAME_COLUMNS = ("path", "genre", "name", "score", "threshold", "decided")
"""Of `TrackTags.to_frame`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Timeline:
    """What a model says of each window of a track, in the order of time.

    Parameters
    ----------
    genres : tuple of str
        The vocabulary, in the order of the columns of `scores`.
    starts_seconds : ndarray of shape (n_windows,), in seconds
        Where each window begins.
    window_seconds : float, in seconds
        How long a window is; a track that is shorter is one window, padded with silence.
    scores : ndarray of shape (n_windows, n_labels), in [0, 1]
        Of every window as if it were a track of its own.
    """

    genres: tuple[str, ...]
    starts_seconds: NDArray[np.float64]
    window_seconds: float
    scores: NDArray[np.float64]

    def __repr__(self) -> str:
        """Return how many windows of how many genres there are."""
        return (
            f"Timeline({counted(len(self.starts_seconds), 'window')} of {self.window_seconds:g} s, "
            f"{counted(len(self.genres), 'genre')})"
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class TrackTags:
    """What a model says of a track.

    Parameters
    ----------
    path : Path or Address
        The file, as it was asked for.
    genres : tuple of str
        The genres whose score reaches their threshold, best first; may be empty. Of exclusive
        genres the best alone, or none where not even that reaches it.
    scores : mapping of str to float in [0, 1]
        Every genre of the vocabulary, best first.
    thresholds : mapping of str to float
        What each genre's score must reach, in the order of `scores`.
    timeline : Timeline
        The scores of every window.
    duration_seconds : float
        Of the audio that was decoded.
    flags : tuple of str
        What the intake noticed: silent, partial, truncated, opposed; and short where the track is
        shorter than a window, and was padded with silence.
        Silence has no genre: of a silent track every score is 0 and no genre is decided.
    names : mapping of str to str
        How each genre is written for people, where that is known.
    heard : mapping of str to float in [0, 1]
        The best `N_HEARD` tags of the network that hears beside the model, best first; empty where
        none does, and of a silent track.
    task : multilabel or exclusive
        Whether each genre is a question of its own, or all together are one: which.
    """

    path: Place
    genres: tuple[str, ...]
    scores: Mapping[str, float]
    thresholds: Mapping[str, float]
    timeline: Timeline
    duration_seconds: float
    flags: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    heard: Mapping[str, float] = field(default_factory=dict)
    task: Task = "multilabel"

    def __repr__(self) -> str:
        """Return the file, the genres decided, and the best score."""
        best = next(((name, score) for name, score in self.scores.items()), None)
        told = "" if best is None else f", best {best[0]} {best[1]:.2f}"
        return f"TrackTags({shown(self.path)!r}, genres={self.genres}{told} of {len(self.scores)})"

    def to_frame(self) -> "pandas.DataFrame":
        """Make a table of the scores, which needs what the extra ``train`` installs.

        Returns
        -------
        DataFrame of shape (n_labels, 6)
            A row per genre, best first: path, genre, name (as people write it), score, threshold,
            decided. ``pandas.concat`` joins those of several tracks.

        Raises
        ------
        MissingPackageError
            Where pandas is not installed.
        """
        with explained():
            import pandas  # tagging itself needs no tables

        rows = [
            (
                shown(self.path),
                genre,
                self.names.get(genre, genre),
                score,
                self.thresholds[genre],
                genre in self.genres,
            )
            for genre, score in self.scores.items()
        ]
        return pandas.DataFrame(rows, columns=FRAME_COLUMNS)

    def answered_from(self, min_score: float) -> "TrackTags":
        """Decide anew, of exclusive genres: the best is the answer from a score on.

        Parameters
        ----------
        min_score : float, in [0, 1]
            In place of what the tagger was made with.

        Raises
        ------
        ConfigError
            Where it is no score, or the genres are not exclusive.
        """
        thresholds = thresholds_from(min_score, task=self.task, n_labels=len(self.scores))
        of_track = np.array([[*self.scores.values()]])
        decided = decide(of_track, np.array(thresholds), task=self.task)[0]
        is_silent = FLAG_SILENT in self.flags
        return replace(
            self,
            genres=() if is_silent else tuple(compress(self.scores, decided)),
            thresholds=dict(zip(self.scores, thresholds, strict=True)),
        )
