"""The front door of a tour."""

import re
from dataclasses import replace
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


def test_other_music_is_refused(small_tour: Tour) -> None:
    music = small_tour.subject.music
    first = small_tour.subject.split.test[0]
    others = tuple(track for track in music.tracks if track.track_id != first)
    with pytest.raises(GenreError, match=re.escape(f"{first} is not in it")):
        genre.open_tour(replace(music, tracks=others), small_tour.subject.experiment.folder)
