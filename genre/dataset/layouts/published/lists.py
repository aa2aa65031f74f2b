"""The publishers' own lists and tables: found below the folder, read, or refused in one line."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from genre.errors import DatasetError

# Biographies in FMA's table are longer than the 128 KiB that the csv module takes.
_LONGEST_CELL = 2**24


def find_list(root: Path, names: Sequence[str]) -> Path | None:
    """Find a file of the publishers.

    Parameters
    ----------
    root : Path
        The data folder.
    names : sequence of str
        Where it may lie below the folder, the usual place first.

    Returns
    -------
    Path or None
        The first one that is there.
    """
    return next((root / name for name in names if (root / name).is_file()), None)


def need_list(root: Path, names: Sequence[str], *, of: str) -> Path:
    """Find a file of the publishers without which their collection cannot be read.

    Parameters
    ----------
    root : Path
        The data folder.
    names : sequence of str
        Where it may lie below the folder, the usual place first.
    of : str
        The collection, as people call it.

    Raises
    ------
    DatasetError
        Where it is at none of the places.
    """
    if (found := find_list(root, names)) is None:
        raise DatasetError(
            f"data={root} must hold {' or '.join(names)}, which {of} is published with"
        )
    return found


def read_lines(path: Path) -> list[str]:
    """Read a list: a name on each line.

    Parameters
    ----------
    path : Path
        UTF-8, with or without a byte order mark, and any line ends.

    Returns
    -------
    list of str
        Without the line ends; empty lines are left out.

    Raises
    ------
    DatasetError
        Where it cannot be read or is no text.
    """
    with _refusing(path):
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    return [line.rstrip("\r") for line in lines if line.strip()]


def read_table(
    path: Path,
    columns: Sequence[str],
    *,
    delimiter: str = ",",
    n_header_rows: int = 1,
    strict: bool = True,
) -> list[tuple[str, ...]]:
    """Read some columns of a table, each row in one pass and nothing else of it kept.

    Parameters
    ----------
    path : Path
        UTF-8, with or without a byte order mark, and any line ends.
    columns : sequence of str
        Their names; of two header rows the names are joined, as in ``track.genres``. An empty
        name is that of the first column.
    delimiter : str
        What parts the cells.
    n_header_rows : int
        How many rows name the columns.
    strict : bool
        Whether a quote within a quoted cell must be doubled.

    Returns
    -------
    list of tuple of str
        A row each, its cells in the order of ``columns``; empty rows are left out.

    Raises
    ------
    DatasetError
        Where it cannot be read, lacks a column, or a row is too short for one.
    """
    with _refusing(path), path.open(encoding="utf-8-sig", newline="") as file, _long_cells():
        reader = csv.reader(file, delimiter=delimiter, strict=strict)
        places = _places(path, reader, columns, n_header_rows=n_header_rows)
        try:
            return [tuple([row[place] for place in places]) for row in reader if row]
        except IndexError as error:
            raise DatasetError(
                f"{path}, line {reader.line_num}: must have {max(places) + 1} cells or more"
            ) from error


def has_columns(
    path: Path | None, columns: Sequence[str], *, delimiter: str = ",", n_header_rows: int = 1
) -> bool:
    """Whether a file is the table that `read_table` would read.

    Parameters
    ----------
    path : Path or None
        The file, if there is one.
    columns : sequence of str
        Their names.
    delimiter : str
        What parts the cells.
    n_header_rows : int
        How many rows name the columns.
    """
    if path is None:
        return False
    try:
        with _refusing(path), path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            return bool(_places(path, reader, columns, n_header_rows=n_header_rows))
    except DatasetError:
        return False


def read_header(path: Path, *, delimiter: str) -> list[str]:
    """Read the names of a table's columns.

    Parameters
    ----------
    path : Path
        As for `read_table`, with one row of names.
    delimiter : str
        What parts the cells.

    Raises
    ------
    DatasetError
        Where it cannot be read.
    """
    with _refusing(path), path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file, delimiter=delimiter), [])


def _places(
    path: Path, rows: Iterator[list[str]], columns: Sequence[str], *, n_header_rows: int
) -> list[int]:
    heads = [next(rows, []) for _ in range(n_header_rows)]
    names = [".".join(filter(None, map(str.strip, parts))) for parts in zip(*heads, strict=False)]
    for name in columns:
        if name not in names:
            raise DatasetError(f"{path} must have a column {name or 'without a name'}")
    return [names.index(name) for name in columns]


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatasetError(f"{path} must be readable: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path} must be UTF-8: {error}") from error
    except csv.Error as error:
        raise DatasetError(f"{path} must be a readable table: {error}") from error


@contextmanager
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
