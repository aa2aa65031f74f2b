"""Run many independent work units in a pool of workers that can be killed one by one.

A worker that crashes, hangs or grows loses the unit it was at and nothing else. Workers are
started afresh, not forked, so they hold only what the work itself imports; this module imports
next to nothing for that reason.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from genre.errors import AudioError, AudioErrorKind, ConfigError, GenreError

Unit = TypeVar("Unit")
Result = TypeVar("Result")

# Enough that no worker waits for work, few enough that millions of units are not all in flight.
_IN_FLIGHT_PER_WORKER = 4
_MB = 2**20


@dataclass(frozen=True, kw_only=True)
class ExecutionConfig:
    """How work units are run.

    Parameters
    ----------
    n_workers : int
        Number of processes; 0 takes one per core.
    timeout_seconds : float, in seconds
        A unit that takes longer is given up and its worker killed.
    memory_mb : int, in MB
        Address space that a worker may take beyond what it starts with (enforced on Linux); an
        ffmpeg that it starts may take as much again.
    """

    n_workers: int = 0
    timeout_seconds: float = 120.0
    memory_mb: int = 2000

    def __post_init__(self) -> None:
        if self.n_workers < 0:
            raise ConfigError(
                f"n_workers={self.n_workers} must be 0 (one per core) or the number of processes"
            )
        if not 0 < self.timeout_seconds < float("inf"):
            raise ConfigError(f"timeout_seconds={self.timeout_seconds} must be above 0 s")
        if self.memory_mb < 500:
            raise ConfigError(f"memory_mb={self.memory_mb} must be at least 500 MB")


@dataclass(frozen=True)
class Outcome(Generic[Unit, Result]):
    """What became of one work unit: a result or an error.

    Parameters
    ----------
    unit : Unit
        The work unit.
    result : Result or None
        What the function returned; None where there is an error.
    error : GenreError or None
        What the function raised, or an `AudioError` of kind ``timeout`` or ``crashed``.
    """

    unit: Unit
    result: Result | None
    error: GenreError | None


def run_units(
    function: Callable[[Unit], Result],
    units: Sequence[Unit],
    *,
    config: ExecutionConfig | None = None,
) -> Generator[Outcome[Unit, Result]]:
    """Apply a function to every unit in parallel.

    Parameters
    ----------
    function : callable of one unit
        Importable by name, so that a worker finds it.
    units : sequence of picklable objects
        The work.
    config : ExecutionConfig, optional
        The settings; the default ones if None.

    Yields
    ------
    Outcome
        One per unit, as they are done; an error of a kind other than `GenreError` is a mistake in
        the program and is raised. Leaving the loop early stops the workers.

    Raises
    ------
    GenreError
        Where no worker can start.
    """
    config = config or ExecutionConfig()
    if not units:
        return
    n_workers = min(config.n_workers or n_cores(), len(units))
    pool = ProcessPool(
        max_workers=n_workers,
        initializer=_start_worker,
        initargs=[config.memory_mb],
        context=multiprocessing.get_context("spawn"),
    )
    waiting = iter(units)
    running: dict[Future[Result], Unit] = {}
    try:
        while True:
            for unit in waiting:
                arguments = [function, unit, config.timeout_seconds]
                future: Future[Result] = pool.schedule(
                    _run, args=arguments, timeout=config.timeout_seconds
                )
                running[future] = unit
                if len(running) >= _IN_FLIGHT_PER_WORKER * n_workers:
                    break
            if not running:
                return
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                yield _outcome(running.pop(done), done, config)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]  # the one function that pebble left bare
        pool.join()


def n_cores() -> int:
    """Count the cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    else:
        return os.cpu_count() or 1


def _outcome(unit: Unit, future: Future[Result], config: ExecutionConfig) -> Outcome[Unit, Result]:
    try:
        return Outcome(unit, future.result(), None)
    except GenreError as error:
        return Outcome(unit, None, error)
    except TimeoutError:
        kind = AudioErrorKind.TIMEOUT
        message = f"unit={unit} must be done within timeout_seconds={config.timeout_seconds}"
    except ProcessExpired as error:
        kind = AudioErrorKind.CRASHED
        message = f"unit={unit} made its worker end with exit code {error.exitcode}"
    except MemoryError:
        kind = AudioErrorKind.CRASHED
        message = f"unit={unit} must be done within memory_mb={config.memory_mb}"
    except BrokenProcessPool as error:
        # Workers read the script that started them, and would start workers in their turn.
        raise GenreError(
            "workers must be able to start: put what a script does under "
            f"`if __name__ == '__main__':`, or raise memory_mb={config.memory_mb}"
        ) from error
    return Outcome(unit, None, AudioError(kind, message))


def _run(function: Callable[[Unit], Result], unit: Unit, timeout_seconds: float) -> Result:
    if sys.platform != "win32":
        import resource

        # Should the parent be gone by then, nobody else would end a worker that hangs.
        usage = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(usage.ru_utime + usage.ru_stime + 2 * timeout_seconds) + 1
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (_at_most(limit, hard), hard))
    return function(unit)


def _start_worker(memory_mb: int) -> None:
    # Parallelism is over units; a numerical library that starts threads of its own would only
    # add stacks to the address space. It reads these when it is imported, later than now.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    # Codecs write their complaints straight to the terminal, in the middle of a progress bar.
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    if sys.platform == "linux":
        import resource

        # A script that imports a large library has brought it into its workers as well.
        held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_at_most(held + memory_mb * _MB, hard), hard))


def _at_most(wanted: int, hard: int) -> int:
    return wanted if hard < 0 else min(wanted, hard)  # -1 stands for no limit
