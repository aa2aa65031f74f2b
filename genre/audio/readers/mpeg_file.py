"""MPEG files through libsndfile, given the length that was counted from the frame headers.

Decoders estimate the length of a stream of varying bit rate from its first frames and stop
there, so the estimate can be wrong by any factor.

libsndfile also stops where the sample rate or the number of channels changes (a mono jingle before
a song, joined files). What begins there is opened as a stream of its own.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from genre.audio.containers import Container, Content
from genre.audio.readers.chain import Chain
from genre.audio.readers.libsndfile import SoundFile, open_with_libsndfile
from genre.audio.readers.mpeg import xing_frame
from genre.audio.readers.mpeg_stream import MpegStream, scan_streams
from genre.audio.readers.spliced import SplicedFile
from genre.audio.sound import Lengths, Sound

_SLACK_FRAMES = 4  # encoder delay and padding, which a decoder may take off


def open_mpeg(path: Path, content: Content) -> tuple[Sound, Lengths]:
    """Open an MPEG file and find out how long it should be.

    Parameters
    ----------
    path : Path
        The file.
    content : Content
        Where its frames begin.

    Returns
    -------
    tuple of Sound and Lengths
        Where libsndfile would guess the length too short, or the stream begins behind other
        bytes, the file seen through a header that states the counted length; where the format
        changes, one stream behind the other.

    Raises
    ------
    AudioError
        Of kind ``unsupported`` or ``corrupt``.
    """
    with path.open("rb", buffering=0) as file:
        streams = scan_streams(file, content.start)
    size = path.stat().st_size
    if not streams:
        source = SplicedFile(path, b"", content.start, size) if not content.is_plain else None
        return open_with_libsndfile(path, Container.MP3, source), Lengths()
    lengths = _lengths(streams)
    if len(streams) > 1:
        parts = [partial(_open_part, path, stream, stream.end or size) for stream in streams]
        return Chain(path, parts), lengths
    return _open_stream(path, content, streams[0], lengths, size), lengths


def _lengths(streams: Sequence[MpegStream]) -> Lengths:
    first = streams[0].first
    slack = _SLACK_FRAMES * first.n_samples * len(streams)
    if len(streams) > 1:
        seconds = sum(stream.n_samples / stream.first.sample_rate for stream in streams)
        return Lengths(present=round(seconds * first.sample_rate), slack=slack)
    promised = streams[0].n_declared_frames
    return Lengths(
        declared=promised and promised * first.n_samples,
        present=streams[0].n_samples,
        slack=slack,
    )


def _open_part(path: Path, stream: MpegStream, stop: int) -> SoundFile:
    if not stream.takes_xing:
        return open_with_libsndfile(
            path, Container.MP3, SplicedFile(path, b"", stream.sound_start, stop)
        )
    prefix = xing_frame(stream.head, stream.n_frames, stop - stream.sound_start)
    source = SplicedFile(path, prefix, stream.sound_start, stop)
    return open_with_libsndfile(path, Container.MP3, source)


def _open_stream(
    path: Path, content: Content, stream: MpegStream, lengths: Lengths, size: int
) -> SoundFile:
    takes_xing = stream.takes_xing
    if not takes_xing and not content.is_plain:
        source = SplicedFile(path, b"", stream.start, size)
        return open_with_libsndfile(path, Container.MP3, source)
    if not takes_xing or (stream.start == content.start and content.is_plain):
        sound = open_with_libsndfile(path, Container.MP3)
        if sound.frames + lengths.slack >= stream.n_samples or not takes_xing:
            return sound
        sound.close()
    return _open_part(path, stream, size)
