"""Uploads: what is refused before it is read, and the rest on disk until the request is over.

They lie in a private folder, under names of our own.
"""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import IO, Any, TypeVar

from flask import Request, current_app, request

from genre.serving.deadlines import QueueFullError
from genre.serving.engine import Engine
from genre.serving.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])

FOLDER = "UPLOADS"
"""Key of the folder in the configuration of the app."""
_PREFIX = "genre-serve-"


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder for uploads that only this user can read.

    It is removed at the end; one whose server was killed is removed by the user's next server.

    Yields
    ------
    Path
    """
    root = Path(tempfile.gettempdir())
    _remove_leftovers(root)
    folder, lock = _make_folder(root)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _make_folder(root: Path) -> tuple[Path, int | None]:
    """Make a folder and lock it; the lock is None where the system has none for folders."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
        try:
            return folder, _locked(folder)
        except (BlockingIOError, FileNotFoundError):
            # A server that starts beside this one took it for a leftover before it was locked.
            continue
        except OSError:  # some network file systems; nobody else gets a lock there either
            return folder, None


def _remove_leftovers(root: Path) -> None:
    for folder in root.glob(f"{_PREFIX}*"):
        try:
            lock = _locked(folder)
        except OSError:  # another user's, one in use, no folder, or just gone
            continue
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """Open this user's folder under a lock that ends with this process; None without such locks.

    `BlockingIOError` where another process has the lock, `FileNotFoundError` where the folder went
    before it was locked, `OSError` where it is a link, no folder, or somebody else's.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        status = os.fstat(descriptor)
        if status.st_uid != os.getuid():
            raise PermissionError(errno.EPERM, "another user's folder", str(folder))
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(status, os.lstat(folder)):
            raise FileNotFoundError(errno.ENOENT, "another folder by now", str(folder))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


class UploadRequest(Request):
    """A request whose files go straight to disk, where a worker can read them."""

    # One file and a few fields; each part of a kind of file costs a file on disk.
    max_form_parts = 8

    def __init__(self, environ: dict[str, Any], **options: Any) -> None:  # noqa: ANN401 - Flask's
        super().__init__(environ, **options)
        self._made: list[IO[bytes]] = []

    def new_file(self) -> IO[bytes]:
        """Make a file that is deleted when the request is over, however it ends."""
        file = tempfile.NamedTemporaryFile(dir=current_app.config[FOLDER])  # noqa: SIM115
        self._made.append(file)
        return file

    def close(self) -> None:
        """Delete the files; Flask calls this at the end of every request."""
        super().close()
        for file in self._made:
            with suppress(OSError):  # a full disk: it cannot write what nobody needs; it is deleted
                file.close()

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - it is written to disk at any length
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002 - nobody's business
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return self.new_file()


def new_file() -> IO[bytes]:
    """Make a file of the request in hand; its `name` is its path.

    Returns
    -------
    file
        Deleted with the request.
    """
    if not isinstance(request, UploadRequest):
        raise TypeError("the app must have UploadRequest as its request_class")
    return request.new_file()


def takes(
    media_type: str, engine: Engine, *, max_bytes: int | None = None
) -> Callable[[View], View]:
    """Make the decorator that refuses what cannot be served before its body is read.

    Parameters
    ----------
    media_type : str
        That the body must have.
    engine : Engine
        Which must have room.
    max_bytes : int, in bytes, optional
        Of the body; no more than of any if None.
    """

    def _decorate(view: View) -> View:
        @wraps(view)
        def _guarded(*arguments: object, **options: object) -> object:
            if request.mimetype != media_type:
                raise Problem(415, f"the body must be {media_type}")
            if max_bytes is not None and (request.content_length or 0) > max_bytes:
                raise Problem(413, f"the body must be at most {max_bytes} bytes")
            if engine.is_full:
                raise QueueFullError
            return view(*arguments, **options)

        return _guarded  # type: ignore[return-value]  # it takes and gives what the view does

    return _decorate


def with_one_file(view: View) -> View:
    """Refuse a form that does not hold one file of the name `file`.

    Parameters
    ----------
    view : callable
        Of a form.
    """

    @wraps(view)
    def _guarded(*arguments: object, **options: object) -> object:
        if len(request.files.getlist("file")) != 1:
            raise Problem(422, "file must be there once, with a file name; one file per request")
        return view(*arguments, **options)

    return _guarded  # type: ignore[return-value]  # it takes and gives what the view does
