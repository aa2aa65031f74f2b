"""Keeping two processes from one file; a lock ends with the process that holds it."""

import sys
from typing import IO, Any

__all__ = ["lock"]


def lock(file: IO[Any] | int, *, wait: bool = False) -> bool:
    """Lock an open file against the other processes that ask for the same.

    Parameters
    ----------
    file : file or int
        Open for writing, or its descriptor; closing it ends the lock.
    wait : bool
        Whether to wait until another process is done.

    Returns
    -------
    bool
        False where another process holds it. True where it is ours, and where the file system, as
        some of networks, or Windows has no such locks.
    """
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
