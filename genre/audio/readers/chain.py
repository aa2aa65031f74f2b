"""Several streams in one file, behind each other, each opened when it is its turn.

A decoder stops where the sample rate or the number of channels changes, or at the end of the first
stream; whoever listens does not.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from genre.audio.sound import Buffer, Sound, check_layout
from genre.errors import AudioError


class Chain:
    """Streams behind each other as one sound.

    Parameters
    ----------
    path : Path
        The file, for messages.
    parts : sequence of callable
        Each opens a stream; at least one. The first is opened at once.

    Raises
    ------
    AudioError
        Where the first one cannot be opened.
    """

    def __init__(self, path: Path, parts: Sequence[Callable[[], Sound]]) -> None:
        self._path = path
        self._waiting = list(parts)
        self._current = self._waiting.pop(0)()
        self.samplerate = self._current.samplerate
        self.channels = self._current.channels

    def read_block(self, buffer: Buffer) -> tuple[int, str | None]:
        """Read the next frames; see `genre.audio.sound.Sound`."""
        n_read, trouble = self._current.read_block(buffer)
        while n_read == 0 and trouble is None and self._waiting:
            self._current.close()
            try:
                self._current = self._waiting.pop(0)()
                layout = self._current.samplerate, self._current.channels
                check_layout(self._path, *layout)
            except AudioError as error:
                return 0, error.message
            if layout != (self.samplerate, self.channels):
                self.samplerate, self.channels = layout
                return 0, None
            n_read, trouble = self._current.read_block(buffer)
        return n_read, trouble

    def close(self) -> None:
        """Close the stream that is open."""
        self._current.close()
