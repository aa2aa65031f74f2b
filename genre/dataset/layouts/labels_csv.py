"""Layout ``labels-csv``: a table ``labels.csv`` in the data folder says what each file is.

Columns ``path`` (relative to the folder, or absolute) and ``genres`` (joined by ``|``); optional
``artist``, ``split`` (train, val or validation, test) and ``fold`` (a whole number); others are
ignored. UTF-8, with or without a byte order mark; columns parted by commas, semicolons or tabs.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from genre.dataset.layouts.csv_rows import read_rows
from genre.dataset.layouts.entries import SPLITS, Entry, Layout, Listing
from genre.dataset.layouts.files import LABELS_FILE, composed, list_files, track_ids
from genre.dataset.layouts.tables import find_table, unused_tables
from genre.errors import DatasetError
from genre.spelling import genre_texts, split_genres
from genre.wording import counted

# What was seen of each folder: its names by their composed form.
_Folders = dict[Path, dict[str, str]]


class _CellError(Exception):
    """What is wrong with one cell: the column and the words."""


def find_by_labels(root: Path) -> Listing:
    """Label the files that ``labels.csv`` lists.

    Parameters
    ----------
    root : Path
        The data folder.

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
    table = find_table(root) or root / LABELS_FILE
    entries: dict[Path, Entry] = {}
    faults: list[str] = []
    first_line: dict[Path, int] = {}
    folders: _Folders = {}
    for line, row in read_rows(table):
        try:
            path, entry = _entry(root, row, folders)
            if path in first_line:
                earlier = first_line[path]
                raise _CellError("path", f"{entry.track_id!r} must be listed once, see {earlier}")
        except _CellError as error:
            column, words = error.args
            faults.append(f"{table}, line {line}, column {column}: {words}")
            continue
        first_line[path] = line
        entries[path] = entry
    if faults:
        more = f" (and {counted(len(faults) - 1, 'more wrong line')})" if len(faults) > 1 else ""
        raise DatasetError(faults[0] + more)
    ids = track_ids(root, entries)
    named = [replace(entry, track_id=ids[path]) for path, entry in entries.items()]
    return Listing(
        entries=tuple(sorted(named, key=lambda entry: entry.track_id)),
        notes=(*_named_otherwise(table), *_unlisted(root, table, entries), *unused_tables(root)),
    )


def file_of(root: Path, text: str) -> Path | None:
    """Find the file that a cell ``path`` means.

    Parameters
    ----------
    root : Path
        The data folder.
    text : str
        The cell.

    Returns
    -------
    Path or None
        None where it means no file of the folder.
    """
    try:
        return _path(root, text, {})
    except _CellError:
        return None


def _named_otherwise(table: Path) -> tuple[str, ...]:
    if table.name == LABELS_FILE:
        return ()
    return (f"{table.name} is read as the labels, there is no {LABELS_FILE}",)


def _unlisted(root: Path, table: Path, listed: Iterable[Path]) -> tuple[str, ...]:
    known = {composed(str(path)) for path in listed}
    n_left_out = sum(composed(str(path)) not in known for path in list_files(root).audio)
    note = f"{counted(n_left_out, 'audio file')} left out, not in {table.name}"
    return (note,) if n_left_out else ()


def _entry(root: Path, row: dict[str, str], folders: _Folders) -> tuple[Path, Entry]:
    path = _path(root, row.get("path", ""), folders)
    genres = split_genres(row.get("genres", ""))
    if not genres:
        raise _CellError("genres", "must name at least one genre")
    split = row.get("split", "")
    if split and split.lower() not in SPLITS:
        raise _CellError("split", f"{split!r} must be one of: {', '.join(SPLITS)}")
    return path, Entry(
        track_id=path.relative_to(root).as_posix(),
        path=path,
        genres=genres,
        artist=row.get("artist") or None,
        split=SPLITS[split.lower()] if split else None,
        fold=_fold(row.get("fold", "")),
        spellings=genre_texts(row.get("genres", "")),
    )


def _fold(text: str) -> int | None:
    if not text:
        return None
    # a table program writes 3 as 3.0 where other rows have no fold
    digits = text.removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()):
        raise _CellError("fold", f"{text!r} must be a whole number, 0 or above")
    return int(digits)


def _path(root: Path, text: str, folders: _Folders) -> Path:
    if not text:
        raise _CellError("path", "must name a file")
    for spelling in (text, text.replace("\\", "/")):
        below = _below(root, spelling)
        if below is None:
            raise _CellError("path", f"{text!r} must lie inside {root}, which is {root.resolve()}")
        try:
            if (root / below).is_file():
                return root / below
            if (spelled := _on_disk(root, below.parts, folders)).is_file():
                return spelled
        except OSError as error:  # such as a name that is too long
            raise _CellError("path", f"{text!r} must be a file: {error.strerror}") from error
    raise _CellError("path", f"{text!r} must be an existing file in {root}")


def _below(root: Path, spelling: str) -> Path | None:
    """Write a path relative to the folder, whichever of the two is absolute or leads over links."""
    for top in (Path.cwd() / root, root.resolve()):
        inside = Path(os.path.normpath(top / spelling))
        if inside.is_relative_to(os.path.normpath(top)):
            return inside.relative_to(os.path.normpath(top))
    # a folder above may be a link, and the table names what it leads to, or the other way round
    real = Path(root, spelling)
    real = real.parent.resolve() / real.name
    return real.relative_to(root.resolve()) if real.is_relative_to(root.resolve()) else None


def _on_disk(root: Path, parts: Sequence[str], folders: _Folders) -> Path:
    """Spell a path as the disk does: one system composes accents, another takes them apart."""
    path = root
    for part in parts:
        if path not in folders:
            names = sorted(item.name for item in path.iterdir()) if path.is_dir() else []
            folders[path] = {composed(name): name for name in names}
        path /= folders[path].get(composed(part), part)
    return path


LABELS_CSV = Layout(
    name="labels-csv",
    option="csv",
    source=LABELS_FILE,
    advice=f"list the files in {{root}}/{LABELS_FILE}, columns path and genres",
    find=find_by_labels,
    applies=lambda root: find_table(root) is not None,
)
