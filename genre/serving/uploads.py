"""Uploads on disk: in a private folder, under names of our own, gone when the request is over."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from flask import Request, current_app, request

FOLDER = "UPLOADS"
"""Key of the folder in the configuration of the app."""
_PREFIX = "genre-serve-"
_LOCK = "lock"


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder for uploads that only this user can read.

    It is removed at the end; one whose server was killed is removed by the next.

    Yields
    ------
    Path
    """
    _remove_leftovers(Path(tempfile.gettempdir()))
    with (
        tempfile.TemporaryDirectory(prefix=_PREFIX) as name,
        (Path(name) / _LOCK).open("w") as lock,
    ):
        _is_locked(lock)
        yield Path(name)


def _remove_leftovers(root: Path) -> None:
    for mark in root.glob(f"{_PREFIX}*/{_LOCK}"):
        try:
            with mark.open("w") as lock:
                if not _is_locked(lock):
                    shutil.rmtree(mark.parent, ignore_errors=True)
        except OSError:  # another user's, or just gone
            continue


def _is_locked(file: IO[str]) -> bool:
    """Take a lock that ends with this process; whether another one holds it."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


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
