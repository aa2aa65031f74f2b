"""What a worker holds, and what it does around each unit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from genre.execution.pool import ExecutionConfig
from genre.execution.units import run_units
from genre.execution.worker import OUT_OF_MEMORY
from tests.work_units import ONE

ROOT = Path(__file__).resolve().parents[2]


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


@pytest.mark.parametrize("prefix", ["torch", "librosa", "sklearn", "matplotlib"])
def test_workers_hold_nothing_heavy(prefix: str) -> None:
    (outcome,) = run_units(imported, [prefix], config=ONE)
    assert outcome.result == []


def test_workers_are_quiet_and_use_one_thread(capfd: pytest.CaptureFixture[str]) -> None:
    (outcome,) = run_units(complain, ["a.mp3"], config=ONE)
    assert outcome.result == 1
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on processor time there")
def test_processor_time_is_limited_unit_by_unit() -> None:
    config = ExecutionConfig(n_workers=1, timeout_seconds=30.0)
    limits = [outcome.result for outcome in run_units(cpu_limit, range(3), config=config)]
    # twice the time of one unit beyond what the worker has used, which is next to nothing
    assert all(limit is not None and 60 < limit <= 70 for limit in limits)


def grow(_: int) -> int:
    raise MemoryError


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on processor time there")
def test_a_unit_that_takes_all_memory_ends_its_worker_with_the_agreed_code() -> None:
    code = (
        "from genre.execution.worker import run_unit\n"
        "from tests.execution.test_worker import grow\n"
        "run_unit(grow, 1, 5.0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT)
    assert done.returncode == OUT_OF_MEMORY == 113


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_worker_s_memory_is_limited_beyond_what_it_holds() -> None:
    # In a process of its own: the limits would stay.
    code = (
        "import os, resource\n"
        "from pathlib import Path\n"
        "from genre.execution.worker import start_worker\n"
        "held = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "start_worker(700)\n"
        "print((resource.getrlimit(resource.RLIMIT_AS)[0] - held) // 2**20)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # what it holds may grow by a little while it counts
    assert 700 <= int(done.stdout) <= 705
