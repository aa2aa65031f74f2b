"""Units on a cluster of Ray: the same outcomes as of the pool, whatever is lost."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from genre.errors import AudioError, ExecutionError, GenreError
from genre.execution import ExecutionConfig, Outcome, crew, run_units
from genre.execution.clusters import joined
from genre.execution.crew import run_groups
from genre.execution.crew_member import Needs
from genre.execution.units import _InPool
from tests.work_units import is_alive, misbehave, square, touch_and_wait

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only"),
]
CONFIG = ExecutionConfig(cluster="ray", n_workers=2, timeout_seconds=8.0, memory_mb=1000)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    pytest.importorskip("ray")
    on_sigterm = signal.getsignal(signal.SIGTERM)
    with joined("ray"):  # and each loop joins this one
        assert signal.getsignal(signal.SIGTERM) == on_sigterm
        yield


def test_every_unit_is_done_once_and_says_where() -> None:
    outcomes = list(run_units(square, range(200), config=CONFIG))
    assert sorted(outcome.unit for outcome in outcomes) == list(range(200))
    assert all(outcome.result == outcome.unit**2 for outcome in outcomes)
    (node,) = {outcome.node for outcome in outcomes}
    assert node


def test_each_misbehaviour_is_what_it_is_without_a_cluster() -> None:
    units = ["good", "crash", "hang", "grow", "fault", "good"]
    there = list(run_units(misbehave, units, config=CONFIG))
    here = list(run_units(misbehave, units, config=replace(CONFIG, cluster="none")))

    kinds = [sorted((o.unit, str(o.error)) for o in outcomes) for outcomes in (there, here)]
    assert kinds[0] == kinds[1]


def test_a_mistake_in_the_program_is_raised() -> None:
    with pytest.raises(ZeroDivisionError, match="a bug"):
        list(run_units(misbehave, ["good", "bug"], config=CONFIG))


def end_the_worker(unit: str) -> str:
    """Kill the process that keeps this one: what takes a worker itself along."""
    with Path(unit).open("a") as log:
        log.write("x")
    if Path(unit).name == "hostile":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return unit


def test_what_ends_its_worker_twice_alone_is_given_up(tmp_path: Path) -> None:
    units = [str(tmp_path / f"{number}") for number in range(12)] + [str(tmp_path / "hostile")]
    outcomes = {o.unit: o for o in run_units(end_the_worker, units, config=CONFIG)}
    assert len(outcomes) == 13
    error = outcomes.pop(str(tmp_path / "hostile")).error
    assert isinstance(error, ExecutionError)
    assert "was alone as its worker on the cluster ended, twice" in error.message
    assert all(o.error is None for o in outcomes.values())
    assert 2 <= len((tmp_path / "hostile").read_text()) <= 3  # in company, and twice alone


class Poison:
    """Work that ends the process that unpacks it."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (3,)

    def __call__(self, units: object, pool: object) -> list[Outcome[int, int]]:
        raise AssertionError(units, pool)


def test_where_no_worker_can_start_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_MOST_STILLBORN", 2)
    with pytest.raises(GenreError, match="must be able to start on the cluster"):
        list(run_groups(Poison(), [1, 2], config=CONFIG))


def test_leaving_early_ends_what_is_at_work(tmp_path: Path) -> None:
    config = replace(CONFIG, timeout_seconds=60.0)
    units: list[str | int] = [str(tmp_path), 3]
    outcomes = run_units(touch_or_square, units, config=config)
    started = time.monotonic()
    assert next(outcomes).unit == 3
    while not any(tmp_path.iterdir()) and time.monotonic() - started < 10:
        time.sleep(0.01)
    (mark,) = tmp_path.iterdir()
    outcomes.close()
    while is_alive(int(mark.name)) and time.monotonic() - started < 30:
        time.sleep(0.1)
    assert not is_alive(int(mark.name))


def touch_or_square(unit: str | int) -> int:
    if isinstance(unit, str):
        touch_and_wait(unit)
        return 0
    return square(unit)


def test_somebody_looks_meanwhile_and_units_may_go_one_by_one() -> None:
    looks: list[int] = []
    outcomes = run_groups(
        _InPool(square),
        range(5),
        config=CONFIG,
        needs=Needs(one_by_one=True),
        on_look=lambda: looks.append(1),
    )
    assert {outcome.unit: outcome.result for outcome in outcomes} == {n: n * n for n in range(5)}
    assert looks


def test_an_error_keeps_its_kind() -> None:
    (outcome,) = run_units(misbehave, ["fault"], config=CONFIG)
    assert isinstance(outcome.error, AudioError)
