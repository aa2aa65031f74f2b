"""What streams an MPEG file holds and how long they are, counted from the frame headers.

Walking the headers is exact and costs one to two hundredths of decoding. The file is read in
pieces: a mapped one would count as memory.
"""

from dataclasses import dataclass
from typing import BinaryIO

from genre.audio.containers import tag_bytes
from genre.audio.readers.mpeg import (
    FrameHeader,
    declared_frames,
    find_first_frame,
    parse_frame_header,
)

_PIECE_BYTES = 2**18
# Three frames of the longest kind (2,881 bytes: 160 kbit/s at 8 kHz), so that whatever begins
# before this margin is seen with its followers.
_MARGIN_BYTES = 2**14
_MAX_FREE_BYTES = 4608
# Behind so much that is no frame nobody looks for more; a decoder gives up much sooner.
_MAX_JUNK_BYTES = 2**22
# Frames that must follow at the distance that is taken for the length of a free-format one.
_MIN_FREE_FRAMES = 3
# Frames that must follow one of another format, so that damage does not pass for a stream.
_MIN_FOLLOWING = 3
# A file may hold more; whoever made one with so many wanted it to be slow.
_MAX_STREAMS = 1000


@dataclass(frozen=True, kw_only=True)
class MpegStream:
    """The sound in an MPEG stream of one layer, rate and number of channels, by its headers.

    Parameters
    ----------
    start : int, in bytes
        Where the first frame lies.
    sound_start : int, in bytes
        Where the first frame with sound lies: behind a Xing, Info or VBRI frame.
    end : int or None, in bytes
        Where a stream of another format begins; None where the rest of the file is of this one.
    n_frames : int
        Number of frames with sound that are in the stream.
    n_declared_frames : int or None
        Number of frames that the Xing, Info or VBRI frame promises.
    first : FrameHeader
        Header of the first frame; its `n_bytes` is 0 in free format.
    head : bytes
        The first four bytes of the first frame with sound.
    """

    start: int
    sound_start: int
    end: int | None
    n_frames: int
    n_declared_frames: int | None
    first: FrameHeader
    head: bytes

    @property
    def n_samples(self) -> int:
        """Samples per channel that are in the stream."""
        return self.n_frames * self.first.n_samples

    @property
    def takes_xing(self) -> bool:
        """Whether a frame that states the length can stand before it: one of layer III."""
        return self.first.layer == 3 and self.first.n_bytes > 0


def scan_streams(file: BinaryIO, start: int = 0) -> list[MpegStream]:
    """Walk the frames of an MPEG audio file.

    Parameters
    ----------
    file : binary file
        The file; its position is changed.
    start : int, in bytes
        Where to begin to look: behind an ID3 tag.

    Returns
    -------
    list of MpegStream
        One, or several where the format changes; none where no stream is found, or one of free
        format whose frames have no common length.
    """
    streams: list[MpegStream] = []
    while len(streams) < _MAX_STREAMS and (stream := _scan_stream(file, start)) is not None:
        streams.append(stream)
        if stream.end is None:
            break
        start = stream.end
    return streams


def _scan_stream(file: BinaryIO, start: int) -> MpegStream | None:
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
    like = parse_frame_header(piece, sound) or first
    n_frames, end = _count_frames(file, start + sound, _FrameLengths(like, free_bytes))
    return MpegStream(
        start=start + offset,
        sound_start=start + sound,
        end=end,
        n_frames=n_frames,
        n_declared_frames=declared or None,
        first=first,
        head=piece[sound : sound + 4],
    )


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
    """Lengths of frames by the three bytes behind their first; 0 for what is none of the stream."""

    def __init__(self, like: FrameHeader, free_bytes: int) -> None:
        super().__init__()
        self._like = like
        self._free_bytes = free_bytes

    def __missing__(self, key: bytes) -> int:
        header = parse_frame_header(b"\xff" + key, 0)
        length = 0
        if header is not None and self._like.sounds_like(header):
            length = header.n_bytes or (self._free_bytes and self._free_bytes + header.n_padding)
        self[key] = length
        return length

    def odd(self, piece: bytes, offset: int) -> int:
        """Measure a frame of this layer and another format; 0 where there is none."""
        header = parse_frame_header(piece, offset)
        return 0 if header is None or header.layer != self._like.layer else header.n_bytes


def _count_frames(file: BinaryIO, start: int, lengths: _FrameLengths) -> tuple[int, int | None]:
    """Count whole frames from `start` on, over damage and tags, and say where another stream is."""
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
            if offset >= end:
                break
            if _begins_stream(piece, offset):
                return n_frames, position + offset
            if odd := lengths.odd(piece, offset):
                n_frames += offset + odd <= len(piece)
                offset += odd
                continue
            tagged = tag_bytes(piece[offset : offset + 32])
            gap = tagged or _junk(piece, offset, end)
            n_junk += gap - tagged
            offset += gap
        position += offset
        if is_last:
            break
    return n_frames, None


def _begins_stream(piece: bytes, offset: int) -> bool:
    """Whether here, where the stream does not go on, another one begins."""
    first = header = parse_frame_header(piece, offset)
    for _ in range(_MIN_FOLLOWING):
        if header is None or first is None or not header.n_bytes:
            return False
        offset += header.n_bytes
        header = parse_frame_header(piece, offset)
        if not first.sounds_like(header):
            return False
    return True


def _walk(piece: bytes, offset: int, end: int, lengths: _FrameLengths) -> tuple[int, int]:
    """Count the frames from `offset` on, and say where there is no further one before `end`."""
    n_frames, n_bytes = 0, len(piece)
    while offset < end and piece[offset] == 0xFF:
        length = lengths[piece[offset + 1 : offset + 4]]
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
