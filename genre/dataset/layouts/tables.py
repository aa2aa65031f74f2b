"""Which file of a folder is its table of labels: ``labels.csv``, or what was meant to be that."""

import re
from pathlib import Path

from genre.dataset.layouts.csv_rows import missing_columns
from genre.dataset.layouts.entries import part_of_split
from genre.dataset.layouts.files import LABELS_FILE, is_passed_over
from genre.errors import DatasetError
from genre.wording import listed

_NAMES = r"(?:labels?|metadata|genres?|annotations?|tracks)"
_NEARLY = re.compile(rf"{_NAMES}\.(?:csv|tsv|txt)(?:\.(?:csv|tsv|txt))?", flags=re.IGNORECASE)
_NOT_READ = (".xls", ".xlsx", ".ods", ".numbers", ".json", ".jsonl", ".ndjson", ".parquet")
_NAMES_SHOWN = 5
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
        called otherwise and have its columns, and those in the folders below.
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
    sheets = [path.name for path in _files(root) if _is_of_another_kind(path)]
    notes += [f"{name} is not read; save it as {LABELS_FILE} (CSV UTF-8)" for name in sheets]
    elsewhere = () if used else _elsewhere(root)
    if elsewhere:
        notes.append(
            f"not read, but like a table of labels: {listed(elsewhere, limit=_NAMES_SHOWN)}; for "
            f"the genres in it write {root / LABELS_FILE}, columns path and genres, and split for "
            "parts of a split"
        )
    return tuple(notes)


def _elsewhere(root: Path) -> list[str]:
    """List the tables that a search by names in the folder itself does not see."""
    below = [path for folder in _folders(root) for path in _files(folder)]
    here = [path for path in _files(root) if not _NEARLY.fullmatch(path.name)]
    found = [path for path in here if _has_columns(path)]
    found += [path for path in below if _has_columns(path) or _is_of_another_kind(path)]
    return [path.relative_to(root).as_posix() for path in found]


def _is_of_another_kind(path: Path) -> bool:
    is_called_so = re.fullmatch(_NAMES, path.stem, flags=re.IGNORECASE) is not None
    return path.suffix.lower() in _NOT_READ and (
        is_called_so or part_of_split(path.stem) is not None
    )


def _has_columns(path: Path) -> bool:
    return path.suffix.lower() in (".csv", ".tsv") and _problem(path) is None


def _folders(root: Path) -> list[Path]:
    try:
        items = [path for path in sorted(root.iterdir()) if not is_passed_over(path.name)]
    except OSError:
        return []
    return [path for path in items if path.is_dir()][:_N_FOLDERS]


def _near_misses(root: Path) -> list[Path]:
    return [
        path for path in _files(root) if path.name != LABELS_FILE and _NEARLY.fullmatch(path.name)
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
