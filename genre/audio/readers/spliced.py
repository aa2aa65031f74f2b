"""A part of a file seen as a file of its own, with other bytes before it, without a copy of it."""

import io
import os
from pathlib import Path


class SplicedFile(io.RawIOBase):
    """Some bytes, then a part of a file; read piece by piece, so that nothing is held of it.

    Parameters
    ----------
    path : Path
        The file.
    prefix : bytes
        What is put before the part.
    start, stop : int, in bytes
        Where the part begins and ends.
    """

    def __init__(self, path: Path, prefix: bytes, start: int, stop: int) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self._prefix = prefix
        self._skip = start - len(prefix)
        self._size = stop - self._skip
        self._position = 0

    def readable(self) -> bool:
        """Return True: this file can be read."""
        return True

    def seekable(self) -> bool:
        """Return True: libsndfile may look around in it."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to an offset in bytes from the start, the position or the end."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = min(max(0, origin + offset), self._size)
        return self._position

    def tell(self) -> int:
        """Return the position in bytes."""
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # one buffer type
        """Fill a buffer with the next bytes and return how many there were."""
        first = self._prefix[self._position : self._position + len(buffer)]
        start = self._position + len(first) + self._skip
        n_wanted = min(len(buffer) - len(first), self._size + self._skip - start)
        piece = first
        if n_wanted > 0:
            self._file.seek(start)
            piece += self._file.read(n_wanted)
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        """Close the file behind it."""
        self._file.close()
        super().close()
