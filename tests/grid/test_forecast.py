"""The time to come, from finished epochs: genre.grid.forecast."""

import pytest

from genre.grid import forecast
from genre.grid.forecast import Forecast
from tests.epochs import epochs, make_epoch


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [0.0]
    monkeypatch.setattr(forecast, "time", type("clock", (), {"monotonic": lambda: clock[0]}))
    return clock


def test_the_first_epochs_are_a_bound_and_do_not_blur_what_follows() -> None:
    told = Forecast({"a/seed0": 20, "b/seed0": 20}, n_at_a_time=2)
    assert told.seconds_left() is None
    slow_first = (make_epoch(1, seconds=9.0), make_epoch(2), make_epoch(3))
    told.see("a/seed0", slow_first[:1])
    bounds = [told.is_bound]
    assert told.seconds_left() == pytest.approx(20 * 9)  # of b, which is behind
    told.see("b/seed0", slow_first[:1])
    told.see("a/seed0", slow_first)
    assert [*bounds, told.is_bound] == [True, False]
    assert told.seconds_left() == pytest.approx(19 * 3)
    assert (told.n_epochs, told.n_planned) == (4, 40)


def test_each_configuration_has_a_pace_of_its_own_and_an_unknown_one_that_of_all() -> None:
    told = Forecast({"a/seed0": 2, "b/seed0": 2, "a/seed1": 2, "c/seed0": 2}, n_at_a_time=1)
    told.see("a/seed0", epochs(2, seconds=1.0))
    told.see("b/seed0", epochs(1, seconds=8.0))
    told.see("b/seed0", epochs(2, seconds=8.0))
    told.see("a/seed1", epochs(1, seconds=2.0))
    told.see("a/seed1", epochs(2, seconds=2.0))
    for name in ("a/seed0", "b/seed0", "a/seed1"):
        told.end(name)
    assert told.seconds_left() == pytest.approx(2 * (8 + 2) / 2, abs=0.1)


def test_starting_and_scoring_count_too(now: list[float]) -> None:
    told = Forecast({"a/seed0": 2, "a/seed1": 2, "a/seed2": 2}, n_at_a_time=1)
    told.begin("a/seed0")
    now[0] = 13.0
    told.see("a/seed0", epochs(1, seconds=3.0))  # ten before
    now[0] = 16.0
    told.see("a/seed0", epochs(2, seconds=3.0))
    now[0] = 21.0
    told.end("a/seed0")  # five after
    assert told.seconds_left() == pytest.approx(2 * (10 + 2 * 3 + 5))


def test_what_an_early_stop_spares_and_what_was_done_before_takes_no_time() -> None:
    told = Forecast({"a/seed0": 60, "a/seed1": 200}, n_at_a_time=1)
    told.see("a/seed0", epochs(4))
    told.end("a/seed0")
    assert told.n_planned == 204
    told.see("a/seed1", epochs(100))
    told.see("a/seed1", epochs(101, seconds=2.0))
    assert told.seconds_left() == pytest.approx(99 * 2, abs=0.1)
    told.end("a/seed1")
    assert told.seconds_left() == 0
