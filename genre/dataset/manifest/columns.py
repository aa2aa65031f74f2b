"""A manifest in memory: columns, so that a million rows are a few hundred megabytes."""

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path, PurePosixPath

from genre.addresses import Address, Place, is_address
from genre.errors import DatasetError

NAMES = (*("path", "size", "modified", "changed", "sha256", "genres", "artist", "split", "fold"),)
NUMBERS = ("size", "modified", "changed", "fold")
TEXTS = ("path", "sha256", "genres", "artist", "split")
# Of these there are few different ones, so that equal ones are kept once.
_REPEATED = ("genres", "artist", "split")
UNKNOWN = -1
"""What stands for a number that a row does not say."""
_SHA256 = re.compile(r"[0-9a-f]{64}|")
_HEXADECIMAL = re.compile(r"[0-9a-f]*")
# Of several paths at once, each between line ends: what pathlib would write otherwise.
_UNTIDY = ("//", "/./", "\n./", "/.\n", "/\n")

Stamp = tuple[int, int, int]


def _no_numbers() -> "array[int]":
    return array("q")


@dataclass(frozen=True, kw_only=True, eq=False)
class Manifest:
    """Files of a collection, a row each.

    Parameters
    ----------
    place : Path or Address
        Where the table lies; relative paths start from its folder.
    has : frozenset of str
        The columns that it has.
    path : list of str
        As written; each once.
    size, modified, changed, fold : array of int
        In bytes, in ns, in ns, and whole numbers; -1 where a row does not say.
    sha256 : list of str
        64 hexadecimal digits; empty where a row does not say.
    genres, artist, split : list of str
        As written; empty where a row does not say.
    numbers : sequence of int
        Which row of the table each is, from 1 below the names of the columns.
    """

    place: Place
    has: frozenset[str]
    path: list[str] = field(default_factory=list)
    size: "array[int]" = field(default_factory=_no_numbers)
    modified: "array[int]" = field(default_factory=_no_numbers)
    changed: "array[int]" = field(default_factory=_no_numbers)
    fold: "array[int]" = field(default_factory=_no_numbers)
    sha256: list[str] = field(default_factory=list)
    genres: list[str] = field(default_factory=list)
    artist: list[str] = field(default_factory=list)
    split: list[str] = field(default_factory=list)
    numbers: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.path)

    def where(self, row: int, column: str) -> str:
        """Name a cell for a message.

        Parameters
        ----------
        row : int
            From 0, of this object.
        column : str
            Its name.
        """
        return f"{self.place}, row {self.numbers[row]}, column {column}"

    def place_of(self, row: int) -> Place:
        """Find the file of a row.

        Parameters
        ----------
        row : int
            From 0.
        """
        text = self.path[row]
        if is_address(text):
            return Address(text)
        if isinstance(self.place, Address) and not text.startswith("/"):
            return self.place.parent / text
        return Path(text) if isinstance(self.place, Address) else self.place.parent / text

    def stamp(self, row: int) -> Stamp | None:
        """Read what the file of a row looked like, as `genre.dataset.content_index.stamp_of`.

        Parameters
        ----------
        row : int
            From 0.

        Returns
        -------
        tuple of int or None
            None where the row lacks size or time of modification; the time of change may be -1.
        """
        size, modified = self.size[row], self.modified[row]
        return None if UNKNOWN in (size, modified) else (size, modified, self.changed[row])

    def only(self, is_wanted: Callable[[str], bool]) -> "Manifest":
        """Keep some rows.

        Parameters
        ----------
        is_wanted : callable of str
            Asked with each path as written.

        Returns
        -------
        Manifest
        """
        rows = [row for row, path in enumerate(self.path) if is_wanted(path)]
        return Manifest(
            place=self.place,
            has=self.has,
            path=[self.path[row] for row in rows],
            size=array("q", (self.size[row] for row in rows)),
            modified=array("q", (self.modified[row] for row in rows)),
            changed=array("q", (self.changed[row] for row in rows)),
            fold=array("q", (self.fold[row] for row in rows)),
            sha256=[self.sha256[row] for row in rows],
            genres=[self.genres[row] for row in rows],
            artist=[self.artist[row] for row in rows],
            split=[self.split[row] for row in rows],
            numbers=[self.numbers[row] for row in rows],
        )


