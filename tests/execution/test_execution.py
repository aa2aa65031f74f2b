"""Work in killable workers: what one unit does, no other feels."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from genre.errors import (
    AudioError,
    AudioErrorKind,
    ConfigError,
    DatasetError,
    ExecutionError,
    ExecutionErrorKind,
    GenreError,
)
from genre.execution import ExecutionConfig, WorkerPool, n_cores, run_units
from genre.execution.cores import quota

ONE = ExecutionConfig(n_workers=1)


def square(number: int) -> int:
    return number * number


def misbehave(what: str) -> str:
    acts: dict[str, Callable[[], object]] = {
        "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
        "hang": lambda: time.sleep(60),
        "grow": lambda: bytearray(10**10),
        "fault": lambda: _raise(AudioError(AudioErrorKind.EMPTY, "no bytes")),
        "bug": lambda: _raise(ZeroDivisionError("a bug")),
        "good": lambda: None,
    }
    acts[what]()
    return what


def _raise(error: Exception) -> None:
    raise error


def imported(prefix: str) -> list[str]:
    # what a worker of the real work holds: the module is imported by unpickling the function
    import genre.dataset.features

    assert genre.dataset.features
    return [name for name in sys.modules if name.split(".")[0] == prefix]


def complain(path: str) -> int:
    os.write(2, f"codec noise about {path}\n".encode())
    return int(os.environ["OMP_NUM_THREADS"])


def cpu_limit(_: int) -> int:
    import resource

    return resource.getrlimit(resource.RLIMIT_CPU)[0]


def touch_and_wait(folder: str) -> None:
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(60)


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    # a child that has ended and was not waited for still answers
    status = Path(f"/proc/{process_id}/stat")
    return not status.exists() or status.read_text().split()[2] != "Z"


def test_every_unit_is_done_once() -> None:
    outcomes = list(run_units(square, range(100), config=ExecutionConfig(n_workers=2)))
    assert sorted(outcome.unit for outcome in outcomes) == list(range(100))
    assert all(outcome.result == outcome.unit**2 for outcome in outcomes)
    assert all(outcome.error is None for outcome in outcomes)


def test_no_units_start_no_workers() -> None:
    started = time.monotonic()
    assert list(run_units(square, [])) == []
    assert time.monotonic() - started < 0.05  # a worker takes longer to start


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_each_misbehaviour_is_its_own_unit_s_error() -> None:
    config = ExecutionConfig(n_workers=1, timeout_seconds=1.0, memory_mb=1000)
    units = ["good", "crash", "hang", "grow", "fault", "good"]
    outcomes = list(run_units(misbehave, units, config=config))
    assert len(outcomes) == 6
    kinds, messages = {}, {}
    for outcome in outcomes:
        if outcome.unit == "good":
            assert (outcome.result, outcome.error) == ("good", None)
        else:
            assert outcome.result is None
            assert isinstance(outcome.error, AudioError | ExecutionError)
            kinds[outcome.unit] = (type(outcome.error), outcome.error.kind)
            messages[outcome.unit] = outcome.error.message
    assert kinds == {
        "crash": (ExecutionError, ExecutionErrorKind.CRASHED),
        "hang": (ExecutionError, ExecutionErrorKind.TIMEOUT),
        "grow": (ExecutionError, ExecutionErrorKind.OUT_OF_MEMORY),
        "fault": (AudioError, AudioErrorKind.EMPTY),
    }
    assert messages["hang"] == "unit=hang must be done within timeout_seconds=1.0"
    assert messages["grow"] == "unit=grow must be done within memory_mb=1000"
    assert "exit code" in messages["crash"]
    assert messages["fault"] == "no bytes"


def test_a_mistake_in_the_program_is_raised() -> None:
    with pytest.raises(ZeroDivisionError, match="a bug"):
        list(run_units(misbehave, ["good", "bug"], config=ONE))


def fail_on_data(unit: int) -> int:
    raise DatasetError(f"unit={unit} must be labelled")


def test_any_error_of_a_user_becomes_an_outcome() -> None:
    (outcome,) = run_units(fail_on_data, [7], config=ONE)
    assert isinstance(outcome.error, DatasetError)
    assert str(outcome.error) == "unit=7 must be labelled"


@pytest.mark.parametrize("prefix", ["torch", "librosa", "sklearn", "matplotlib"])
def test_workers_hold_nothing_heavy(prefix: str) -> None:
    (outcome,) = run_units(imported, [prefix], config=ONE)
    assert outcome.result == []


def test_workers_are_quiet_and_use_one_thread(capfd: pytest.CaptureFixture[str]) -> None:
    (outcome,) = run_units(complain, ["a.mp3"], config=ONE)
    assert outcome.result == 1
    assert capfd.readouterr().err == ""


def test_a_script_without_a_guard_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("from genre.execution import run_units\nprint(list(run_units(abs, [1])))\n")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "put what a script does under `if __name__ == '__main__':`" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on processor time there")
def test_processor_time_is_limited_unit_by_unit() -> None:
    config = ExecutionConfig(n_workers=1, timeout_seconds=30.0)
    limits = [outcome.result for outcome in run_units(cpu_limit, range(3), config=config)]
    # twice the time of one unit beyond what the worker has used, which is next to nothing
    assert all(limit is not None and 60 < limit <= 70 for limit in limits)


def test_leaving_early_ends_the_workers(tmp_path: Path) -> None:
    config = ExecutionConfig(n_workers=2)
    outcomes = run_units(touch_or_wait, [str(tmp_path), "quick"], config=config)
    assert next(outcomes).unit == "quick"
    started = time.monotonic()
    while not any(tmp_path.iterdir()) and time.monotonic() - started < 10:
        time.sleep(0.01)
    (mark,) = tmp_path.iterdir()
    outcomes.close()
    assert time.monotonic() - started < 20  # not the minute that the worker would sleep
    assert not is_alive(int(mark.name))


def touch_or_wait(unit: str) -> None:
    if unit != "quick":
        touch_and_wait(unit)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_workers": -1}, r"n_workers=-1 must be 0 \(one per core\)"),
        ({"timeout_seconds": 0.0}, "timeout_seconds=0.0 must be above 0 s"),
        ({"memory_mb": 499}, "memory_mb=499 must be at least 500 MB"),
    ],
)
def test_settings_out_of_range_are_named(changes: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ExecutionConfig(**changes)  # type: ignore[arg-type]  # the point of the test


def test_there_is_a_core() -> None:
    assert 1 <= n_cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"cpu.max": "200000 100000\n"}, 2),
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu.max": "10000 100000\n"}, 1),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu.max": "max 100000\n"}, os.cpu_count()),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, os.cpu_count()),
        ({"cpu.max": "100000 0\n"}, os.cpu_count()),
        ({"cpu.max": "\n"}, os.cpu_count()),
        ({}, os.cpu_count()),
    ],
)
def test_a_container_gets_its_share_of_the_cores(
    tmp_path: Path, files: dict[str, str], expected: int
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert quota(tmp_path) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="quotas are Linux's")
def test_a_quota_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genre.execution.cores.quota", lambda: 1)
    assert n_cores() == 1


def process_id(_: int) -> int:
    return os.getpid()


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
