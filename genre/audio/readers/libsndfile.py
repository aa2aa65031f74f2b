"""libsndfile, read strictly forwards, with an honest account of how long a file is."""

import contextlib
import io
import os
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from genre.audio.containers import Container, Content
from genre.audio.readers.chain import Chain
from genre.audio.readers.flac import flac_lengths
from genre.audio.readers.headers import mended_au, mended_wav
from genre.audio.readers.ogg import ogg_links
from genre.audio.readers.spliced import SplicedFile
from genre.audio.sound import Buffer, Lengths, Sound
from genre.errors import AudioError, AudioErrorKind
from genre.wording import shown

# Programs that write to a pipe put the largest number, or nearly so, where they know no length.
_UNKNOWN_SIZE = 0x7FFF_0000
_UNKNOWN_FRAMES = 2**62
_CUT_TOLERANCE = 0.05
# libsndfile's numbers: SF_ERR_UNSUPPORTED_ENCODING and SFE_UNIMPLEMENTED; and SFE_BAD_FILE, its
# misleading answer ("does not exist") to an MPEG stream in which it finds nothing to decode.
_UNSUPPORTED_CODES = (4, 18)
_NOTHING_FOUND_CODE = 7
_MENDERS = {Container.WAV: mended_wav, Container.AU: mended_au}
_STDERR = 2


class SoundFile(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no annotations
    """A file that is never sought in.

    soundfile seeks to where it already is after every read; on a damaged FLAC file that fails and
    loses what was read.

    Parameters
    ----------
    source : str, bytes or file
        What libsndfile opens.
    is_noisy : bool
        The codec writes to the terminal.
    """

    def __init__(self, source: str | bytes | io.RawIOBase, *, is_noisy: bool = False) -> None:
        self._silenced = codec_silenced if is_noisy else contextlib.nullcontext
        self._source = source
        with self._silenced():
            super().__init__(source)

    def seekable(self) -> bool:
        """Return False, so that soundfile leaves the position alone."""
        return False

    def close(self) -> None:
        """Close the file, and what stood for it, which soundfile leaves open."""
        super().close()
        if isinstance(self._source, io.RawIOBase):
            self._source.close()

    def read_block(self, buffer: Buffer) -> tuple[int, str | None]:
        """Read the next frames; see `genre.audio.sound.Sound`."""
        # After an error libsndfile does not say how much it had written, so the rest is marked.
        buffer.fill(np.nan)
        try:
            with self._silenced():
                return len(self.read(out=buffer)), None
        except soundfile.LibsndfileError as error:
            is_empty = np.isnan(buffer).any(axis=1)
            n_read = int(is_empty.argmax()) if is_empty.any() else len(buffer)
            return n_read, str(error.error_string)


def open_sound(path: Path, content: Content) -> tuple[Sound, Lengths]:
    """Open a file with libsndfile and find out how long it should be.

    Parameters
    ----------
    path : Path
        The file.
    content : Content
        What it is, one of those that libsndfile reads but MPEG, and where it begins.

    Raises
    ------
    AudioError
        Of kind ``unsupported`` or ``corrupt``.
    """
    source, lengths = None, Lengths()
    size = path.stat().st_size
    if content.container is Container.OGG:
        links = ogg_links(path, content.start)
        if len(links.spans) > 1:
            parts = [partial(_open_link, path, span) for span in links.spans]
            return Chain(path, parts), Lengths(is_cut=links.is_cut)
        lengths = Lengths(is_cut=links.is_cut)
    elif content.container is Container.FLAC:
        lengths, head = flac_lengths(path, content.start)
        if head:
            source = SplicedFile(path, head, content.start + len(head), size)
    elif content.container in _MENDERS and (
        mended := _MENDERS[content.container](path, content.start)
    ):
        source = SplicedFile(path, mended.head, mended.start, size)
        lengths = Lengths(declared=mended.declared)
    elif content.container in (Container.WAV, Container.AIFF):
        lengths = Lengths(is_cut=_is_cut(path, content.start, size))
    if not content.is_plain and source is None:
        source = SplicedFile(path, b"", content.start, size)
    sound = open_with_libsndfile(path, content.container, source)
    if lengths.declared is None and 0 < sound.frames < _UNKNOWN_FRAMES and source is None:
        lengths = Lengths(declared=sound.frames, is_cut=lengths.is_cut)
    return sound, lengths


def open_with_libsndfile(
    path: Path, container: Container, source: SplicedFile | None = None
) -> SoundFile:
    """Open a file, or what stands for it, and say what is wrong where that fails.

    Parameters
    ----------
    path : Path
        The file.
    container : Container
        What it is.
    source : SplicedFile, optional
        What is read in its place.

    Raises
    ------
    AudioError
        Of kind ``unsupported`` or ``corrupt``.
    """
    # As bytes, so that a name which is no valid text can be opened too.
    name = str(path) if sys.platform == "win32" else os.fsencode(path)
    try:
        return SoundFile(source or name, is_noisy=container in (Container.MP3, Container.WAV))
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


def _open_link(path: Path, link: tuple[int, int]) -> SoundFile:
    return open_with_libsndfile(path, Container.OGG, SplicedFile(path, b"", *link))


def _is_cut(path: Path, start: int, size: int) -> bool:
    with path.open("rb") as file:
        file.seek(start)
        head = file.read(8)
    claimed = int.from_bytes(head[4:8], "big" if head[:4] in (b"FORM", b"RIFX") else "little")
    return claimed < _UNKNOWN_SIZE and size - start < (1 - _CUT_TOLERANCE) * claimed


@contextlib.contextmanager
def codec_silenced() -> Iterator[None]:
    """Send what a codec writes to the terminal nowhere, on the main thread.

    libmpg123 complains straight to the terminal. The place it writes to belongs to the whole
    process, so it is only pointed elsewhere on the main thread and only while the codec runs: a
    command of one thread stays clean, and a server, which decodes on other threads, loses no line
    of its log and finds the codec's complaints there.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    try:
        kept = os.dup(_STDERR)
    except OSError:  # there is no terminal to be kept clean
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _STDERR)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
