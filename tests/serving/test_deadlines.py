"""Until when a request must be answered: genre.serving.deadlines."""

import threading

import pytest

from genre.serving.deadlines import Deadline, DeadlineError, held


def test_a_deadline_passes_and_says_what_set_it() -> None:
    deadline = Deadline("limit=1", 100)
    assert 99 < deadline.left() <= 100
    assert Deadline("limit=0", -1).left() == 0.0
    assert str(deadline.missed()) == "not done within limit=1"


def test_a_place_is_held_for_a_block_and_waited_for_in_vain() -> None:
    places = threading.Semaphore(1)
    with (
        held(places, Deadline("soon", 5)),
        pytest.raises(DeadlineError, match="not done within at once"),
        held(places, Deadline("at once", 0.02)),
    ):
        raise AssertionError("there was no place")
    with held(places, Deadline("soon", 5)):
        pass
