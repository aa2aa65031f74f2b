"""WAV and AU files whose header denies the sound behind it, and BW64, which libsndfile knows not.

Recorders that were switched off, and programs that write to a pipe, leave a length of 0. What lies
behind the data of a WAV file is then no list of chunks, as it is where there really is no sound.
References: RIFF (Microsoft, 1991); RF64 and BW64 (ITU-R BS.2088); AU (Sun, audio_filehdr).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

_IN_DS64 = 0xFFFF_FFFF
_MAX_CHUNKS = 1000
_FMT_BYTES = (14, 4096)

Order = Literal["little", "big"]


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A file with a header that says what is there.

    Parameters
    ----------
    head : bytes
        What to put before the sound.
    start : int, in bytes
        Where the sound begins in the file.
    declared : int
        Frames that the file's own header promises.
    """

    head: bytes
    start: int
    declared: int


def mended_au(path: Path, start: int) -> Mended | None:
    """Look whether an AU file says that it has no sound; as `mended_wav`."""
    with path.open("rb") as file:
        file.seek(start)
        head = file.read(24)
    if len(head) < 24 or any(head[8:12]):
        return None
    # all ones: the length is not known
    return Mended(head=head[:8] + b"\xff" * 4 + head[12:], start=start + 24, declared=0)


def mended_wav(path: Path, start: int) -> Mended | None:
    """Look whether a WAV file needs another header to be read.

    Parameters
    ----------
    path : Path
        The file.
    start : int, in bytes
        Where ``RIFF`` stands.

    Returns
    -------
    Mended or None
        None where the header will do, or nothing can be done about it.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(start)
        magic = file.read(12)[:4]
        order: Order = "big" if magic == b"RIFX" else "little"
        form, ds64, place = b"", 0, start + 12
        for _ in range(_MAX_CHUNKS):
            file.seek(place)
            head = file.read(8)
            if len(head) < 8:
                return None
            n_bytes = int.from_bytes(head[4:], order)
            if head[:4] == b"data":
                break
            if head[:4] == b"ds64":
                ds64 = int.from_bytes(file.read(16)[8:], "little")
            elif head[:4] == b"fmt ":
                form = file.read(min(n_bytes, _FMT_BYTES[1]))
            place += 8 + n_bytes + n_bytes % 2
        else:
            return None
        is_long = magic in (b"RF64", b"BW64")
        claimed = ds64 if is_long and n_bytes == _IN_DS64 else n_bytes
        place += 8
        present = size - place
        denies = claimed < present / 2 and not _are_chunks(file, place + claimed, size, order)
    if len(form) < _FMT_BYTES[0] or not (denies or magic == b"BW64"):
        return None
    length = present if denies else min(claimed, present)
    return Mended(
        head=_header(b"RIFX" if order == "big" else b"RIFF", form, length, order),
        start=place,
        declared=claimed // max(1, int.from_bytes(form[12:14], order)),
    )


def _header(magic: bytes, form: bytes, length: int, order: Order) -> bytes:
    def _size(n_bytes: int) -> bytes:
        return min(n_bytes, _IN_DS64).to_bytes(4, order)

    form += bytes(len(form) % 2)
    inner = b"WAVEfmt " + _size(len(form)) + form + b"data" + _size(length)
    return magic + _size(len(inner) + length) + inner


def _are_chunks(file: BinaryIO, place: int, size: int, order: Order) -> bool:
    """Whether the rest of a file is chunks, one behind the other."""
    place += place % 2
    for _ in range(_MAX_CHUNKS):
        if place + 8 > size:
            return place <= size
        file.seek(place)
        head = file.read(8)
        if not all(32 <= byte < 127 for byte in head[:4]):
            return False
        n_bytes = int.from_bytes(head[4:], order)
        place += 8 + n_bytes + n_bytes % 2
    return False
