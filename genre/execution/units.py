"""A loop over many units, in workers that end with it."""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from genre.errors import ExecutionError, ExecutionErrorKind
from genre.execution.clusters import NO_CLUSTER
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
    shared: Sequence[Path] = (),
) -> Generator[Outcome[Unit, Result]]:
    """Apply a function to every unit in parallel, on this machine or on a cluster.

    Parameters
    ----------
    function : callable of one unit
        Importable by name, so that a worker finds it.
    units : sequence of picklable objects
        The work; harmless to do twice: a unit whose worker was killed is tried once more.
    config : ExecutionConfig, optional
        The settings; the default ones if None.
    shared : sequence of Path
        Folders that all machines of a cluster must see as this one does; they exist.

    Yields
    ------
    Outcome
        One per unit, as they are done; an error of a kind other than `GenreError` is a mistake in
        the program and is raised. Leaving the loop early stops the workers.

    Raises
    ------
    ConfigError
        Where the cluster cannot be joined, or its machines cannot do the work alike.
    GenreError
        Where no worker can start.
    """
    config = config or ExecutionConfig()
    if not units:
        return
    if config.cluster != NO_CLUSTER:
        from genre.execution.crew import run_groups

        with closing(
            run_groups(_InPool(function), units, config=config, shared=shared)
        ) as outcomes:
            yield from outcomes
        return
    n_workers = min(config.n_workers or n_cores(), len(units))
    with WorkerPool(replace(config, n_workers=n_workers)) as pool:
        yield from run_in_pool(function, units, pool)


def run_in_pool(
    function: Callable[[Unit], Result], units: Iterable[Unit], pool: WorkerPool
) -> Generator[Outcome[Unit, Result]]:
    """Apply a function to every unit in workers that are there.

    Parameters
    ----------
    function : callable of one unit
        Importable by name.
    units : iterable of picklable objects
        As in `run_units`; read a few ahead of what is done.
    pool : WorkerPool
        The workers.

    Yields
    ------
    Outcome
        As `run_units`.

    Raises
    ------
    GenreError
        Where no worker can start.
    """
    waiting = iter(units)
    running: dict[Future[Result], tuple[Unit, bool]] = {}
    while True:
        for unit in waiting:
            running[pool.submit(function, unit)] = unit, False
            if len(running) >= _IN_FLIGHT_PER_WORKER * pool.n_workers:
                break
        if not running:
            return
        for done in wait(running, return_when=FIRST_COMPLETED).done:
            unit, was_tried = running.pop(done)
            outcome = pool.outcome(unit, done)
            if was_tried or not _was_killed(outcome):
                yield outcome
            else:
                running[pool.submit(function, unit)] = unit, True


def group_in_pool(
    function: Callable[[Unit], Result], units: Sequence[Unit], pool: WorkerPool
) -> list[Outcome[Unit, Result]]:
    """Apply a function to some units, all of which are waited for.

    Parameters
    ----------
    function, units, pool
        As in `run_in_pool`.

    Returns
    -------
    list of Outcome
        In the order of the units.
    """
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):  # one may be there more than once
        places[id(unit)].append(place)
    outcomes = run_in_pool(function, units, pool)
    return sorted(outcomes, key=lambda outcome: places[id(outcome.unit)].pop())


def _was_killed(outcome: Outcome[Any, Any]) -> bool:
    """Whether its worker ended, which may be another's doing: somebody's, or a full memory's."""
    error = outcome.error
    return isinstance(error, ExecutionError) and error.kind is ExecutionErrorKind.CRASHED


@dataclass(frozen=True)
class _InPool(Generic[Unit, Result]):
    """What a worker of a cluster does with units: each in its own killable process."""

    function: Callable[[Unit], Result]

    def __call__(self, units: Sequence[Unit], pool: WorkerPool) -> list[Outcome[Unit, Result]]:
        return group_in_pool(self.function, units, pool)
