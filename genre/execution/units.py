"""A loop over many units, in workers that end with it."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from typing import TypeVar

from genre.execution.cores import n_cores
from genre.execution.pool import ExecutionConfig, Outcome, WorkerPool

Unit = TypeVar("Unit")
Result = TypeVar("Result")

# Enough that no worker waits for work, few enough that millions of units are not all in flight.
_IN_FLIGHT_PER_WORKER = 4


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
    waiting = iter(units)
    running: dict[Future[Result], Unit] = {}
    with WorkerPool(replace(config, n_workers=n_workers)) as pool:
        while True:
            for unit in waiting:
                running[pool.submit(function, unit)] = unit
                if len(running) >= _IN_FLIGHT_PER_WORKER * n_workers:
                    break
            if not running:
                return
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                yield pool.outcome(running.pop(done), done)
