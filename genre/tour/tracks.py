"""A tour's last room: single tracks."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from genre.evaluation import plots, project
from genre.evaluation.report.track_tables import track_losses
from genre.models import pooled_features
from genre.tour.shown import Shown, Sound
from genre.tour.subject import Subject


@dataclass(frozen=True)
class Tracks:
    """Pictures of tracks.

    Parameters
    ----------
    subject : Subject
        What the tour is about.
    """

    subject: Subject

    def over_time(self) -> Shown:
        """Draw the scores of each window of the example, as the tagger has them."""
        subject = self.subject
        timeline, has = subject.tags.timeline, subject.genres_of(subject.example)
        picture = plots.plot_track_timeline(
            timeline.scores,
            timeline.starts_seconds,
            window_seconds=timeline.window_seconds,
            genres=timeline.genres,
            thresholds=np.array(subject.tagger.bundle.thresholds),
            y_true=np.isin(subject.tagger.bundle.genres, subject.example.genres),
            title=subject.example.track_id,
        )
        leading = timeline.scores.argmax(axis=1)
        n_changes = int((np.diff(leading) != 0).sum())
        words = (
            f"Given: {', '.join(subject.tags.genres) or 'nothing'}; it has {has}. The genre with "
            f"the highest score changes {n_changes} times."
        )
        return Shown(words, (picture,))

    def map(self) -> Shown:
        """Draw the test tracks in a plane, alike ones near each other."""
        subject, windowing = self.subject, self.subject.bundle.windowing
        features = np.stack(
            [
                pooled_features(subject.network, _tensor(subject, windowing.cut(mel))).mean(axis=0)
                for mel in map(subject.mel_of, subject.test_tracks)
            ]
        )
        plane = project(features)
        y_true = subject.selection.vocabulary.encode(subject.test_tracks)
        picture = plots.plot_track_map(
            plane.points, y_true, subject.genres, axis_labels=plane.axis_labels
        )
        words = f"{_share_alike(plane.points, y_true):.0%} of the nearest neighbours share a genre."
        return Shown(words, (picture,))

    def extremes(self, *, n: int = 3) -> Shown:
        """Draw and play the test tracks that the best run gets most right and most wrong.

        Parameters
        ----------
        n : int
            How many of each.
        """
        run = self.subject.run
        losses = track_losses(run.y_true, run.y_score)
        order = np.argsort(losses, kind="stable")
        chosen = [int(row) for row in dict.fromkeys([*order[:n], *order[-n:]])]
        names = [self.subject.experiment.called(genre) for genre in run.genres]
        titles = [Path(run.track_id[row]).stem for row in chosen]
        picture = plots.plot_track_scores(
            run.y_score[chosen], run.y_true[chosen], run.thresholds[chosen], names, titles=titles
        )
        heard: list[str | Sound] = []
        for row, title in zip(chosen, titles, strict=True):
            given, has = (_told(names, flags[row]) for flags in (run.decisions, run.y_true))
            heard.append(f"{title}: is {has}; given {given}; log loss {losses[row]:.3f}")
            heard += self.subject.sound_of(self.subject.by_id[run.track_id[row]])
        words = f"The median log loss of all is {np.median(losses):.3f}."
        return Shown(words, (picture, *heard))

    def tagged(self) -> Shown:
        """List what the tagger says of the example."""
        tags, has = self.subject.tags, self.subject.genres_of(self.subject.example)
        table = tags.to_frame().set_index("name")[["score", "threshold", "decided"]]
        words = f"Genres given: {', '.join(tags.genres) or 'none'}; genres it has: {has}."
        above = f"{self.subject.example.track_id}, {tags.duration_seconds:.1f} s"
        return Shown(words, (above, table))


def _tensor(subject: Subject, windows: NDArray[np.float32]) -> torch.Tensor:
    return torch.from_numpy(subject.bundle.standardisation(windows))


def _told(names: list[str], flags: NDArray[np.bool_]) -> str:
    return ", ".join(name for name, flag in zip(names, flags, strict=True) if flag) or "nothing"


def _share_alike(points: NDArray[np.float64], y_true: NDArray[np.bool_]) -> float:
    """Of each track's nearest neighbour in the plane: how many have a genre in common with it."""
    if len(points) < 2:
        return 1.0
    nearest = np.asarray(cKDTree(points).query(points, k=[2])[1])[:, 0]  # the first is itself
    return float((y_true & y_true[nearest]).any(axis=1).mean())
