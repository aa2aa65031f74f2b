"""MPEG frames and tags around them, built by hand."""

import io

from genre.audio.readers import mpeg_stream
from genre.audio.readers.mpeg_stream import MpegStream

# MPEG 1, layer III, 128 kbit/s, 44.1 kHz, stereo: 144 * 128000 / 44100 = 417.96 bytes
HEAD = bytes([0xFF, 0xFB, 0x90, 0x00])
FRAME = HEAD.ljust(417, b"\x01")
PADDED = bytes([0xFF, 0xFB, 0x92, 0x00]).ljust(418, b"\x01")


def scan_stream(data: bytes, start: int = 0) -> MpegStream | None:
    """Scan a file that holds one stream at most."""
    streams = mpeg_stream.scan_streams(io.BytesIO(data), start)
    assert len(streams) < 2
    return streams[0] if streams else None


def ape_tag(items: bytes, *, has_header: bool) -> bytes:
    # version 2000: size of items and footer, one item, flags (bit 29: this is the header)
    def end(is_header: int) -> bytes:
        size = (len(items) + 32).to_bytes(4, "little")
        flags = ((1 << 31) | is_header << 29).to_bytes(4, "little")
        return (
            b"APETAGEX"
            + (2000).to_bytes(4, "little")
            + size
            + bytes([1, 0, 0, 0])
            + flags
            + bytes(8)
        )

    return (end(1) if has_header else b"") + items + end(0)
