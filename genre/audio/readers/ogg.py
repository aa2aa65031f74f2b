"""What streams an Ogg file holds behind each other, and whether the last one has its end.

Reference: RFC 3533, section 6 (page header) and section 4 (chaining).
"""

from dataclasses import dataclass
from pathlib import Path

_PAGE_HEADER_BYTES = 27
_FIRST_PAGE, _LAST_PAGE = 2, 4
# A file may hold more; whoever made one with so many wanted it to be slow.
_MAX_LINKS = 1000


@dataclass(frozen=True)
class OggLinks:
    """The streams of an Ogg file.

    Parameters
    ----------
    spans : list of tuple of int
        Where each begins and ends, in bytes.
    is_cut : bool
        The file ends in the middle of a page or before the last page of a stream.
    """

    spans: list[tuple[int, int]]
    is_cut: bool


def ogg_links(path: Path, start: int) -> OggLinks:
    """Walk the pages of an Ogg file.

    Parameters
    ----------
    path : Path
        The file.
    start : int, in bytes
        Where its first page stands.

    Returns
    -------
    OggLinks
        With one span where pages cannot be walked to the end.
    """
    starts, n_open, was_first = [start], 0, True
    with path.open("rb", buffering=2**16) as file:
        size = file.seek(0, 2)
        position = start
        while position < size:
            file.seek(position)
            head = file.read(_PAGE_HEADER_BYTES)
            if len(head) < _PAGE_HEADER_BYTES or head[:4] != b"OggS":
                break
            is_first = bool(head[5] & _FIRST_PAGE)
            if is_first and not was_first and len(starts) < _MAX_LINKS:
                starts.append(position)
                n_open = 0
            n_open += is_first - bool(head[5] & _LAST_PAGE)
            was_first = is_first
            position += _PAGE_HEADER_BYTES + head[26] + sum(file.read(head[26]))
    spans = list(zip(starts, [*starts[1:], size], strict=True))
    # Bytes behind the last page of all streams are none of theirs.
    return OggLinks(spans, is_cut=n_open > 0 or position > size)
