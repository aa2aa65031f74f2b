"""A loop over units in killable workers: what one does, no other feels."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from genre.errors import (
    AudioError,
    AudioErrorKind,
    DatasetError,
    ExecutionError,
    ExecutionErrorKind,
)
from genre.execution.pool import ExecutionConfig
from genre.execution.units import run_units
from tests.work_units import ONE, is_alive, misbehave, square, touch_and_wait


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


def test_a_script_without_a_guard_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("from genre.execution import run_units\nprint(list(run_units(abs, [1])))\n")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "put what a script does under `if __name__ == '__main__':`" in done.stderr


def touch_or_wait(unit: str) -> None:
    if unit != "quick":
        touch_and_wait(unit)


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
