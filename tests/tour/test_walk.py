"""The front door of a tour."""

from pathlib import Path

import pytest

import genre
from genre.errors import GenreError
from genre.tour import Tour
from genre.tour.walk import open_tour


def test_the_front_door_opens_it(small_tour: Tour) -> None:
    assert genre.open_tour is open_tour
    again = genre.open_tour(small_tour.subject.music, str(small_tour.subject.experiment.folder))
    assert again.folder.subject is again.tracks.subject is again.subject
    assert again.subject.experiment.runs.keys() == small_tour.subject.experiment.runs.keys()


def test_no_experiment_is_said(small_tour: Tour, tmp_path: Path) -> None:
    with pytest.raises(GenreError, match="must hold"):
        genre.open_tour(small_tour.subject.music, tmp_path)
