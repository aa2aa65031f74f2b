"""Room on this machine for what is brought from elsewhere, which no killed process leaves full."""

import atexit
import os
import shutil
import stat
import sys
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO

from genre.addresses import Address
from genre.errors import ConfigError
from genre.file_locks import lock

__all__ = ["clear_leftovers", "own_folder", "scratch_of"]

_HELD: list[IO[bytes]] = []
_PREFIX = "brought-"
_LOCK = "lock"


@cache
def _folder_of(_pid: int) -> Path:
    """Make a folder of this process alone, and clear what dead ones left beside it."""
    top = _top()
    clear_leftovers()
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=top))
        try:
            held = (folder / _LOCK).open("ab")
        except FileNotFoundError:  # taken for a leftover, between making and locking
            continue
        if lock(held) and (folder / _LOCK).exists():
            _HELD.append(held)  # as long as this process lives
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            return folder
        held.close()


def own_folder() -> Path:
    """Find the folder for files of this process; nobody else writes into it.

    Returns
    -------
    Path
        Below the system's folder for temporary files (``TMPDIR``).
    """
    return _folder_of(os.getpid())  # a forked process has another


def clear_leftovers() -> None:
    """Delete the folders of `own_folder` whose processes have ended, however they did."""
    if sys.platform == "win32":  # which has no such locks
        return
    for folder in _top().glob(f"{_PREFIX}*"):
        try:
            with (folder / _LOCK).open("rb") as held:
                if lock(held):
                    shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # somebody else was quicker, or it is not yet locked
            continue


def scratch_of(address: Address) -> Path:
    """Find the folder of this machine that stands for one elsewhere; it stays, and may be deleted.

    Parameters
    ----------
    address : Address
        Of the folder elsewhere.

    Returns
    -------
    Path
        Below the system's folder for temporary files (``TMPDIR``).
    """
    name = sha256(str(address).rstrip("/").encode()).hexdigest()[:16]
    folder = _top() / f"stands-for-{name}"
    folder.mkdir(exist_ok=True)
    return folder


def _top() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    top = Path(tempfile.gettempdir()) / f"genre-{user}"
    top.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = top.lstat()
    # In a folder that all may write into, somebody else may have made one of this name.
    if not stat.S_ISDIR(status.st_mode) or (hasattr(os, "getuid") and status.st_uid != user):
        raise ConfigError(f"{top} must be a folder of your own; set TMPDIR to another place")
    return top
