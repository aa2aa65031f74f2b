"""Where the format of an ADTS file (raw AAC) changes: joined files, a mono jingle before a song.

ffmpeg goes on behind a change, but in the rate and the channels with which the file begins.
Reference: ISO/IEC 13818-7, section 6.2 (adts_fixed_header).
"""

from pathlib import Path

from genre.audio.containers import tag_bytes

_HEADER_BYTES = 7
_PIECE_BYTES = 2**18
_MAX_FRAME_BYTES = 2**13
# Frames that must follow one of another format, so that damage does not pass for a stream.
_MIN_FOLLOWING = 3
# A file may hold more; whoever made one with so many wanted it to be slow.
_MAX_STREAMS = 1000


def adts_spans(path: Path, start: int) -> list[tuple[int, int]]:
    """Cut an ADTS file where its sample rate or its channels change.

    Parameters
    ----------
    path : Path
        The file.
    start : int, in bytes
        Where its first frame stands.

    Returns
    -------
    list of tuple of int
        Where each stretch of one format begins and ends, in bytes; one for the whole file where
        nothing changes or its frames cannot be followed.
    """
    starts, shape = [start], b""
    with path.open("rb", buffering=0) as file:
        size = file.seek(0, 2)
        position = start
        while position < size and len(starts) < _MAX_STREAMS:
            file.seek(position)
            piece = file.read(_PIECE_BYTES)
            is_last = position + len(piece) >= size
            end = len(piece) - (0 if is_last else (_MIN_FOLLOWING + 1) * _MAX_FRAME_BYTES)
            offset = 0
            while offset < end:
                length = _frame_bytes(piece, offset) or tag_bytes(piece[offset : offset + 32])
                if not length:
                    return _spans(starts, size)
                found = _shape(piece, offset)
                if found and found != shape:
                    if not shape:
                        shape = found
                    elif _goes_on(piece, offset):
                        shape = found
                        starts.append(position + offset)
                offset += length
            position += offset
    return _spans(starts, size)


def _spans(starts: list[int], size: int) -> list[tuple[int, int]]:
    return list(zip(starts, [*starts[1:], size], strict=True))


def _frame_bytes(piece: bytes, offset: int) -> int:
    head = piece[offset : offset + _HEADER_BYTES]
    if len(head) < _HEADER_BYTES or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length >= _HEADER_BYTES else 0


def _shape(piece: bytes, offset: int) -> bytes:
    """Pick out of a header the index of the sample rate and the configuration of channels."""
    if not _frame_bytes(piece, offset):
        return b""
    return bytes([piece[offset + 2] & 0x3D, piece[offset + 3] & 0xC0])


def _goes_on(piece: bytes, offset: int) -> bool:
    shape = _shape(piece, offset)
    for _ in range(_MIN_FOLLOWING):
        offset += _frame_bytes(piece, offset)
        if _shape(piece, offset) != shape:
            return False
    return True