class Gathering:
    """Columns that grow by blocks of rows, each cell checked as it comes.

    Parameters
    ----------
    place : Path or Address
        Where the table lies.
    has : iterable of str
        The columns of the table that a manifest knows.

    Raises
    ------
    DatasetError
        Where there is no column of paths.
    """

    def __init__(self, place: Place, has: Iterable[str]) -> None:
        self.manifest = Manifest(place=place, has=frozenset(has))
        self._seen: set[str] = set()
        self._kept: dict[str, str] = {}
        if "path" not in self.manifest.has:
            found = ", ".join(sorted(self.manifest.has)) or "none of a manifest's"
            raise DatasetError(
                f"{place}, row 0, column path: must be there; found: {found}; write a manifest "
                "with genre scan"
            )

    def add(self, columns: dict[str, Sequence[str]], numbers: dict[str, Sequence[int]]) -> None:
        """Take the next rows.

        Parameters
        ----------
        columns : dict of str to sequence of str
            Of texts, equally long; an absent one is empty.
        numbers : dict of str to sequence of int
            Of numbers, -1 where unknown; an absent one is unknown.

        Raises
        ------
        DatasetError
            On the first cell that cannot be, with its row and column.
        """
        to, n_rows = self.manifest, len(columns["path"])
        paths = columns["path"]
        joined = "\n".join(("", *paths, ""))
        if any(mark in joined for mark in _UNTIDY):
            paths = [text if is_address(text) else _tidy(text) for text in paths]
        self._check_paths(paths)
        to.path.extend(paths)
        for name in NUMBERS:
            getattr(to, name).extend(numbers.get(name) or repeat(UNKNOWN, n_rows))
        to.sha256.extend(self._hashes(columns.get("sha256") or [""] * n_rows))
        for name in _REPEATED:
            cells = columns.get(name) or [""] * n_rows
            getattr(to, name).extend(map(self._kept.setdefault, cells, cells))

    def done(self) -> Manifest:
        """Return the whole.

        Raises
        ------
        DatasetError
            Where it has no row.
        """
        to = self.manifest
        if not to.path:
            raise DatasetError(f"{to.place} must list at least one file; write it with genre scan")
        return Manifest(**{**vars(to), "numbers": range(1, len(to.path) + 1)})

    def _hashes(self, cells: Sequence[str]) -> Sequence[str]:
        # all at once: one by one takes a second of a million
        if set(map(len, cells)) <= {0, 64} and _HEXADECIMAL.fullmatch("".join(cells)):
            return cells
        cells = [cell.lower() for cell in cells]
        for row, cell in enumerate(cells, len(self.manifest.sha256) + 1):
            if not _SHA256.fullmatch(cell):
                raise DatasetError(
                    f"{self.manifest.place}, row {row}, column sha256: {cell!r} must be 64 "
                    "hexadecimal digits"
                )
        return cells

    def _check_paths(self, paths: Sequence[str]) -> None:
        n_before = len(self._seen)
        self._seen.update(paths)
        is_well = len(self._seen) == n_before + len(paths)
        if is_well and all(paths) and "\0" not in "".join(paths):
            return
        seen = {text: row for row, text in enumerate(self.manifest.path)}
        start = len(self.manifest.path)
        for row, text in enumerate(paths, start):
            if not text:
                words = "must name a file"
            elif "\0" in text:
                words = f"{text!r} must be text without NUL"
            elif text in seen:
                words = f"{text!r} must be listed once, see row {seen[text] + 1}"
            else:
                seen[text] = row
                continue
            raise DatasetError(f"{self.manifest.place}, row {row + 1}, column path: {words}")


def _tidy(text: str) -> str:
    return str(PurePosixPath(text))
