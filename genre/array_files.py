"""NumPy files that come from outside: what they claim is held against what is there.

NumPy allocates what a header claims before it reads a single value, so that a file of 200 bytes may
ask for terabytes. Nothing here runs code from a file: pickled objects are refused.
"""

import math
import tokenize
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["load_archive", "load_array"]

MAX_EXPANSION = 100
"""How many times its size on disk an archive may take in memory ..."""
ALWAYS_TAKEN_BYTES = 2**28
"""... beyond this, which is always let in: small archives of zeros shrink a thousandfold."""
_LONGEST = 2**48  # of a dimension; one of 0 may lie beside it
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def load_array(path: Path, *, mmap_mode: Literal["r", "c"] | None = None) -> NDArray[Any]:
    """Read an array that `numpy.save` wrote.

    Parameters
    ----------
    path : Path
        The file.
    mmap_mode : r, c or None
        As of `numpy.load`: mapped read-only, mapped to be copied on write, or read.

    Raises
    ------
    OSError
        Where the file cannot be read.
    ValueError, EOFError
        Where it is no array, or not as large as its header says.
    """
    with path.open("rb") as file:
        _check_claim(file, path.stat().st_size)
    values: NDArray[Any] = np.load(path, mmap_mode=mmap_mode, allow_pickle=False)
    return values


def load_archive(path: Path, *, only: Collection[str] | None = None) -> dict[str, NDArray[Any]]:
    """Read the arrays that `numpy.savez` or `numpy.savez_compressed` wrote.

    Parameters
    ----------
    path : Path
        The file.
    only : collection of str, optional
        Names of those that are wanted, where they are there; all if None.

    Returns
    -------
    dict of str to ndarray
        By the names they were saved under.

    Raises
    ------
    OSError
        Where the file cannot be read.
    ValueError, EOFError
        Where it is no archive of arrays, or one of them is not as large as its header says.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_expansion(members, path.stat().st_size)
            named = {member.filename.removesuffix(".npy"): member for member in members}
            wanted = [name for name in named if only is None or name in only]
            return {name: _read(archive, named[name]) for name in wanted}
    # What the library raises for bytes that are not what they should be.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        raise ValueError(str(error)) from error


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(member) as file:
        _check_claim(file, member.file_size)
    with archive.open(member) as file:
        values: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
        return values


def _check_expansion(members: list[zipfile.ZipInfo], n_bytes: int) -> None:
    claimed = sum(member.file_size for member in members)
    if claimed > max(ALWAYS_TAKEN_BYTES, MAX_EXPANSION * n_bytes):
        raise ValueError(f"{n_bytes} bytes claim to hold {claimed}")


def _check_claim(file: IO[bytes], n_bytes: int) -> None:
    """Refuse an array that does not fit into its file, or the file's part of an archive."""
    version = np.lib.format.read_magic(file)
    if version not in _HEADERS:
        raise ValueError(f"its NumPy format is {version}")
    try:
        shape, _, dtype = _HEADERS[version](file)
    # A header is a Python literal; what is none may end in any of these.
    except (SyntaxError, TypeError, RecursionError, MemoryError, tokenize.TokenError):
        raise ValueError("its header cannot be read") from None
    if not all(type(length) is int and 0 <= length <= _LONGEST for length in shape):
        raise ValueError(f"its header claims the shape {str(shape)[:80]}")
    n_values = math.prod(shape)
    # Values of no size would be endless in a file of no length.
    if max(n_values, n_values * dtype.itemsize) > n_bytes:
        raise ValueError(f"its header claims {n_values} values; it has {n_bytes} bytes")
