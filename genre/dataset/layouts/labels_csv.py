"""Layout ``labels-csv``: a table ``labels.csv`` in the data folder says what each file is.

Columns ``path`` (relative to the folder) and ``genres`` (joined by ``|``); optional ``artist``,
``split`` (train, val or validation, test) and ``fold`` (a whole number); others are ignored. UTF-8,
with or without a byte order mark; columns parted by commas, or by semicolons or tabs.
"""

import csv
import io
import os
import unicodedata
from collections.abc import Container, Iterator
from pathlib import Path, PurePosixPath

from genre.dataset.labels import split_genres
from genre.dataset.layouts.entries import Entry, Listing
from genre.dataset.layouts.files import LABELS_FILE, list_files
from genre.dataset.wording import counted
from genre.errors import DatasetError

SPLITS = {"train": "train", "val": "val", "validation": "val", "test": "test"}
REQUIRED = ("path", "genres")
OPTIONAL = ("artist", "split", "fold")


class _CellError(Exception):
    """What is wrong with one cell: the column and the words."""


def find_by_labels(root: Path) -> Listing:
    """Label the files that ``labels.csv`` lists.

    Returns
    -------
    Listing
        Audio files that the table does not list are left out, with a note.

    Raises
    ------
    DatasetError
        On anything wrong in the table, with its line and column; where several lines are wrong,
        the first one and how many there are.
    """
    table = root / LABELS_FILE
    entries: dict[str, Entry] = {}
    faults: list[str] = []
    first_line: dict[str, int] = {}
    for line, row in _rows(table):
        try:
            entry = _entry(root, row)
            if entry.track_id in first_line:
                earlier = first_line[entry.track_id]
                raise _CellError("path", f"{entry.track_id!r} must be listed once, see {earlier}")
        except _CellError as error:
            column, words = error.args
            faults.append(f"{table}, line {line}, column {column}: {words}")
            continue
        first_line[entry.track_id] = line
        entries[entry.track_id] = entry
    if faults:
        more = f" (and {counted(len(faults) - 1, 'more wrong line')})" if len(faults) > 1 else ""
        raise DatasetError(faults[0] + more)
    return Listing(
        entries=tuple(entries[track_id] for track_id in sorted(entries)),
        notes=_unlisted(root, entries),
    )


def _unlisted(root: Path, entries: Container[str]) -> tuple[str, ...]:
    audio = list_files(root).audio
    n_left_out = sum(_track_id(root, path) not in entries for path in audio)
    note = f"{counted(n_left_out, 'audio file')} left out, not in {LABELS_FILE}"
    return (note,) if n_left_out else ()


def _track_id(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _rows(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    text = _text(table)
    header = text.lstrip().split("\n", 1)[0]
    delimiter = next((mark for mark in ",;\t" if mark in header), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(table, cells)
                continue
            if len(cells) > len(columns):
                raise DatasetError(
                    f"{table}, line {reader.line_num}: {len(cells)} cells must be at most "
                    f"{len(columns)}; put a cell that holds {delimiter!r} in double quotes"
                )
            yield reader.line_num, dict(zip(columns, map(str.strip, cells), strict=False))
    except csv.Error as error:
        raise DatasetError(
            f"{table}, line {reader.line_num}: must be a readable CSV: {error}"
        ) from error
    if columns is None:
        raise DatasetError(f"{table} must have a first line with the columns path, genres")


def _text(table: Path) -> str:
    try:
        content = table.read_bytes()
    except OSError as error:
        raise DatasetError(f"{table} must be readable: {error.strerror}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DatasetError(
            f"{table}, line {line}: must be UTF-8, found byte 0x{content[error.start]:02x}; "
            "save it as 'CSV UTF-8'"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _columns(table: Path, cells: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    for name in REQUIRED:
        if name not in columns:
            found = ", ".join(cells)
            raise DatasetError(f"{table}, line 1, column {name}: must be there; found: {found}")
    for name in (*REQUIRED, *OPTIONAL):
        if columns.count(name) > 1:
            raise DatasetError(f"{table}, line 1, column {name}: must be there once")
    return columns


def _entry(root: Path, row: dict[str, str]) -> Entry:
    path = _path(root, row.get("path", ""))
    genres = split_genres(row.get("genres", ""))
    if not genres:
        raise _CellError("genres", "must name at least one genre")
    split = row.get("split", "")
    if split and split.lower() not in SPLITS:
        raise _CellError("split", f"{split!r} must be one of: {', '.join(SPLITS)}")
    return Entry(
        track_id=_track_id(root, path),
        path=path,
        genres=genres,
        artist=row.get("artist") or None,
        split=SPLITS[split.lower()] if split else None,
        fold=_fold(row.get("fold", "")),
    )


def _fold(text: str) -> int | None:
    if not text:
        return None
    # a table program writes 3 as 3.0 where other rows have no fold
    digits = text.removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()):
        raise _CellError("fold", f"{text!r} must be a whole number, 0 or above")
    return int(digits)


def _path(root: Path, text: str) -> Path:
    if not text:
        raise _CellError("path", "must name a file")
    top = Path(os.path.normpath(root))
    for spelling in _spellings(text):
        inside = Path(os.path.normpath(root / spelling))
        if not inside.is_relative_to(top):
            raise _CellError("path", f"{text!r} must lie inside {root}")
        try:
            if inside.is_file():
                return root / inside.relative_to(top)
        except OSError as error:  # such as a name that is too long
            raise _CellError("path", f"{text!r} must be a file: {error.strerror}") from error
    raise _CellError("path", f"{text!r} must be an existing file in {root}")


def _spellings(text: str) -> list[str]:
    """Give the ways in which another system may have written the same path."""
    posix = PurePosixPath(text.replace("\\", "/")).as_posix()
    forms = (text, posix, *(unicodedata.normalize(form, posix) for form in ("NFC", "NFD")))
    return list(dict.fromkeys(forms))
