"""Which file of a folder is its table of labels: ``labels.csv``, or what was meant to be that."""

import csv
import re
from pathlib import Path

from genre.audio.decode import AUDIO_SUFFIXES
from genre.dataset.layouts.csv_rows import first_rows, missing_columns
from genre.dataset.layouts.files import LABELS_FILE, is_passed_over
from genre.errors import DatasetError
from genre.wording import listed

_NAMES = r"(?:labels?|metadata|genres?|annotations?|tracks)"
_TABLES = re.compile(rf"{_NAMES}\.(?:csv|tsv|txt)(?:\.(?:csv|tsv|txt))?", flags=re.IGNORECASE)
_PARTS = r"(?:train|test|val|valid|validation|dev)"
_SPREADSHEETS = re.compile(
    rf"(?:{_NAMES}|{_PARTS})\.(?:xlsx?|ods|numbers|jsonl?|ndjson|parquet)", flags=re.IGNORECASE
)
# The columns of what is called otherwise, and still is a table of labels.
_PATH_COLUMNS = frozenset(("path", "file_name", "filename", "file"))
_GENRE_COLUMNS = frozenset(("genres", "genre", "label", "labels", "category", "class", "style"))
_NAMES_SHOWN = 5
# What a folder of tables is called.
_DESCRIPTIONS = re.compile(r"meta(?:data)?|labels?|annotations?", flags=re.IGNORECASE)
# More folders are not looked into.
_N_FOLDERS = 50


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
        Why not, and what to do, in plain words. Where no table is read, those count too that are
        called otherwise and have its columns, and those in the folders below and beside: of
        these, what names a file here.
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
    elsewhere = () if used else _elsewhere(root)
    if elsewhere:
        notes.append(
            f"not read, but like a table of labels: {listed(elsewhere, limit=_NAMES_SHOWN)}; for "
            f"the genres in it write {root / LABELS_FILE}, columns path and genres, and split for "
            "parts of a split"
        )
    return tuple(notes)


def _elsewhere(root: Path) -> tuple[str, ...]:
    """List the tables that a search by names in the folder itself does not see."""
    above = root.resolve().parent
    below = [path for folder in _folders(root) for path in _files(folder)]
    found = [
        path.relative_to(root).as_posix()
        for path in (*_files(root), *below)
        if _is_like_labels(path) and (path.parent != root or not _is_named_so(path))
    ]
    described = [folder for folder in _folders(above) if _DESCRIPTIONS.fullmatch(folder.name)]
    beside = [path for folder in (above, *described) for path in _files(folder)]
    found += [
        f"../{path.relative_to(above).as_posix()}"
        for path in beside
        if not path.is_relative_to(root.resolve())
        and _is_like_labels(path)
        and _names_a_file(path, root)
    ]
    return tuple(found)


def _is_named_so(path: Path) -> bool:
    return bool(_TABLES.fullmatch(path.name) or _SPREADSHEETS.fullmatch(path.name))


def _is_like_labels(path: Path) -> bool:
    if _SPREADSHEETS.fullmatch(path.name):
        return True
    if path.suffix.lower() not in (".csv", ".tsv"):
        return False
    try:
        columns = {cell.lower() for cell in first_rows(path)[0]}
    except (DatasetError, csv.Error):
        return False
    return bool(columns & _PATH_COLUMNS and columns & _GENRE_COLUMNS)


def _names_a_file(table: Path, root: Path) -> bool:
    """Check whether the first row is about music here: a folder beside has tables of its own."""
    if table.suffix.lower() not in (".csv", ".tsv"):
        return False
    names = [cell.replace("\\", "/").rpartition("/")[2] for cell in first_rows(table)[1]]
    wanted = {name for name in names if Path(name).suffix.lower() in AUDIO_SUFFIXES}
    folders = (root, *_folders(root))
    return any((folder / name).is_file() for name in wanted for folder in folders)


def _folders(root: Path) -> list[Path]:
    try:
        items = [path for path in sorted(root.iterdir()) if not is_passed_over(path.name)]
    except OSError:
        return []
    return [path for path in items if path.is_dir()][:_N_FOLDERS]


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
