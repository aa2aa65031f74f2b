"""Opening a manifest, wherever it lies."""

import tempfile
from pathlib import Path

from genre.addresses import Address, Place
from genre.dataset.manifest.columns import Manifest
from genre.dataset.manifest.csv_files import read_csv
from genre.dataset.manifest.parquet_files import read_parquet
from genre.errors import DatasetError
from genre.extras import need

MANIFEST_SUFFIXES = (".csv", ".parquet")


def is_manifest(place: Place) -> bool:
    """Check whether a place is a manifest, by the ending of its name.

    Parameters
    ----------
    place : Path or Address
        A path must be a file that is there.
    """
    if place.suffix.lower() not in MANIFEST_SUFFIXES:
        return False
    return isinstance(place, Address) or place.is_file()


def read_manifest(place: Place) -> Manifest:
    """Read a manifest.

    Parameters
    ----------
    place : Path or Address
        Ends in ``.csv`` or ``.parquet``.

    Returns
    -------
    Manifest

    Raises
    ------
    DatasetError
        Where it cannot be read, lacks a column or has an impossible cell: in one line with file,
        row and column.
    MissingPackageError
        On Parquet without pyarrow.
    """
    if place.suffix.lower() == ".parquet":
        need("pyarrow")
    if isinstance(place, Path):
        return _read(place, place)
    from genre.remote.copying import fetch

    with tempfile.TemporaryDirectory(prefix="genre-") as folder:
        copy = Path(folder) / f"manifest{place.suffix}"
        fetch(place, copy)
        return _read(place, copy)


def _read(place: Place, path: Path) -> Manifest:
    try:
        if place.suffix.lower() == ".parquet":
            with path.open("rb") as file:
                return read_parquet(place, file)
        with path.open(encoding="utf-8-sig", newline="") as text:
            return read_csv(place, text)
    except OSError as error:
        raise DatasetError(f"{place} must be readable: {error.strerror or error}") from error
