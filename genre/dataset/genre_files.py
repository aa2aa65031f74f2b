"""A collector's tree of genres, out of the file that says it: ``genres.toml``, or FMA's table.

``genres.toml`` has a table for each genre, under the name that people are to read::

    ["Drum & Bass"]
    parents = ["Electronic"]
    also = ["dnb", "jungle"]

    [Electronic]

``parents`` are genres of the file or of the labels, ``also`` are other names of this one. The Free
Music Archive's ``genres.csv`` (``genre_id, parent, title``) is read as the same.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from genre.addresses import Place
from genre.dataset.layouts.published.gathering import as_one, genre_names
from genre.dataset.layouts.published.lists import read_table
from genre.dataset.manifest import is_manifest
from genre.dataset.music import Music
from genre.errors import ConfigError, DatasetError
from genre.genre_tree import GenreTree, find_cycle
from genre.spelling import split_genres
from genre.suggestions import did_you_mean
from genre.taxonomy import check_display_names
from genre.wording import printable, shown

AUTO, NONE = "auto", "none"
GENRES_FILE = "genres.toml"

_KEYS = ("parents", "also")
_KEY = r"""(?P<key>"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)"""
_OPENING = re.compile(rf"\s*(?:\[\s*{_KEY}\s*\]|{_KEY.replace('key', 'entry')}\s*[.=])")
_FMA_COLUMNS = ("genre_id", "parent", "title")


@dataclass(frozen=True, kw_only=True)
class GenreFile:
    """A tree with the place that it was read from.

    Parameters
    ----------
    path : Path
        The file.
    tree : GenreTree
        What it says.
    lines : mapping of str to int
        Where each genre of its own stands, by canonical name.
    """

    path: Path
    tree: GenreTree
    lines: Mapping[str, int]

    def applied(self, music: Music) -> Music:
        """Let tracks have the genres that training gives them.

        Parameters
        ----------
        music : Music
            With genres as the labels have them.

        Raises
        ------
        DatasetError
            As `check`.
        """
        self.check(music.genres)
        tracks = (replace(track, genres=self.tree.whole(track.genres)) for track in music.tracks)
        return replace(self.named(music), tracks=tuple(tracks))

    def named(self, music: Music) -> Music:
        """Let the genres of a folder be written as the file has them.

        Parameters
        ----------
        music : Music
            With the spelling of its labels, which stays where the file has no name.
        """
        names = {**music.found.display_names, **self.tree.names}
        return replace(music, found=replace(music.found, display_names=names))

    def check(self, labels: Iterable[str]) -> None:
        """Make sure that every parent is a genre of the file or of the labels.

        Parameters
        ----------
        labels : iterable of str
            Canonical names of the genres that tracks have.

        Raises
        ------
        DatasetError
            With the first that is neither, its line, and what may have been meant.
        """
        known = {*self.lines, *(self.tree.also.get(genre, genre) for genre in labels)}
        for genre, parents in self.tree.parents.items():
            for parent in parents:
                if parent not in known:
                    meant = did_you_mean(parent, sorted(known))
                    advice = meant or "; give it a table of its own"
                    name = self.tree.names[genre]
                    raise DatasetError(
                        f"{_at(self.path, self.lines[genre])}: parent {parent!r} of {name!r} must "
                        f"be a genre of this file or of the labels{advice}"
                    )


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A genre as the file has it; names are as they are written."""

    name: str
    genre: str
    line: int
    parents: tuple[str, ...] = ()
    also: tuple[str, ...] = field(default=())


def find_genre_file(option: str, data: Place) -> GenreFile | None:
    """Read the tree that an option asks for.

    Parameters
    ----------
    option : str
        auto, ``genres.toml`` in the data folder where there is one; none; or a file.
    data : Path or Address
        The data folder; or a manifest, beside which it may lie.

    Returns
    -------
    GenreFile or None
        None where there is no such file, or none is wanted.

    Raises
    ------
    DatasetError
        As `read_genre_file`.
    """
    if option == NONE:
        return None
    if option != AUTO:
        return read_genre_file(Path(option))
    folder = data.parent if is_manifest(data) else data
    path = folder / GENRES_FILE
    return read_genre_file(path) if isinstance(path, Path) and path.is_file() else None


def read_genre_file(path: Path) -> GenreFile:
    """Read a tree of genres.

    Parameters
    ----------
    path : Path
        TOML; or, where it ends in ``.csv``, the Free Music Archive's ``genres.csv``.

    Raises
    ------
    DatasetError
        Where it cannot be read, names a genre twice, or has one above itself: in one line, with
        the place in the file.
    """
    rows = list(_fma_rows(path) if path.suffix.lower() == ".csv" else _toml_rows(path))
    own: dict[str, _Row] = {}
    for row in rows:
        if (before := own.setdefault(row.genre, row)) is not row:
            raise _fault(path, row, f"stands on line {before.line} already, as {before.name!r}")
    also = _other_names(path, own)
    parents = {
        row.genre: tuple(dict.fromkeys(also.get(parent, parent) for parent in row.parents))
        for row in rows
        if row.parents
    }
    if cycle := find_cycle(parents):
        raise _fault(path, own[cycle[0]], f"must not be above itself: {' → '.join(cycle)}")
    names = {row.genre: row.name for row in rows}
    lines = {row.genre: row.line for row in rows}
    return GenreFile(
        path=path, tree=GenreTree(parents=parents, also=also, names=names), lines=lines
    )


def _other_names(path: Path, own: Mapping[str, _Row]) -> dict[str, str]:
    also: dict[str, str] = {}
    for row in own.values():
        for other in row.also:
            if other == row.genre:
                continue  # another spelling of the same
            if (taken := also.setdefault(other, row.genre)) != row.genre or other in own:
                named = own[other if other in own else taken]
                raise _fault(path, row, f"is also {other!r}, which line {named.line} has already")
    return also


def _toml_rows(path: Path) -> Iterator[_Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        tables = tomllib.loads(text)
    except OSError as error:
        raise DatasetError(f"genres={shown(path)} must be readable ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"genres={shown(path)} must be a TOML file: {error}") from error
    lines = text.splitlines()
    for name, table in tables.items():
        line = _line_of(name, lines)
        yield _row(path, name, table, line)


def _row(path: Path, name: str, table: object, line: int) -> _Row:
    bare = _Row(name=name, genre=name, line=line)
    if not isinstance(table, dict):
        raise _fault(path, bare, 'must be a table such as { parents = ["jazz"] }')
    if unknown := [key for key in table if key not in _KEYS]:
        meant = did_you_mean(unknown[0], _KEYS)
        known = ", ".join(_KEYS)
        raise _fault(path, bare, f"has no key {unknown[0]!r}; known keys: {known}{meant}")
    lists: dict[str, Any] = {key: table.get(key, []) for key in _KEYS}
    for key, texts in lists.items():
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise _fault(path, bare, f'{key} must be a list of names such as ["jazz"]')
    genre = _one_genre(path, bare, name)
    try:
        names = check_display_names({genre: name}, [genre])
    except ConfigError as error:
        raise _fault(path, bare, f"cannot be shown: {error}") from error
    parents, also = (tuple(_one_genre(path, bare, text) for text in lists[key]) for key in _KEYS)
    return _Row(name=names[genre], genre=genre, line=line, parents=parents, also=also)


def _one_genre(path: Path, row: _Row, text: str) -> str:
    """Read a name as labels are read, in which it must be one genre."""
    try:
        found = split_genres(text)
    except DatasetError as error:
        raise _fault(path, row, str(error)) from error
    if len(found) != 1:
        what = f"the genres {', '.join(found)}" if found else "no genre"
        raise _fault(path, row, f"{text!r} must name one genre; labels read it as {what}")
    return found[0]


def _fma_rows(path: Path) -> Iterator[_Row]:
    table = read_table(path, _FMA_COLUMNS)
    titles = {number: title for number, _, title in table}
    genres = genre_names(titles.values())
    for line, (_, parent, title) in enumerate(table, start=2):
        row = _Row(name=as_one(title), genre=genres[title], line=line)
        if parent not in ("", "0"):
            if parent not in titles:
                raise _fault(path, row, f"parent={parent} must be a genre_id of this table")
            row = _Row(name=row.name, genre=row.genre, line=line, parents=(genres[titles[parent]],))
        yield row


def _line_of(name: str, lines: Sequence[str]) -> int:
    """Find the line of a table, which the parser of TOML does not tell."""
    for number, line in enumerate(lines, start=1):
        if (found := _OPENING.match(line)) is None:
            continue
        key = found["key"] or found["entry"]
        try:
            if name in tomllib.loads(f"{key} = 0"):
                return number
        except ValueError:
            continue
    return 1


def _fault(path: Path, row: _Row, what: str) -> DatasetError:
    return DatasetError(f"{_at(path, row.line)}: {printable(repr(row.name))} {what}")


def _at(path: Path, line: int) -> str:
    return f"genres={shown(path)}, line {line}"
