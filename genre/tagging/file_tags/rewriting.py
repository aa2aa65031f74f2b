"""Replace a user's file by a changed copy: whole or not at all, and never over someone's work.

The copy lies beside the file under a hidden name, is changed, flushed to the disk and renamed over
it. At whatever moment the machine stops, the file is the old one or the new one.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genre.errors import TagError
from genre.wording import shown

# A copy that is older than this was left by a process that was killed.
_LEFTOVER_SECONDS = 3600.0
_SUFFIX = ".genre-tmp"


@contextmanager
def replacing(path: Path, *, journal: Path, mtime_ns: int | None = None) -> Iterator[Path]:
    """Make a file beside another, to take its place when the block ends without an error.

    Parameters
    ----------
    path : Path
        A regular file with one name, no link; see `own_file`.
    journal : Path
        Whose work this is: what a kill leaves is known by it.
    mtime_ns : int or None
        Time of modification that the new file gets; None leaves it the time of its making, so that
        players and backups see the change. Mode, owner and group (each where that is allowed) and
        extended attributes are those of the old file.

    Yields
    ------
    Path
        An empty file.

    Raises
    ------
    TagError
        Where the file has been changed by somebody else in the meantime, or the file system
        refuses; the file is then as it was.
    OSError
        Where the disk is full; the file is then as it was.
    """
    try:
        seen = _stamp(path)
        with _beside(path, journal) as copy:
            yield copy
            _take_looks(copy, path, mtime_ns)
            _flush(copy)
            if _stamp(path) != seen:
                raise TagError(f"{shown(path)} was changed by another program; left as that has it")
            copy.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OSError(error.errno, error.strerror, shown(path)) from error
        raise TagError(f"{shown(path)} cannot be written ({error.strerror})") from error


def own_file(path: Path) -> Path:
    """Follow links to the file that may be replaced.

    Parameters
    ----------
    path : Path
        As a user names it.

    Returns
    -------
    Path
        The file itself, absolute; a link to it stays a link.

    Raises
    ------
    TagError
        Where the file is absent, read-only, or has several names, of which all but one would keep
        the old content.
    """
    try:
        file = path.resolve(strict=True)
        status = file.stat()
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise TagError(f"path={shown(path)!r} must be an existing file ({error})") from error
    if not stat.S_ISREG(status.st_mode):
        raise TagError(f"path={shown(path)!r} must be a regular file")
    # Root may write everything; a file without the permission was still meant to stay as it is.
    if not status.st_mode & 0o222 or not os.access(file, os.W_OK):
        raise TagError(f"{shown(path)} is read-only; make it writable first")
    if status.st_nlink > 1:
        raise TagError(
            f"{shown(path)} has {status.st_nlink} names (hard links), which writing would part; "
            "make it a copy of its own first"
        )
    return file


def remove_leftovers(folder: Path, journal: Path | None = None) -> None:
    """Delete the copies that killed runs left in a folder.

    Parameters
    ----------
    folder : Path
        Not searched any deeper.
    journal : Path or None
        Copies made for it are deleted at once: one run alone has a journal. Those of others may be
        in use for an hour.
    """
    ours = "" if journal is None else _mark(journal)
    # A folder that is gone or cannot be changed is told about where a file of it is written.
    with contextlib.suppress(OSError):
        for copy in folder.glob(f".*{_SUFFIX}"):
            is_ours = ours and copy.name.split(".")[2] == ours
            if is_ours or time.time() - copy.stat().st_mtime > _LEFTOVER_SECONDS:
                copy.unlink()


class Leftovers:
    """What killed runs left beside files: deleted once for each folder.

    Parameters
    ----------
    journal : Path or None
        As for `remove_leftovers`.
    """

    def __init__(self, journal: Path | None = None) -> None:
        self._journal = journal
        self._cleared: set[Path] = set()

    def clear_beside(self, path: Path) -> None:
        """Delete what was left in the folder of a file.

        Parameters
        ----------
        path : Path
            The file; through a link, the one it leads to.
        """
        folder = path.resolve().parent
        if folder not in self._cleared:
            self._cleared.add(folder)
            remove_leftovers(folder, self._journal)


def flush_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder.

    Parameters
    ----------
    folder : Path
        In which a file was made or renamed.
    """
    if sys.platform == "win32":  # which cannot open a folder, and needs not
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _beside(path: Path, journal: Path) -> Iterator[Path]:
    # A digest is short and plain, whatever the name of the file.
    prefix = f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.{_mark(journal)}."
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=_SUFFIX)
    os.close(descriptor)
    copy = Path(name)
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _mark(journal: Path) -> str:
    return hashlib.sha256(os.fsencode(journal.resolve())).hexdigest()[:16]


def _take_looks(copy: Path, path: Path, mtime_ns: int | None) -> None:
    status = path.stat()
    if sys.platform != "win32":
        # Only root gives files away; a group that one is in may have them.
        for user, group in ((-1, status.st_gid), (status.st_uid, -1)):
            with contextlib.suppress(PermissionError):
                os.chown(copy, user, group)
    now = copy.stat().st_mtime_ns
    shutil.copystat(path, copy)
    os.utime(copy, ns=(status.st_atime_ns, now if mtime_ns is None else mtime_ns))


def _stamp(path: Path) -> tuple[int, int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
