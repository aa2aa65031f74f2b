"""Writing a manifest, whole or not at all."""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import BinaryIO

from genre.addresses import Place
from genre.atomic import atomic_file
from genre.dataset.manifest.columns import NAMES
from genre.dataset.manifest.parquet_files import write_parquet


@dataclass(frozen=True, slots=True)
class Row:
    """A file of a collection; what nobody knows is None.

    Parameters
    ----------
    path : str
        Relative to the manifest's folder, absolute, or an address.
    size : int or None, in bytes
        Of the file.
    modified, changed : int or None, in ns
        When its content, and when anything about it, was changed last.
    sha256 : str or None
        64 hexadecimal digits.
    genres : str
        Joined by ``|``; empty for none.
    artist : str
        Empty where nobody is known.
    split : str
        train, val or test; empty for none.
    fold : int or None
        Of a cross validation.
    """

    path: str
    size: int | None = None
    modified: int | None = None
    changed: int | None = None
    sha256: str | None = None
    genres: str = ""
    artist: str = ""
    split: str = ""
    fold: int | None = None


def write_manifest(rows: Iterable[Row], place: Place) -> None:
    """Write a manifest.

    Parameters
    ----------
    rows : iterable of Row
        In the order in which they are to stand.
    place : Path or Address
        Ends in ``.csv`` or ``.parquet``; replaced where it exists.

    Raises
    ------
    MissingPackageError
        On Parquet without pyarrow.
    """
    values = map(astuple, rows)
    if isinstance(place, Path):
        with atomic_file(place) as file:
            _write(file, values, place.suffix)
        return
    from genre.remote.copying import put

    with tempfile.TemporaryDirectory(prefix="genre-") as folder:
        copy = Path(folder) / "manifest"
        with copy.open("wb") as file:
            _write(file, values, place.suffix)
        put(copy, place)


def _write(file: BinaryIO, values: Iterable[Sequence[object]], suffix: str) -> None:
    if suffix.lower() == ".parquet":
        write_parquet(file, values)
        return
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(NAMES)
    writer.writerows(values)
    text.flush()
    text.detach()
