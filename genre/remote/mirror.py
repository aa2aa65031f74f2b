"""A folder of this machine and one elsewhere that are kept alike while work goes on."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from genre.addresses import Address
from genre.errors import AddressError
from genre.remote.copying import fetch, find_files, put, remove
from genre.remote.scratch import own_folder

__all__ = ["bring_files", "mirrored"]

logger = logging.getLogger(__name__)

SECONDS_BETWEEN = 5.0


def bring_files(
    origin: Address, folder: Path, *, is_wanted: Callable[[str], bool] | None = None
) -> None:
    """Bring files from an address that are not in a folder yet.

    Parameters
    ----------
    origin : Address
        The folder elsewhere; one that is not there has no files.
    folder : Path
        The folder here.
    is_wanted : callable of str, optional
        Asked with each path below the folder; all are wanted if None.

    Raises
    ------
    AddressError
        Where one does not come.
    """
    for name in find_files(origin):
        target = folder / name
        if target.exists() or _is_passing(target) or (is_wanted and not is_wanted(name)):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{own_folder().name}.tmp")
        try:
            fetch(origin / name, beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def mirrored(origin: Address, folder: Path) -> Iterator[None]:
    """Keep a folder elsewhere like one here while a block runs.

    What is there is brought first. Every few seconds, and at the end, files that have changed are
    put there whole, the oldest first: a record that is written last, appears last. Files that are
    gone here are removed there.

    Parameters
    ----------
    origin : Address
        The folder elsewhere.
    folder : Path
        The folder here.

    Raises
    ------
    AddressError
        Where what is there does not come, or what is new at the end cannot be put.
    """
    bring_files(origin, folder)
    seen = _look(folder)
    done, lock = threading.Event(), threading.Lock()

    def _push() -> None:
        with lock:
            now = _look(folder)
            for path in sorted(now, key=lambda path: now[path]):
                if seen.get(path) != now[path] and path.exists():
                    put(path, origin / path.relative_to(folder).as_posix())
                    seen[path] = now[path]
            for path in [path for path in seen if path not in now]:
                remove(origin / path.relative_to(folder).as_posix())
                del seen[path]

    def _watch() -> None:
        while not done.wait(SECONDS_BETWEEN):
            try:
                _push()
            except (AddressError, OSError) as error:  # it is tried again soon, and at the end
                logger.warning("%s", error)

    watcher = threading.Thread(target=_watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        _push()


def _look(folder: Path) -> dict[Path, tuple[int, int]]:
    found = {}
    for path in folder.rglob("*"):
        try:
            if path.is_file() and not _is_passing(path):
                status = path.stat()
                found[path] = status.st_mtime_ns, status.st_size
        except FileNotFoundError:
            continue
    return found


def _is_passing(path: Path) -> bool:
    """Check whether a file is half-written, or a lock."""
    return path.name.startswith(".") and path.suffix in (".tmp", ".lock")
