"""Which file of a folder is its table of labels: ``labels.csv``, or what was meant to be that."""

import re
from pathlib import Path

from genre.dataset.layouts.csv_rows import missing_columns
from genre.dataset.layouts.files import LABELS_FILE
from genre.errors import DatasetError

_NAMES = r"(?:labels?|metadata|genres?|annotations?|tracks)"
_TABLES = re.compile(rf"{_NAMES}\.(?:csv|tsv|txt)(?:\.(?:csv|tsv|txt))?", flags=re.IGNORECASE)
_SPREADSHEETS = re.compile(rf"{_NAMES}\.(?:xlsx?|ods|numbers)", flags=re.IGNORECASE)


def find_table(root: Path) -> Path | None:
    """Find the table of labels in a folder.

    Parameters
    ----------
    root : Path
        The folder.

    Returns
    -------
    Path or None
        ``labels.csv``; where there is none, the one file that is called nearly so
        (``Labels.csv``, ``labels.tsv``, ``labels.csv.txt``, ``metadata.csv`` …) and has the
        columns of it. None where no file or more than one is such.
    """
    if (root / LABELS_FILE).is_file():
        return root / LABELS_FILE
    usable = [path for path in _near_misses(root) if _problem(path) is None]
    return usable[0] if len(usable) == 1 else None


def unused_tables(root: Path) -> tuple[str, ...]:
    """Name the files that look like a table of labels and are not read.

    Parameters
    ----------
    root : Path
        The folder.

    Returns
    -------
    tuple of str
        Why not, and what to do, in plain words.
    """
    used = find_table(root)
    near = [path for path in _near_misses(root) if path != used]
    notes = []
    for path in near:
        reason = _problem(path)
        if reason is None and used is None:
            others = ", ".join(other.name for other in near if other != path)
            reason = f"there is {others} too"
        if reason is None and used is not None:
            reason = f"{used.name} is"
        notes.append(f"{path.name} is not read as the labels: {reason}")
    sheets = [path.name for path in _files(root) if _SPREADSHEETS.fullmatch(path.name)]
    notes += [f"{name} is not read; save it as {LABELS_FILE} (CSV UTF-8)" for name in sheets]
    return tuple(notes)


def _near_misses(root: Path) -> list[Path]:
    return [
        path for path in _files(root) if path.name != LABELS_FILE and _TABLES.fullmatch(path.name)
    ]


def _files(root: Path) -> list[Path]:
    try:
        return [path for path in sorted(root.iterdir()) if path.is_file()]
    except OSError:
        return []


def _problem(path: Path) -> str | None:
    try:
        missing = missing_columns(path)
    except DatasetError as error:
        return str(error)
    return f"it has no column {' and no column '.join(missing)}" if missing else None
