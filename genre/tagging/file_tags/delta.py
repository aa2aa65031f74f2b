"""What one file has and another, changed one has not: little, where only a tag was changed.

Bytes keep their distance to the start or to the end of a file when a tag before or behind them
grows, so these two places are where the old bytes are looked for in the new file.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

# A shorter piece costs more to name than to keep.
_MIN_RUN = 24
_CHUNK = 2**22

Bytes = NDArray[np.uint8]
# (start, stop) in the old file, and where it begins in the new one; None: kept here.
_Piece = tuple[int, int, int | None]


@dataclass(frozen=True)
class Delta:
    """How to make the old file out of the new one.

    Parameters
    ----------
    parts : tuple of tuple of int
        In the order of the old file: (offset, length) is found in the new one, (length,) is kept.
    kept : bytes
        All that is kept, one after the other.
    """

    parts: tuple[tuple[int, ...], ...]
    kept: bytes

    def to_plain(self) -> dict[str, object]:
        """Turn into values that JSON can hold."""
        return {"parts": self.parts, "kept": base64.b64encode(self.kept).decode("ascii")}

    @classmethod
    def from_plain(cls, parts: list[list[int]], kept: str) -> "Delta":
        """Turn back.

        Parameters
        ----------
        parts : list of list of int
            As `to_plain` gives them.
        kept : str
            All that is kept, in base64.

        Raises
        ------
        ValueError
            Where this is no delta.
        """
        delta = cls(tuple(map(tuple, parts)), base64.b64decode(kept, validate=True))
        lengths = [part[-1] for part in delta.parts if len(part) == 1]
        numbers = [number for part in delta.parts for number in part]
        if sum(lengths) != len(delta.kept) or any(number < 0 for number in numbers):
            raise ValueError("the parts and what is kept do not belong together")
        return delta


def difference(old: Path, new: Path) -> Delta:
    """Compute what is needed to make one file out of another.

    Parameters
    ----------
    old, new : Path
        Neither is empty.

    Returns
    -------
    Delta
        At most as long as the old file: where naming the parts took more, all of it is kept.
    """
    before: Bytes = np.memmap(old, dtype=np.uint8, mode="r")
    after: Bytes = np.memmap(new, dtype=np.uint8, mode="r")
    pieces = _joined(_cover(before, after))
    parts = tuple(
        (stop - start,) if where is None else (where, stop - start) for start, stop, where in pieces
    )
    n_kept = sum(part[0] for part in parts if len(part) == 1)
    cost = n_kept + sum(len(str(part)) for part in parts)
    if cost >= len(before):
        return Delta(((len(before),),), before.tobytes())
    kept = (before[start:stop].tobytes() for start, stop, where in pieces if where is None)
    return Delta(parts, b"".join(kept))


def restore(delta: Delta, new: BinaryIO, write: Callable[[bytes], object]) -> None:
    """Make the old file out of the new one.

    Parameters
    ----------
    delta : Delta
        Of these two files.
    new : BinaryIO
        Open for reading; can be sought in.
    write : callable of bytes
        Takes the old file, piece by piece.
    """
    position = 0
    for part in delta.parts:
        if len(part) == 1:
            write(delta.kept[position : position + part[0]])
            position += part[0]
            continue
        new.seek(part[0])
        for start in range(0, part[1], _CHUNK):
            write(new.read(min(_CHUNK, part[1] - start)))


def _cover(before: Bytes, after: Bytes) -> list[_Piece]:
    """Find the old bytes in the new file, first counted from the end, then from the start."""
    gaps = [(0, len(before))]
    found: list[_Piece] = []
    for shift in dict.fromkeys((len(after) - len(before), 0)):
        left = []
        for start, stop in gaps:
            position = start
            for run_start, run_stop in _equal_runs(before, after, start, stop, shift):
                left.append((position, run_start))
                found.append((run_start, run_stop, run_start + shift))
                position = run_stop
            left.append((position, stop))
        gaps = [(start, stop) for start, stop in left if start < stop]
    return sorted([*found, *((start, stop, None) for start, stop in gaps)], key=lambda p: p[0])


def _equal_runs(
    before: Bytes, after: Bytes, start: int, stop: int, shift: int
) -> Iterator[tuple[int, int]]:
    low, high = max(start, -shift), min(stop, len(after) - shift)
    for first in range(low, high, _CHUNK):
        last = min(first + _CHUNK, high)
        is_equal = before[first:last] == after[first + shift : last + shift]
        edges = np.flatnonzero(np.diff(is_equal, prepend=False, append=False))
        starts, stops = first + edges[0::2], first + edges[1::2]
        # What reaches over the end of a chunk goes on in the next.
        is_long = (stops - starts >= _MIN_RUN) | (stops == last) | (starts == first)
        yield from zip(starts[is_long].tolist(), stops[is_long].tolist(), strict=True)


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    joined: list[_Piece] = []
    for start, stop, where in pieces:
        if joined:
            first, last, before = joined[-1]
            follows = where is None and before is None
            if before is not None and where is not None:
                follows = before + (last - first) == where
            if follows:
                joined[-1] = first, stop, before
                continue
        joined.append((start, stop, where))
    return joined
