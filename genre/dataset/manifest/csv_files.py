"""Manifests in CSV, read some thousand rows at a time."""

import csv
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import IO

from genre.addresses import Place
from genre.dataset.manifest.columns import NAMES, NUMBERS, TEXTS, UNKNOWN, Gathering, Manifest
from genre.errors import DatasetError

_ROWS_AT_A_TIME = 1024


def read_csv(place: Place, file: IO[str]) -> Manifest:
    """Read a manifest in CSV.

    Parameters
    ----------
    place : Path or Address
        Where it lies, for messages and for relative paths.
    file : text file
        UTF-8, opened with ``newline=""``; columns parted by commas, semicolons or tabs.

    Returns
    -------
    Manifest

    Raises
    ------
    DatasetError
        With file, row or line, and column.
    """
    reader = csv.reader(file, strict=True)
    try:
        header = file.readline()
        mark = next((mark for mark in ",;\t" if mark in header), ",")
        reader = csv.reader(file, strict=True, delimiter=mark)
        names = _names(place, next(csv.reader([header], strict=True, delimiter=mark), []))
        gathering = Gathering(place, [name for name in names if name in NAMES])
        n_rows = 0
        with _no_collector():
            while chunk := list(islice(reader, _ROWS_AT_A_TIME)):
                if not all(chunk):  # a line end too many
                    chunk = [cells for cells in chunk if cells]
                _check_lengths(place, chunk, n_rows, len(names))
                _add(gathering, names, chunk, n_rows)
                n_rows += len(chunk)
        return gathering.done()
    except csv.Error as error:
        raise DatasetError(
            f"{place}, line {reader.line_num + 2}: must be a readable CSV, each double quote "
            f"closed: {error}"
        ) from error
    except UnicodeDecodeError as error:
        raise DatasetError(
            f"{place}, line {reader.line_num + 2} or later: must be UTF-8; save it as 'CSV UTF-8'"
        ) from error


@contextmanager
def _no_collector() -> Iterator[None]:
    """Look for no circles among objects: rows are in none, and it takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _names(place: Place, header: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in header]
    for name in NAMES:
        if names.count(name) > 1:
            raise DatasetError(f"{place}, row 0, column {name}: must be there once")
    return names


def _check_lengths(
    place: Place, chunk: Sequence[Sequence[str]], n_before: int, n_columns: int
) -> None:
    if set(map(len, chunk)) <= {n_columns}:
        return
    for row, cells in enumerate(chunk, n_before + 1):
        if len(cells) != n_columns:
            raise DatasetError(
                f"{place}, row {row}, column {min(len(cells), n_columns) + 1}: "
                f"{len(cells)} cells must be {n_columns}; put a cell that holds the mark between "
                "columns in double quotes"
            )


def _add(
    gathering: Gathering, names: Sequence[str], chunk: Sequence[Sequence[str]], n_before: int
) -> None:
    columns = dict(zip(names, zip(*chunk, strict=True), strict=True)) if chunk else {}
    if not columns:
        return
    numbers = {
        name: _numbers(gathering, name, columns[name], n_before)
        for name in NUMBERS
        if name in columns
    }
    gathering.add({name: columns[name] for name in TEXTS if name in columns}, numbers)


def _numbers(gathering: Gathering, name: str, cells: Sequence[str], n_before: int) -> Sequence[int]:
    try:
        values = list(map(int, cells))
    except ValueError:  # of another spelling, or not said
        values = [_number(cell) if cell else UNKNOWN for cell in cells]
    if min(values) >= 0 and max(values) < 2**63:
        return values
    for row, (value, cell) in enumerate(zip(values, cells, strict=True), n_before + 1):
        if (value < 0 and cell) or value >= 2**63:
            raise DatasetError(
                f"{gathering.manifest.place}, row {row}, column {name}: {cell!r} must be a whole "
                "number, 0 or above"
            )
    return values


def _number(cell: str) -> int:
    text = cell.strip().removesuffix(".0")  # as table programs write it
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else UNKNOWN
