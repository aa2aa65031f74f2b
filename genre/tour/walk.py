"""The front door of a tour."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from genre.dataset.collection import open_folder
from genre.dataset.music import Music
from genre.errors import DatasetError
from genre.evaluation.inputs import load_experiment
from genre.tour.differences import Differences
from genre.tour.folder import Folder
from genre.tour.learning import Learning
from genre.tour.looking import Looking
from genre.tour.scores import Scores
from genre.tour.subject import Subject
from genre.tour.tracks import Tracks


@dataclass(frozen=True)
class Tour:
    """The rooms of a tour; each has its pictures as methods.

    Parameters
    ----------
    subject : Subject
        What it is about.
    """

    subject: Subject

    @cached_property
    def folder(self) -> Folder:
        """What is in the folder, what a track looks like, how it is split."""
        return Folder(self.subject)

    @cached_property
    def learning(self) -> Learning:
        """The network, the losses, augmentation, and training epoch by epoch."""
        return Learning(self.subject)

    @cached_property
    def scores(self) -> Scores:
        """How good the configurations are on the test tracks."""
        return Scores(self.subject)

    @cached_property
    def differences(self) -> Differences:
        """Which is better, and whether that is a fact."""
        return Differences(self.subject)

    @cached_property
    def looking(self) -> Looking:
        """Where the network looks."""
        return Looking(self.subject)

    @cached_property
    def tracks(self) -> Tracks:
        """Single tracks: over time, on a map, the best and the worst."""
        return Tracks(self.subject)


def open_tour(music: Music | Path | str, experiment: Path | str) -> Tour:
    """Open a tour of an experiment, for a notebook.

    Parameters
    ----------
    music : Music, Path or str
        From `genre.open_folder`, or the folder itself.
    experiment : Path or str
        What `genre train` made of that folder.

    Returns
    -------
    Tour
        With `folder`, `learning`, `scores`, `differences`, `looking` and `tracks`.

    Raises
    ------
    GenreError
        Where folder or experiment cannot be read.
    """
    opened = music if isinstance(music, Music) else open_folder(music, progress=False)
    subject = Subject(opened, load_experiment(Path(experiment)))
    missing = set(subject.experiment.any_run.track_id.tolist()) - subject.by_id.keys()
    if missing:
        raise DatasetError(
            f"music={opened.root} must be what experiment={experiment} was trained on: "
            f"{min(missing)} is not in it"
        )
    return Tour(subject)
