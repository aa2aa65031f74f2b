"""MPEG files through libsndfile, told the length that was counted from the frame headers."""

from pathlib import Path

from genre.audio.containers import Container, Content
from genre.audio.readers.libsndfile import SoundFile, open_with_libsndfile
from genre.audio.readers.mpeg import xing_frame
from genre.audio.readers.mpeg_stream import MpegStream, scan_stream
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
        bytes, the file seen through a header that states the counted length.

    Raises
    ------
    AudioError
        Of kind ``unsupported`` or ``corrupt``.
    """
    with path.open("rb", buffering=0) as file:
        stream = scan_stream(file, content.start)
    size = path.stat().st_size
    if stream is None:
        source = SplicedFile(path, b"", content.start, size) if not content.is_plain else None
        return open_with_libsndfile(path, Container.MP3, source), Lengths()
    lengths = Lengths(
        declared=stream.n_declared_frames and stream.n_declared_frames * stream.first.n_samples,
        present=stream.n_samples,
        slack=_SLACK_FRAMES * stream.first.n_samples,
    )
    return _open_stream(path, content, stream, lengths, size), lengths


def _open_stream(
    path: Path, content: Content, stream: MpegStream, lengths: Lengths, size: int
) -> SoundFile:
    # A Xing frame is a layer III frame of known bit rate, and can stand only before such a stream.
    takes_xing = stream.first.layer == 3 and stream.first.n_bytes > 0
    if not takes_xing and not content.is_plain:
        source = SplicedFile(path, b"", stream.start, size)
        return open_with_libsndfile(path, Container.MP3, source)
    if not takes_xing or (stream.start == content.start and content.is_plain):
        sound = open_with_libsndfile(path, Container.MP3)
        if sound.frames + lengths.slack >= stream.n_samples or not takes_xing:
            return sound
        sound.close()
    start = stream.sound_start
    prefix = xing_frame(stream.head, stream.n_frames, size - start)
    return open_with_libsndfile(path, Container.MP3, SplicedFile(path, prefix, start, size))
