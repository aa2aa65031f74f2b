"""How long a FLAC file is, from the numbers that its frames carry.

A decoder stops at the length that the header claims. Where the frames go on behind it, the
header is shown to the decoder without a length, which makes it read them all.
Reference: RFC 9639, sections 8.2 (STREAMINFO) and 9.1 (frame header).
"""

from pathlib import Path

from genre.audio.sound import Lengths

_STREAMINFO_END = 42
# A frame of 4,608 samples, 8 channels and 24 bits has 110 kB; two whole ones are looked for.
_TAIL_BYTES = 2**18
_BLOCK_SIZES = {1: 192, 2: 576, 3: 1152, 4: 2304, 5: 4608} | {
    code: 256 << (code - 8) for code in range(8, 16)
}
_MAX_HEADER_BYTES = 16


def flac_lengths(path: Path, start: int) -> tuple[Lengths, bytes]:
    """Find out how long a FLAC file says it is and how long it is.

    Parameters
    ----------
    path : Path
        The file.
    start : int, in bytes
        Where ``fLaC`` stands.

    Returns
    -------
    tuple of Lengths and bytes
        And what to put in place of the first bytes, where these claim less than there is.
    """
    with path.open("rb") as file:
        file.seek(start)
        head = file.read(_STREAMINFO_END)
        if len(head) < _STREAMINFO_END or head[4] & 0x7F:
            return Lengths(), b""
        end = file.seek(0, 2)
        tail_start = max(start + _STREAMINFO_END, end - _TAIL_BYTES)
        file.seek(tail_start)
        present = _last_sample(file.read(), head)
    declared = int.from_bytes(head[21:26], "big") & (2**36 - 1)
    slack = int.from_bytes(head[10:12], "big")
    lengths = Lengths(declared=declared or None, present=present, slack=slack)
    if present is None or not declared or present <= declared + slack:
        return lengths, b""
    return lengths, head[:21] + bytes([head[21] & 0xF0]) + bytes(4) + head[26:]


def _last_sample(tail: bytes, streaminfo: bytes) -> int | None:
    """Count the samples up to the end of the last frame that follows on another."""
    ends: set[int] = set()
    present = None
    for sync in (b"\xff\xf8", b"\xff\xf9"):
        offset = tail.find(sync)
        while offset >= 0:
            block = _parse_frame(tail[offset : offset + _MAX_HEADER_BYTES], streaminfo)
            if block is not None:
                first, n_samples = block
                # Chance gives a header its check sum now and then, not the number that must come.
                if first in ends:
                    present = max(present or 0, first + n_samples)
                ends.add(first + n_samples)
            offset = tail.find(sync, offset + 1)
    return present


def _parse_frame(head: bytes, streaminfo: bytes) -> tuple[int, int] | None:
    """Read the first sample's number and the number of samples, where this is a frame header."""
    if len(head) < _MAX_HEADER_BYTES or head[3] & 1:
        return None
    n_coded = 8 - (head[4] ^ 0xFF).bit_length() or 1
    if (head[4] & 0x80 and n_coded == 1) or n_coded > 7:
        return None
    number = head[4] & (0x7F >> (n_coded if n_coded > 1 else 0))
    for byte in head[5 : 4 + n_coded]:
        number = number << 6 | byte & 0x3F
    size_code, rate_code, end = head[2] >> 4, head[2] & 15, 4 + n_coded
    if size_code in (6, 7):
        n_samples = int.from_bytes(head[end : end + size_code - 5], "big") + 1
        end += size_code - 5
    else:
        n_samples = _BLOCK_SIZES.get(size_code, 0)
    end += {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if not n_samples or _crc8(head[:end]) != head[end]:
        return None
    is_numbered_by_samples = head[1] & 1
    block_size = int.from_bytes(streaminfo[8:10], "big")
    return number if is_numbered_by_samples else number * block_size, n_samples


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07 if crc & 0x80 else crc << 1) & 0xFF
    return crc
