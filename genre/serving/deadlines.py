"""Until when a request must be answered, and what is raised where it cannot be."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class QueueFullError(Exception):
    """There are as many requests as the server takes on."""


class DeadlineError(Exception):
    """A request was not answered within `deadline_seconds`."""


class Deadline:
    """A moment by which something must be done, and in words what sets it.

    Parameters
    ----------
    limit : str
        What sets it.
    seconds : float, in seconds
        From now.
    """

    def __init__(self, limit: str, seconds: float) -> None:
        self._limit = limit
        self._moment = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds to come, 0 where there are none."""
        return max(0.0, self._moment - time.monotonic())

    def missed(self) -> DeadlineError:
        """Make the error to raise."""
        return DeadlineError(f"not done within {self._limit}")


@contextmanager
def held(places: threading.Semaphore, deadline: Deadline) -> Iterator[None]:
    """Hold one of several places while the block lasts.

    Parameters
    ----------
    places : Semaphore
        As many as there are.
    deadline : Deadline
        Until when one may become free.

    Raises
    ------
    DeadlineError
        Where none did.
    """
    if not places.acquire(timeout=deadline.left()):
        raise deadline.missed()
    try:
        yield
    finally:
        places.release()
