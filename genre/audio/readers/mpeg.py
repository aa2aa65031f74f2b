"""Headers of MPEG audio frames: how long a frame is and how much sound it holds.

References: ISO/IEC 11172-3 and 13818-3, section 2.4.2.3; the Xing and VBRI headers are
conventions of encoders.
"""

from dataclasses import dataclass
from functools import cache

_MPEG1_KBPS = {
    1: (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_MPEG2_KBPS = {
    1: (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    3: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_XING_HAS_FRAMES, _XING_HAS_BYTES = 1, 2


@dataclass(frozen=True)
class FrameHeader:
    """What the first four bytes of an MPEG audio frame say.

    Parameters
    ----------
    n_bytes : int
        Length of the frame; 0 in a stream of free format, which does not say.
    n_samples : int
        Samples per channel.
    sample_rate : int, in Hz
        Of the decoded sound.
    layer : {1, 2, 3}
        The coding.
    is_mpeg1 : bool
        MPEG 1, or one of the low sample rates of MPEG 2 and 2.5.
    n_padding : int, in bytes
        What this frame has beyond others of its bit rate.
    is_mono : bool
        One channel, or two.
    """

    n_bytes: int
    n_samples: int
    sample_rate: int
    layer: int
    is_mpeg1: bool
    n_padding: int = 0
    is_mono: bool = False

    def is_like(self, other: "FrameHeader | None") -> bool:
        """Whether two headers can belong to one stream."""
        return other is not None and (self.layer, self.sample_rate) == (
            other.layer,
            other.sample_rate,
        )

    def sounds_like(self, other: "FrameHeader | None") -> bool:
        """Whether one decoder, once begun, can go on from one to the other."""
        return other is not None and self.is_like(other) and self.is_mono == other.is_mono


def parse_frame_header(data: bytes, offset: int) -> FrameHeader | None:
    """Read the header of a frame.

    Returns
    -------
    FrameHeader or None
        None where there is no valid header at `offset`.
    """
    head = data[offset : offset + 4]
    if len(head) < 3 or head[0] != 0xFF or head[1] < 0xE0:
        return None
    return _parse(head[1], head[2], len(head) > 3 and head[3] >> 6 == 3)


def find_first_frame(data: bytes, start: int = 0) -> int | None:
    """Find where an MPEG stream begins.

    Parameters
    ----------
    data : bytes
        A file or a piece of it.
    start : int, in bytes
        Where to begin to look.

    Returns
    -------
    int or None
        Offset of a frame that is followed by two of its kind (right at `start`: by one, by the
        end of the data, or a frame of free format); None where there is none.
    """
    first = parse_frame_header(data, start)
    # Free format has no length to step by; a text in UTF-16 would pass for its layer I.
    if first is not None and not first.n_bytes and first.layer > 1:
        return start
    if first is not None and first.n_bytes and _n_following(data, start, first) >= 1:
        return start
    offset = data.find(b"\xff", start)
    while offset >= 0:
        header = parse_frame_header(data, offset)
        if header and header.n_bytes and _n_following(data, offset, header) >= 2:
            return offset
        offset = data.find(b"\xff", offset + 1)
    return None


def declared_frames(frame: bytes) -> int | None:
    """Read the number of frames that a Xing, Info or VBRI header promises.

    Parameters
    ----------
    frame : bytes
        The first frame of a stream.

    Returns
    -------
    int or None
        0 where there is such a header that does not say; None where there is none, so that the
        frame holds sound.
    """
    for tag in (b"Xing", b"Info"):
        position = frame.find(tag, 13, 44)
        if position >= 0:
            flags = int.from_bytes(frame[position + 4 : position + 8], "big")
            count = int.from_bytes(frame[position + 8 : position + 12], "big")
            return count if flags & _XING_HAS_FRAMES else 0
    if frame[36:40] == b"VBRI":
        return int.from_bytes(frame[50:54], "big")
    return None


def xing_frame(like: bytes, n_frames: int, n_bytes: int) -> bytes:
    """Write the frame that tells a decoder how long a layer III stream is.

    Parameters
    ----------
    like : bytes
        The first bytes of a frame of the stream, at least 4.
    n_frames, n_bytes : int
        Number of frames and of bytes that follow.

    Returns
    -------
    bytes
        A silent frame to be put before the stream.
    """
    # Without check sum and padding, at 128 (MPEG 1) or 80 kbit/s (MPEG 2): room enough.
    is_mpeg1 = (like[1] >> 3) & 3 == 3
    head = bytes([0xFF, like[1] | 1, 0x90 | (like[2] & 0x0C), like[3]])
    header = parse_frame_header(head, 0)
    if header is None:
        raise ValueError(f"like={like[:4]!r} must be the start of an MPEG frame")
    is_mono = like[3] >> 6 == 3
    side_bytes = (17 if is_mono else 32) if is_mpeg1 else (9 if is_mono else 17)
    tag = b"Xing" + (_XING_HAS_FRAMES | _XING_HAS_BYTES).to_bytes(4, "big")
    tag += n_frames.to_bytes(4, "big") + n_bytes.to_bytes(4, "big")
    return (head + bytes(side_bytes) + tag).ljust(header.n_bytes, b"\0")


@cache  # at most 2 ** 14 different ones
def _parse(second: int, third: int, is_mono: bool) -> FrameHeader | None:
    version, layer = (second >> 3) & 3, 4 - ((second >> 1) & 3)
    bitrate_index, rate_index, padding = third >> 4, (third >> 2) & 3, (third >> 1) & 1
    if version == 1 or layer == 4 or bitrate_index == 15 or rate_index == 3:
        return None
    is_mpeg1 = version == 3
    sample_rate = _SAMPLE_RATES[version][rate_index]
    n_samples = 384 if layer == 1 else 1152 if layer == 2 or is_mpeg1 else 576
    slot, n_bytes = 4 if layer == 1 else 1, 0
    if bitrate_index:
        kbps = (_MPEG1_KBPS if is_mpeg1 else _MPEG2_KBPS)[layer][bitrate_index - 1]
        n_bytes = (n_samples // 8 // slot * kbps * 1000 // sample_rate + padding) * slot
    return FrameHeader(n_bytes, n_samples, sample_rate, layer, is_mpeg1, padding * slot, is_mono)


def _n_following(data: bytes, offset: int, header: FrameHeader) -> int:
    n_found, position = 0, offset + header.n_bytes
    while n_found < 2:
        if position == len(data):
            return 2
        following = parse_frame_header(data, position)
        if following is None or not header.is_like(following) or not following.n_bytes:
            break
        n_found += 1
        position += following.n_bytes
    return n_found
