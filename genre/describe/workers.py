"""Strangers' files are read in workers that can be killed; a bad one costs its part only."""

import math
import time
from collections.abc import Callable
from typing import TypeVar

from genre.describe.card import Absent
from genre.execution import WorkerPool

__all__ = ["UNHURRIED", "Deadline", "in_worker"]

Unit = TypeVar("Unit")
Result = TypeVar("Result")


class Deadline:
    """The moment by which a card must be done; parts that are late are absent.

    A model at work cannot be killed, so it is asked in small pieces, and this is looked at between.

    Parameters
    ----------
    seconds : float, in seconds
        From now.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._moment = time.monotonic() + seconds

    def left(self) -> float:
        """Compute the seconds to come.

        Returns
        -------
        float, in seconds
            Above 0; infinite where there is no hurry.

        Raises
        ------
        Absent
            Where there are none.
        """
        left = self._moment - time.monotonic()
        if left <= 0:
            raise Absent(f"not done within {self._seconds:g} s")
        return left


UNHURRIED = Deadline(math.inf)


def in_worker(
    pool: WorkerPool,
    function: Callable[[Unit], Result],
    unit: Unit,
    *,
    timeout_seconds: float | None = None,
    deadline: Deadline = UNHURRIED,
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
    deadline : Deadline
        Of the card.

    Raises
    ------
    Absent
        Where the file is at fault, or the worker was lost.
    """
    limit = pool.config.timeout_seconds if timeout_seconds is None else timeout_seconds
    outcome = pool.run(function, unit, timeout_seconds=min(limit, deadline.left()))
    if outcome.result is None:
        if isinstance(outcome.error, Absent):
            raise outcome.error
        raise Absent(str(outcome.error))
    return outcome.result
