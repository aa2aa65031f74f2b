"""Uploads on disk: in a private folder, under names of our own, gone when the request is over."""

import tempfile
from typing import IO, Any

from flask import Request, current_app, request

FOLDER = "UPLOADS"
"""Key of the folder in the configuration of the app."""


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
