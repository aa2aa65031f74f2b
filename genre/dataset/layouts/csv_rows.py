"""Reading ``labels.csv`` into rows; what is no table is refused with its line and column."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from genre.errors import DatasetError

REQUIRED = ("path", "genres")
OPTIONAL = ("artist", "split", "fold")
# What published sets call the required columns.
_ALIASES = {
    "path": ("file_name", "filename", "file"),
    "genres": ("genre", "label", "labels", "category", "class", "style"),
}
# Enough for the names of the columns.
_HEAD_BYTES = 65536


def read_rows(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Read a table row by row.

    Parameters
    ----------
    table : Path
        UTF-8, with or without a byte order mark; columns parted by commas, semicolons or tabs. The
        first line that is not empty names the columns.

    Yields
    ------
    int
        The line, from 1.
    dict of str to str
        The cells by column, without white space around them; a missing cell has no key.

    Raises
    ------
    DatasetError
        Where the file cannot be read, is no table, or lacks a column.
    """
    text = _text(table)
    delimiter = delimiter_of(text)
    text = _hint_blanked(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    n_lines_read = 0
    try:
        for cells in reader:
            n_lines_read = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(table, reader.line_num, cells)
                continue
            if len(cells) > len(columns):
                raise DatasetError(
                    f"{table}, line {reader.line_num}, column {len(columns) + 1}: {len(cells)} "
                    f"cells must be at most {len(columns)}; put a cell that holds {delimiter!r} in "
                    "double quotes"
                )
            yield reader.line_num, dict(zip(columns, map(str.strip, cells), strict=False))
    except csv.Error as error:
        rest = "\n".join(text.split("\n")[n_lines_read:])
        line, column = _unreadable_cell(rest, delimiter)
        raise DatasetError(
            f"{table}, line {n_lines_read + line}, column {_name(columns, column)}: must be a "
            f"readable CSV, each double quote closed before the next {delimiter!r}: {error}"
        ) from error
    if not columns:
        raise DatasetError(
            f"{table}, line 1, column path: must have a first line with the columns path, genres"
        )


def _text(table: Path) -> str:
    try:
        content = table.read_bytes()
    except OSError as error:
        raise DatasetError(f"{table} must be readable: {error.strerror}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the position counts from behind a byte order mark
        good = error.object[: error.start].decode("utf-8")
        *lines, last = _one_newline(good).split("\n")
        delimiter = delimiter_of(good)
        # the names of the columns are known where the header is whole
        header = next((line for line in lines if line.strip()), "")
        columns = [cell.strip().strip('"').lower() for cell in header.split(delimiter)]
        column = _name(columns if header else [], _unreadable_cell(last, delimiter)[1])
        raise DatasetError(
            f"{table}, line {len(lines) + 1}, column {column}: must be UTF-8, found byte "
            f"0x{error.object[error.start]:02x}; save it as 'CSV UTF-8'"
        ) from error
    return _one_newline(text)


def missing_columns(table: Path) -> list[str]:
    """List the required columns that a table has not, from its first lines alone.

    Parameters
    ----------
    table : Path
        As in `read_rows`.

    Returns
    -------
    list of str
        Empty for a table that `read_rows` reads.

    Raises
    ------
    DatasetError
        Where the file cannot be read.
    """
    columns = canonical_columns([cell.strip().lower() for cell in _header(table)])
    return [name for name in REQUIRED if name not in columns]


def _header(table: Path) -> list[str]:
    try:
        with table.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise DatasetError(f"it cannot be read: {error.strerror}") from error
    text = _one_newline(head.decode("utf-8-sig", errors="replace"))
    header = _hint_blanked(text).lstrip().split("\n", 1)[0]
    try:
        return next(csv.reader([header], delimiter=delimiter_of(text)), [])
    except csv.Error as error:
        raise DatasetError(f"it is no table: {error}") from error


def canonical_columns(columns: list[str]) -> list[str]:
    """Call the required columns by their names, where one other stands for them.

    Parameters
    ----------
    columns : list of str
        In lower case.
    """
    for name, aliases in _ALIASES.items():
        found = [column for column in columns if column in aliases]
        if name not in columns and len(found) == 1:
            columns = [name if column == found[0] else column for column in columns]
    return columns


def _one_newline(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# The first line by which spreadsheets are told what parts the columns: sep=;
_HINT = re.compile(r"\s*\"?sep=(?P<mark>[,;\t|])\"?[^\S\n]*(?=\n)", flags=re.IGNORECASE)


def _hint_blanked(text: str) -> str:
    return (
        _HINT.sub(lambda hint: "\n" * hint[0].count("\n"), text, count=1)
        if _HINT.match(text)
        else text
    )


def is_hint(line: str) -> bool:
    """Check whether a line only tells spreadsheets what parts the columns: ``sep=;``.

    Parameters
    ----------
    line : str
        With its end.
    """
    return _HINT.match(_one_newline(line)) is not None


def delimiter_of(text: str) -> str:
    """Find what parts the columns of a table.

    Parameters
    ----------
    text : str
        Without a byte order mark.
    """
    if hint := _HINT.match(text):
        return hint["mark"]
    header = text.lstrip().split("\n", 1)[0]
    return next((mark for mark in ",;\t" if mark in header), ",")


def _unreadable_cell(text: str, delimiter: str) -> tuple[int, int]:
    """Find where reading one row ends: the line and column, from 1, at which its last cell opens.

    The last cell is the first that no delimiter follows; an open quote is such a cell.
    """
    quoted, plain = r'"[^"]*(?:""[^"]*)*"', rf'[^"{delimiter}\n][^{delimiter}\n]*'
    cell = re.compile(rf"(?:{quoted}|{plain}|)(?={delimiter})")
    start, column = 0, 1
    while (found := cell.match(text, start)) is not None:
        start, column = found.end() + 1, column + 1
    return text.count("\n", 0, start) + 1, column


def _name(columns: Sequence[str], number: int) -> str:
    """Look up a column's name; one that has none goes by its number, from 1."""
    return (columns[number - 1] if number <= len(columns) else "") or str(number)


def _columns(table: Path, line: int, cells: list[str]) -> list[str]:
    columns = canonical_columns([cell.strip().lower() for cell in cells])
    for name in REQUIRED:
        if name not in columns:
            found = ", ".join(cells)
            raise DatasetError(
                f"{table}, line {line}, column {name}: must be there; found: {found}"
            )
    for name in (*REQUIRED, *OPTIONAL):
        if columns.count(name) > 1:
            raise DatasetError(f"{table}, line {line}, column {name}: must be there once")
    return columns
