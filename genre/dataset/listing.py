"""What a store of features holds, by its names alone: a million of them are listed in seconds.

A recording counts where features and facts are there and the features are a whole number of rows.
What is damaged otherwise shows when it is read.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from genre.addresses import Address
from genre.dataset.filling import FeatureSource
from genre.remote.copying import find_files

# numpy's header of a table of rows, whatever their number.
_HEADER_BYTES = 128


def contents_in(folder: Path, source: FeatureSource) -> set[str]:
    """List the recordings that a store on this machine has.

    Parameters
    ----------
    folder : Path
        The store of one kind of features; need not exist.
    source : FeatureSource
        What computes them.

    Returns
    -------
    set of str
        Their SHA-256.
    """
    try:
        below = [entry.path for entry in os.scandir(folder) if entry.is_dir()]
    except FileNotFoundError:
        return set()
    found: set[str] = set()
    for each in below:  # one by one, so that names are held once
        found |= whole_ones(_files(each), source)
    return found


def contents_at(origin: Address, source: FeatureSource) -> set[str]:
    """List the recordings that a store elsewhere has, in one question.

    Parameters
    ----------
    origin : Address
        The store of one kind of features.
    source : FeatureSource
        What computes them.

    Returns
    -------
    set of str
        Their SHA-256.

    Raises
    ------
    AddressError
        Where it cannot be listed.
    """
    found = find_files(origin)
    return whole_ones(((name, about.get("size")) for name, about in found.items()), source)


def whole_ones(files: Iterable[tuple[str, int | None]], source: FeatureSource) -> set[str]:
    """Find the recordings of which features and facts are there, without reading any.

    Parameters
    ----------
    files : iterable of (str, int or None)
        Name and size in bytes, where known, of each file of a store.
    source : FeatureSource
        What computes the features: a file that holds no whole number of rows has been cut.

    Returns
    -------
    set of str
        Their SHA-256.
    """
    row = source.n_columns * source.dtype.itemsize
    arrays: set[str] = set()
    facts: set[str] = set()
    for path, size in files:
        stem, _, ending = path.rpartition("/")[2].rpartition(".")
        if len(stem) != 64:  # half-written, or somebody else's
            continue
        if ending == "json":
            facts.add(stem)
        elif ending == "npy" and (
            size is None or (size > _HEADER_BYTES and (size - _HEADER_BYTES) % row == 0)
        ):
            arrays.add(stem)
    return arrays & facts


def _files(folder: str) -> Iterator[tuple[str, int | None]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            is_array = entry.name.endswith(".npy")
            yield entry.name, entry.stat().st_size if is_array else None
