"""Workers that stay: one that is lost is replaced, and costs the unit it was at."""

import os
import signal
import sys
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from genre.errors import (
    AudioError,
    AudioErrorKind,
    ConfigError,
    ExecutionError,
    ExecutionErrorKind,
    GenreError,
)
from genre.execution.pool import ExecutionConfig, WorkerPool
from tests.work_units import ONE, is_alive, misbehave, process_id, square


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_workers": -1}, r"n_workers=-1 must be 0 \(one per core\)"),
        ({"timeout_seconds": 0.0}, "timeout_seconds=0.0 must be above 0 s"),
        ({"memory_mb": 499}, "memory_mb=499 must be at least 500 MB"),
    ],
)
def test_settings_out_of_range_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ExecutionConfig(**changes)


def test_workers_stay_between_units() -> None:
    with WorkerPool(ONE) as pool:
        ids = {pool.run(process_id, unit, timeout_seconds=30.0).result for unit in range(3)}
        (worker,) = ids
        assert worker is not None
        assert is_alive(worker)
    assert not is_alive(worker)


def test_a_pool_gives_each_misbehaviour_its_kind_and_goes_on() -> None:
    with WorkerPool(replace(ONE, memory_mb=1000)) as pool:
        assert pool.run(misbehave, "good", timeout_seconds=30.0).result == "good"
        kinds = {}
        for unit, seconds in (("crash", 30.0), ("hang", 1.0), ("fault", 30.0)):
            error = pool.run(misbehave, unit, timeout_seconds=seconds).error
            assert isinstance(error, AudioError | ExecutionError)
            kinds[unit] = error.kind
            assert pool.run(misbehave, "good", timeout_seconds=30.0).result == "good"
        assert kinds == {
            "crash": ExecutionErrorKind.CRASHED,
            "hang": ExecutionErrorKind.TIMEOUT,
            "fault": AudioErrorKind.EMPTY,
        }
        with pytest.raises(ZeroDivisionError):
            pool.run(misbehave, "bug", timeout_seconds=30.0)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_worker_that_took_all_its_memory_is_replaced() -> None:
    with WorkerPool(replace(ONE, memory_mb=1000)) as pool:
        before = pool.run(process_id, 0, timeout_seconds=30.0).result
        error = pool.run(misbehave, "grow", timeout_seconds=30.0).error
        assert str(error) == "out_of_memory: unit=grow must be done within memory_mb=1000"
        after = pool.run(process_id, 0, timeout_seconds=30.0).result
        assert before != after
        assert after is not None


def test_time_in_the_queue_counts() -> None:
    with WorkerPool(ONE) as pool:
        pool.run(square, 1, timeout_seconds=30.0)
        slow = pool.submit(misbehave, "hang", timeout_seconds=30.0)
        started = time.monotonic()
        outcome = pool.run(square, 2, timeout_seconds=0.5)
        assert time.monotonic() - started < 2
        assert isinstance(outcome.error, ExecutionError)
        assert str(outcome.error) == "timeout: unit=2 must be done within timeout_seconds=0.5"
        assert not slow.done()


def test_a_worker_killed_while_it_was_idle_is_replaced() -> None:
    with WorkerPool(ONE) as pool:
        for _ in range(3):
            worker = pool.run(process_id, 0, timeout_seconds=30.0).result
            assert worker is not None
            os.kill(worker, signal.SIGKILL)
            time.sleep(0.3)  # so that the loss is seen before there is work
        assert pool.run(square, 3, timeout_seconds=30.0).result == 9


def test_whoever_waits_when_the_pool_is_stopped_is_told() -> None:
    pool = WorkerPool(ONE)
    pool.run(square, 1, timeout_seconds=30.0)
    threading.Timer(0.5, pool.stop).start()
    started = time.monotonic()
    with pytest.raises(GenreError, match="must be"):
        pool.run(misbehave, "hang", timeout_seconds=30.0)
    assert time.monotonic() - started < 10
    with pytest.raises(GenreError, match="must be"):
        pool.run(square, 1, timeout_seconds=30.0)
