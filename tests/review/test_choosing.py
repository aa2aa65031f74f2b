"""genre.review.choosing: each track is far from those before it and from those that have labels."""

import numpy as np
import pytest

from genre.review import choosing
from genre.review.choosing import spread_order, summary_of

PLACES = np.array([[0.0, 0.0], [0.01, 0.0], [5.0, 0.0], [0.0, 5.0]])


def test_two_tracks_of_one_place_are_not_asked_one_after_the_other() -> None:
    order = spread_order(PLACES)
    assert order[0] == 0
    assert order[-1] == 1
    assert sorted(order) == [0, 1, 2, 3]


def test_labelled_tracks_count_as_chosen() -> None:
    assert spread_order(PLACES, known=np.array([[0.0, 4.9]]))[0] == 2
    assert spread_order(PLACES, known=np.array([[5.0, 0.1]]))[0] == 3


def test_a_distance_counts_as_much_as_it_is_worth() -> None:
    assert spread_order(PLACES, worth=np.array([0.0, 0.1, 0.1, 1.0]))[0] == 3


def test_of_very_many_the_last_follow_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MOST_SPREAD", 2)
    order = spread_order(PLACES)
    assert order[:2] == [0, 2] or order[:2] == [0, 3]
    assert order[2:] == sorted(order[2:])


def test_a_track_lies_where_its_bands_are() -> None:
    mel = np.array([[0.0, 2.0], [2.0, 2.0]], dtype=np.float16)
    assert summary_of(mel).tolist() == [1.0, 2.0, 1.0, 0.0]
