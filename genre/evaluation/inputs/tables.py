"""Tables of scores from any system: a CSV with a row per track and a column per genre.

Columns: ``track``, which names every track once; ``artist``, which may be absent; then a column for
each genre. A table of truth holds 0 and 1, a table of scores numbers in [0, 1]. Rows are matched
by track and columns by name, in any order. Where every track has exactly one genre, a table of
truth may have one column alone, with the genre's name.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genre.errors import GenreError

TRACK, ARTIST = "track", "artist"
FIRST_LINE = 2
"""Where the first row below the header stands."""


@dataclass(frozen=True, kw_only=True)
class ScoreTable:
    """What a file says.

    Parameters
    ----------
    path : Path
        For messages.
    track_id : ndarray of shape (n_tracks,), str
        Each once.
    artist : ndarray of shape (n_tracks,), str, or None
        Where the file has them.
    genres : tuple of str, length n_labels
        The columns.
    values : ndarray of shape (n_tracks, n_labels), in [0, 1]
        Scores, or 0 and 1.
    is_exclusive : bool
        Whether it is a truth that names one genre for each track.
    """

    path: Path
    track_id: NDArray[np.str_]
    artist: NDArray[np.str_] | None
    genres: tuple[str, ...]
    values: NDArray[np.float64]
    is_exclusive: bool = False

    def with_columns(self, other: "ScoreTable") -> "ScoreTable":
        """Take over the genres of scores, which may know more than those that occur.

        Parameters
        ----------
        other : ScoreTable
            With a column for every genre that this truth names.

        Raises
        ------
        GenreError
            With a genre that it lacks.
        """
        lacking = [genre for genre in self.genres if genre not in other.genres]
        if lacking:
            raise GenreError(
                f"{other.path} must have a column for every genre of {self.path}; it has none for "
                f"{lacking[0]!r}"
            )
        values = np.zeros((len(self.track_id), len(other.genres)))
        values[:, [other.genres.index(genre) for genre in self.genres]] = self.values
        return replace(self, genres=other.genres, values=values)

    def in_order_of(self, other: "ScoreTable") -> "ScoreTable":
        """Order rows and columns as in another table.

        Parameters
        ----------
        other : ScoreTable
            With the same tracks and genres.

        Raises
        ------
        GenreError
            When tracks or genres differ; the message names one that is missing or unknown.
        """
        _same(self.path, other.path, "track", self.track_id, other.track_id)
        _same(self.path, other.path, "genre column", self.genres, other.genres)
        row = {track: index for index, track in enumerate(self.track_id)}
        column = {genre: index for index, genre in enumerate(self.genres)}
        rows = [row[track] for track in other.track_id]
        columns = [column[genre] for genre in other.genres]
        return replace(
            self,
            track_id=other.track_id,
            artist=None if self.artist is None else self.artist[rows],
            genres=other.genres,
            values=self.values[np.ix_(rows, columns)],
        )


def read_table(path: Path, *, is_truth: bool = False) -> ScoreTable:
    """Read a table of scores or of truth.

    Parameters
    ----------
    path : Path
        A CSV file in UTF-8.
    is_truth : bool
        Whether only 0 and 1 are allowed; or one column of names, where tracks have one genre.

    Raises
    ------
    GenreError
        Naming the file and, where one is at fault, the line and the column.
    """
    genres = _genres(path)
    try:
        table = pd.read_csv(
            path, dtype=str, keep_default_na=False, skip_blank_lines=False, encoding="utf-8-sig"
        )
    except (ValueError, OSError) as error:
        reason = " ".join(str(error).split())
        raise GenreError(f"{path} must be a table (CSV, UTF-8): {reason}") from error
    if not isinstance(table.index, pd.RangeIndex):
        raise GenreError(f"{path}, line 2: must have as many fields as line 1")
    if table.empty:
        raise GenreError(f"{path} must have a row for each track; it has none")
    is_exclusive = is_truth and len(genres) == 1 and not table[genres[0]].isin(("0", "1")).all()
    if is_exclusive:
        named = _names(path, table, genres[0], is_unique=False)
        genres = tuple(str(name) for name in np.unique(named))
        values = (named[:, np.newaxis] == np.array(genres)).astype(np.float64)
    else:
        columns = [_numbers(path, table, one, is_truth=is_truth) for one in genres]
        values = np.column_stack(columns)
    return ScoreTable(
        path=path,
        track_id=_names(path, table, TRACK, is_unique=True),
        artist=_names(path, table, ARTIST, is_unique=False) if ARTIST in table else None,
        genres=genres,
        values=values,
        is_exclusive=is_exclusive,
    )


def _genres(path: Path) -> tuple[str, ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except FileNotFoundError as error:
        raise GenreError(f"{path} must be a table of scores; it does not exist") from error
    except (OSError, ValueError, csv.Error) as error:
        raise GenreError(f"{path} must be a table (CSV, UTF-8): {error}") from error
    columns = ", ".join(header) or "nothing"
    if TRACK not in header:
        # Spreadsheets of many countries divide columns by semicolons.
        divided = len(header) == 1 and (";" in header[0] or "\t" in header[0])
        hint = "; columns must be divided by commas" if divided else ""
        raise GenreError(
            f"{path} must have a column {TRACK!r}; its first line holds: {columns}{hint}"
        )
    for name in header:
        if header.count(name) > 1:
            raise GenreError(f"{path}, line 1: column {name!r} must stand once")
    if "" in header:
        raise GenreError(f"{path}, line 1: column {header.index('') + 1} must have a name")
    genres = tuple(name for name in header if name not in (TRACK, ARTIST))
    if not genres:
        raise GenreError(f"{path} must have a column for each genre; it holds: {columns}")
    return genres


def _names(path: Path, table: pd.DataFrame, column: str, *, is_unique: bool) -> NDArray[np.str_]:
    names = table[column].fillna("").str.strip()
    empty = np.flatnonzero(names == "")
    if len(empty):
        line = int(empty[0]) + FIRST_LINE
        raise GenreError(f"{path}, line {line}, column {column}: must not be empty")
    twice = np.flatnonzero(names.duplicated())
    if is_unique and len(twice):
        name = names.iloc[int(twice[0])]
        first = int(np.flatnonzero(names == name)[0]) + FIRST_LINE
        raise GenreError(
            f"{path}, line {int(twice[0]) + FIRST_LINE}, column {column}: {name!r} must stand "
            f"once; it is on line {first} too"
        )
    return names.to_numpy().astype(np.str_)


def _numbers(
    path: Path, table: pd.DataFrame, column: str, *, is_truth: bool
) -> NDArray[np.float64]:
    values = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=np.float64)
    # Written so that NaN, which compares false with everything, is found too.
    right = (values == 0) | (values == 1) if is_truth else (values >= 0) & (values <= 1)
    wrong = np.flatnonzero(~right)
    if len(wrong):
        found = table[column].iloc[int(wrong[0])]
        words = "be 0 or 1" if is_truth else "be a number in [0, 1]"
        raise GenreError(
            f"{path}, line {int(wrong[0]) + FIRST_LINE}, column {column}: {found!r} must {words}"
        )
    return values


def _same(path: Path, other: Path, what: str, found: Iterable[str], wanted: Iterable[str]) -> None:
    here, there = set(found), set(wanted)
    missing = [name for name in wanted if name not in here]
    unknown = [name for name in found if name not in there]
    faults = [
        f"{len(names)} {words}, such as {str(names[0])!r}"
        for names, words in ((missing, "missing"), (unknown, "unknown there"))
        if names
    ]
    if faults:
        raise GenreError(f"{path} must have every {what} of {other}: {'; '.join(faults)}")
