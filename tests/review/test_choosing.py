"""genre.review.choosing: unsure tracks first, and each far from those before it."""

import numpy as np

from genre.review.choosing import spread_order, unsureness


def test_unsure_is_near_one_half() -> None:
    assert unsureness(np.array([[0.5, 0.0], [1.0, 0.0], [0.75, 0.1]])).tolist() == [1.0, 0.0, 0.5]


def test_two_tracks_of_one_place_are_not_asked_one_after_the_other() -> None:
    places = np.array([[0.0, 0.0], [0.01, 0.0], [5.0, 0.0], [0.0, 5.0]])
    unsure = np.array([1.0, 0.99, 0.6, 0.5])
    order = spread_order(unsure, places)
    assert order[0] == 0
    assert order[-1] == 1
    assert sorted(order) == [0, 1, 2, 3]


def test_labelled_tracks_count_as_chosen() -> None:
    places = np.array([[0.0, 0.0], [5.0, 0.0]])
    assert spread_order(np.ones(2), places, known=np.array([[0.0, 0.1]])) == [1, 0]
