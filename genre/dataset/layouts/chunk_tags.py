"""Tags in the chunks of WAV, AIFF and CAF: a name of four letters, a length, the content.

References: EA IFF 85; Microsoft's RIFF (LIST of type INFO) and EBU Tech 3306 (RF64); Apple's Core
Audio Format (``info``).
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from mutagen.id3 import ID3

from genre.audio.containers import Container, locate

# Longer ones hold pictures at best, and there are never so many.
MAX_CHUNK_BYTES = 2**24
MAX_CHUNKS = 4096
_WANTED = (b"LIST", b"AUTH", b"info", b"id3 ", b"ID3 ", b"ds64")
_INFO_NAMES = {b"IART": "artist", b"IGNR": "genre"}


def chunk_tags(path: Path, container: Container) -> list[Any]:
    """Read the tags in the chunks of a file.

    Parameters
    ----------
    path : Path
        The file.
    container : Container
        WAV, AIFF or CAF, as its first bytes say.

    Returns
    -------
    list of mappings
        ID3 first, then what the container has itself: lists of texts under ``artist`` and
        ``genre``, in CAF also under other names. What is cut off is left out.
    """
    id3: list[Any] = []
    info: dict[str, list[str]] = {}
    for name, content in _chunks(path, container):
        if name == b"AUTH":
            info.setdefault("artist", []).append(_text(content))
        elif name == b"LIST" and content[:4] == b"INFO":
            info |= _riff_info(content[4:])
        elif name == b"info":
            words = _text(content[4:]).split("\0")  # names and texts in turn
            info |= {words[i].casefold(): [words[i + 1]] for i in range(0, len(words) - 1, 2)}
        elif name.upper() == b"ID3 ":
            id3.append(ID3(BytesIO(content)))  # type: ignore[no-untyped-call]  # as mutagen left it
    return [*id3, info]


def _chunks(path: Path, container: Container) -> Iterator[tuple[bytes, bytes]]:
    """Read the chunks that may hold tags, in the order of the file."""
    is_caf = container is Container.CAF
    n_head, n_bytes = (12 if is_caf else 8), path.stat().st_size
    long_data = 0
    with path.open("rb") as file:
        file.seek(start := locate(path).start)
        order = "little" if file.read(4) in (b"RIFF", b"RF64") else "big"
        position = start + (8 if is_caf else 12)
        for _ in range(MAX_CHUNKS):
            file.seek(position)
            head = file.read(n_head)
            name, length = head[:4], int.from_bytes(head[4:], order)  # type: ignore[arg-type]
            if name == b"data" and length == 0xFFFFFFFF:
                length = long_data
            position += n_head + length
            if len(head) < n_head or position > n_bytes:
                return  # ... or of unknown length: what is behind it cannot be found
            content = file.read(length) if name in _WANTED and length <= MAX_CHUNK_BYTES else b""
            if name == b"ds64":
                long_data = int.from_bytes(content[8:16], "little")
            elif content:
                yield name, content
            position += 0 if is_caf else length % 2  # to make it even


def _riff_info(content: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    position = 0
    while len(head := content[position : position + 8]) == 8:
        length = int.from_bytes(head[4:], "little")
        text = content[position + 8 : position + 8 + length]
        if head[:4] in _INFO_NAMES:
            found.setdefault(_INFO_NAMES[head[:4]], []).append(_text(text))
        position += 8 + length + length % 2
    return found


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # older programs on Windows
