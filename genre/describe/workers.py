"""Strangers' files are read in workers that can be killed; a bad one costs its part only."""

from collections.abc import Callable
from typing import TypeVar

from genre.describe.card import Absent
from genre.execution import WorkerPool

__all__ = ["in_worker"]

Unit = TypeVar("Unit")
Result = TypeVar("Result")


def in_worker(
    pool: WorkerPool,
    function: Callable[[Unit], Result],
    unit: Unit,
    *,
    timeout_seconds: float | None = None,
) -> Result:
    """Have a worker read something, and wait for it.

    Parameters
    ----------
    pool : WorkerPool
        The workers and their limits.
    function : callable of one unit
        Importable by name.
    unit : picklable object
        What it reads.
    timeout_seconds : float, in seconds, optional
        Its limit; that of the pool if None.

    Raises
    ------
    Absent
        Where the file is at fault, or the worker was lost.
    """
    limit = pool.config.timeout_seconds if timeout_seconds is None else timeout_seconds
    outcome = pool.run(function, unit, timeout_seconds=limit)
    if outcome.result is None:
        if isinstance(outcome.error, Absent):
            raise outcome.error
        raise Absent(str(outcome.error))
    return outcome.result
