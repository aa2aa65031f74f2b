"""MPEG files through libsndfile, given the length that was counted from the frame headers.

Decoders estimate the length of a stream of varying bit rate from its first frames and stop
there, so the estimate can be wrong by any factor. Walking the headers is exact and costs one to
two hundredths of decoding. The file is read in pieces: a mapped one would count as memory.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from genre.audio.containers import Container, Content, tag_bytes
from genre.audio.readers.libsndfile import SoundFile, open_with_libsndfile
from genre.audio.readers.mpeg import (
    FrameHeader,
    declared_frames,
    find_first_frame,
    parse_frame_header,
    xing_frame,
)
from genre.audio.readers.spliced import SplicedFile
from genre.audio.sound import Lengths, Sound

_PIECE_BYTES = 2**18
# Three frames of the longest kind (2,881 bytes: 160 kbit/s at 8 kHz), so that whatever begins
# before this margin is seen with its followers.
_MARGIN_BYTES = 2**14
_MAX_FREE_BYTES = 4608
# Behind so much that is no frame nobody looks for more; a decoder gives up much sooner.
_MAX_JUNK_BYTES = 2**22
# Frames that must follow at the distance that is taken for the length of a free-format one.
_MIN_FREE_FRAMES = 3
_SLACK_FRAMES = 4  # encoder delay and padding, which a decoder may take off


@dataclass(frozen=True, kw_only=True)
class MpegStream:
    """The sound in an MPEG stream, as its headers have it.

    Parameters
    ----------
    start : int, in bytes
        Where the first frame lies.
    sound_start : int, in bytes
        Where the first frame with sound lies: behind a Xing, Info or VBRI frame.
    n_frames : int
        Number of frames with sound that are in the file.
    n_declared_frames : int or None
        Number of frames that the Xing, Info or VBRI frame promises.
    first : FrameHeader
        Header of the first frame; its `n_bytes` is 0 in free format.
    head : bytes
        The first four bytes of the first frame with sound.
    """

    start: int
    sound_start: int
    n_frames: int
    n_declared_frames: int | None
    first: FrameHeader
    head: bytes

    @property
    def n_samples(self) -> int:
        """Samples per channel that are in the file."""
        return self.n_frames * self.first.n_samples


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


def scan_stream(file: BinaryIO, start: int = 0) -> MpegStream | None:
    """Walk the frames of an MPEG audio file.

    Parameters
    ----------
    file : binary file
        The file; its position is changed.
    start : int, in bytes
        Where to begin to look: behind an ID3 tag.

    Returns
    -------
    MpegStream or None
        None where no stream is found, or one of free format whose frames have no common length.
    """
    file.seek(start)
    piece = file.read(_PIECE_BYTES)
    offset = find_first_frame(piece)
    first = None if offset is None else parse_frame_header(piece, offset)
    if offset is None or first is None:
        return None
    free_bytes = 0 if first.n_bytes else _free_bytes(piece, offset, first)
    n_bytes = first.n_bytes or free_bytes + first.n_padding
    if not n_bytes:
        return None
    declared = declared_frames(piece[offset : offset + n_bytes])
    sound = offset if declared is None else offset + n_bytes
    return MpegStream(
        start=start + offset,
        sound_start=start + sound,
        n_frames=_count_frames(file, start + sound, _FrameLengths(first.layer, free_bytes)),
        n_declared_frames=declared or None,
        first=first,
        head=piece[sound : sound + 4],
    )


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


def _free_bytes(piece: bytes, offset: int, first: FrameHeader) -> int:
    # Frames of free format are all of one length but for the padding.
    for distance in range(24, _MAX_FREE_BYTES):
        position = offset
        for _ in range(_MIN_FREE_FRAMES):
            header = parse_frame_header(piece, position)
            if header is None or header.n_bytes or not first.is_like(header):
                break
            position += distance + header.n_padding
        else:
            return distance
    return 0


class _FrameLengths(dict[bytes, int]):
    """Lengths of frames by the second and third byte of their headers; 0 for what is none."""

    def __init__(self, layer: int, free_bytes: int) -> None:
        super().__init__()
        self._layer = layer
        self._free_bytes = free_bytes

    def __missing__(self, key: bytes) -> int:
        header = parse_frame_header(b"\xff" + key, 0)
        length = 0
        if header is not None and header.layer == self._layer:
            length = header.n_bytes or (self._free_bytes and self._free_bytes + header.n_padding)
        self[key] = length
        return length


def _count_frames(file: BinaryIO, start: int, lengths: _FrameLengths) -> int:
    """Count whole frames from `start` to the end of the file, over damage and tags in between."""
    n_frames, position, n_junk = 0, start, 0
    while n_junk <= _MAX_JUNK_BYTES:
        file.seek(position)
        piece = file.read(_PIECE_BYTES)
        is_last = len(piece) < _PIECE_BYTES
        end = len(piece) if is_last else len(piece) - _MARGIN_BYTES
        offset = 0
        while offset < end:
            n_found, offset = _walk(piece, offset, end, lengths)
            n_frames += n_found
            if offset < end:
                tagged = tag_bytes(piece[offset : offset + 32])
                gap = tagged or _junk(piece, offset, end)
                n_junk += gap - tagged
                offset += gap
        position += offset
        if is_last:
            break
    return n_frames


def _walk(piece: bytes, offset: int, end: int, lengths: _FrameLengths) -> tuple[int, int]:
    """Count the frames from `offset` on, and say where there is no further one before `end`."""
    n_frames, n_bytes = 0, len(piece)
    while offset < end and piece[offset] == 0xFF:
        length = lengths[piece[offset + 1 : offset + 3]]
        if length == 0:
            break
        offset += length
        if offset > n_bytes:  # the rest of this frame is missing
            return n_frames, n_bytes
        n_frames += 1
    return n_frames, offset


def _junk(piece: bytes, offset: int, end: int) -> int:
    """Measure what lies before the next frame of a piece."""
    found = find_first_frame(piece, offset + 1)
    return (end if found is None else found) - offset
