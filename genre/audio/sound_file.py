"""libsndfile, read strictly forwards, with an honest account of how long a file is."""

import io
import mmap
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from genre.audio.containers import HEAD_BYTES, Container, cannot_open, id3_bytes, shown
from genre.audio.mpeg import MpegStream, scan_stream, xing_frame
from genre.errors import AudioError, AudioErrorKind

# Programs that write to a pipe put the largest number, or nearly so, where they know no length.
_UNKNOWN_SIZE = 0x7FFF_0000
_UNKNOWN_FRAMES = 2**62
_CUT_TOLERANCE = 0.05
# libsndfile's numbers: SF_ERR_UNSUPPORTED_ENCODING and SFE_UNIMPLEMENTED; and SFE_BAD_FILE, its
# misleading answer ("does not exist") to an MPEG stream in which it finds nothing to decode.
_UNSUPPORTED_CODES = (4, 18)
_NOTHING_FOUND_CODE = 7
_SLACK_MPEG_FRAMES = 4  # encoder delay and padding, which a decoder may take off


class SoundFile(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no annotations
    """A file that is never sought in.

    soundfile seeks to where it already is after every read; on a damaged FLAC file that fails and
    loses what was read.
    """

    def seekable(self) -> bool:
        """Tell soundfile to leave the position alone."""
        return False


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """What a file says about its length.

    Parameters
    ----------
    declared : int or None
        Frames that its header promises; None where it does not say.
    present : int or None
        Frames counted in the file without decoding; None where they cannot be counted.
    slack : int
        Frames by which a decoder may differ from either.
    is_cut : bool
        The file has fewer bytes than its header says.
    """

    declared: int | None = None
    present: int | None = None
    slack: int = 0
    is_cut: bool = False


class _Prefixed(io.RawIOBase):
    """A file with some bytes put before it and some of its own left out, without a copy."""

    def __init__(self, prefix: bytes, data: mmap.mmap, start: int) -> None:
        super().__init__()
        self._prefix = prefix
        self._data = data
        self._skip = start - len(prefix)
        self._size = len(data) - self._skip
        self._position = 0

    def readable(self) -> bool:
        """Tell that this file can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that libsndfile may look around in it."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to an offset in bytes from the start, the position or the end."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = min(max(0, origin + offset), self._size)
        return self._position

    def tell(self) -> int:
        """Give the position in bytes."""
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # one buffer type
        """Fill a buffer with the next bytes and say how many there were."""
        first = self._prefix[self._position : self._position + len(buffer)]
        start = self._position + len(first) + self._skip
        piece = first + self._data[start : start + len(buffer) - len(first)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


def open_sound(path: Path, container: Container) -> tuple[SoundFile, Lengths]:
    """Open a file with libsndfile and find out how long it should be.

    Parameters
    ----------
    path : Path
        The file.
    container : Container
        What it is; one of those that libsndfile reads.

    Returns
    -------
    tuple of SoundFile and Lengths
        Of an MPEG stream whose length libsndfile would guess too short, or which begins behind
        other bytes, the file seen through a header that states the counted length.

    Raises
    ------
    AudioError
        Of kind ``unsupported`` or ``corrupt``.
    """
    if container is Container.MP3:
        return _open_mpeg(path)
    sound = _open(path, container)
    is_known = 0 < sound.frames < _UNKNOWN_FRAMES
    return sound, Lengths(
        declared=sound.frames if is_known else None, is_cut=_is_cut(path, container)
    )


def read_block(sound: SoundFile, buffer: NDArray[np.float32]) -> tuple[int, str | None]:
    """Read the next frames of a file.

    Parameters
    ----------
    sound : SoundFile
        The file.
    buffer : ndarray of shape (n_frames, n_channels)
        Filled from its start.

    Returns
    -------
    tuple of int and (str or None)
        Number of frames read, 0 at the end; and what stopped the decoder in mid-stream.
    """
    # After an error libsndfile does not say how much it had written, so the rest is marked.
    buffer.fill(np.nan)
    try:
        return len(sound.read(out=buffer)), None
    except soundfile.LibsndfileError as error:
        is_empty = np.isnan(buffer).any(axis=1)
        n_read = int(is_empty.argmax()) if is_empty.any() else len(buffer)
        return n_read, str(error.error_string)


def _open_mpeg(path: Path) -> tuple[SoundFile, Lengths]:
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise cannot_open(path, error) from error
    tag_bytes = id3_bytes(data[:HEAD_BYTES])
    stream = scan_stream(data, tag_bytes)
    if stream is None:
        return _open(path, Container.MP3), Lengths()
    lengths = Lengths(
        declared=stream.n_declared_frames and stream.n_declared_frames * stream.first.n_samples,
        present=stream.n_samples,
        slack=_SLACK_MPEG_FRAMES * stream.first.n_samples,
    )
    if stream.start == tag_bytes or stream.first.layer != 3:
        sound = _open(path, Container.MP3)
        if sound.frames + lengths.slack >= stream.n_samples or stream.first.layer != 3:
            return sound, lengths
        sound.close()
    return _open(path, Container.MP3, _with_length(data, stream)), lengths


def _with_length(data: mmap.mmap, stream: MpegStream) -> _Prefixed:
    start = stream.sound_start
    head = data[start : start + 4]
    return _Prefixed(xing_frame(head, stream.n_frames, len(data) - start), data, start)


def _open(path: Path, container: Container, source: io.RawIOBase | None = None) -> SoundFile:
    # As bytes, so that a name which is no valid text can be opened too.
    name = str(path) if sys.platform == "win32" else os.fsencode(path)
    try:
        return SoundFile(name if source is None else source)
    except soundfile.LibsndfileError as error:
        is_nothing = error.code == _NOTHING_FOUND_CODE
        reason = "no whole frame of sound" if is_nothing else error.error_string.rstrip(".")
        # There is no FLAC that libsndfile does not know, so one of these is a broken one.
        if error.code in _UNSUPPORTED_CODES and container is not Container.FLAC:
            raise AudioError(
                AudioErrorKind.UNSUPPORTED,
                f"{shown(path)} is coded in a way that is not read here ({reason}); "
                "convert it to FLAC or MP3",
            ) from error
        raise AudioError(
            AudioErrorKind.CORRUPT, f"{shown(path)} cannot be decoded ({reason}); copy it again"
        ) from error


def _is_cut(path: Path, container: Container) -> bool:
    if container not in (Container.WAV, Container.AIFF):
        return False
    with path.open("rb") as file:
        head = file.read(8)
    size = int.from_bytes(head[4:8], "big" if head[:4] in (b"FORM", b"RIFX") else "little")
    return size < _UNKNOWN_SIZE and path.stat().st_size < (1 - _CUT_TOLERANCE) * size
