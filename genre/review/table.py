"""A table of labels as its owner wrote it: one cell or line is changed, every other byte stays."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from genre.dataset.layouts.csv_rows import canonical_columns, delimiter_of, is_hint
from genre.errors import GenreError
from genre.spelling import genre_texts, names_no_genre, split_genres

NEW_COLUMNS = ("path", "genres", "artist", "split", "fold")
"""The columns of a table that is made here."""
MAX_LETTERS = 200
_LINE_END = re.compile(r"\r\n|\n|\r")
_UNSEEN = re.compile(r"[\0-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class ChangedMeanwhileError(GenreError):
    """Somebody else changed a label since it was looked at."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to become of one line of a table.

    Parameters
    ----------
    path : str
        Its cell ``path``, as the table spells it.
    before, after : str or None
        Its cell ``genres``; None where there is no such line.
    line : str
        The whole line with its end, where it goes or comes back; empty where it stays.
    at : int
        Which line it is, the first below the header being 0; -1 puts a new one last.
    """

    path: str
    before: str | None
    after: str | None
    line: str = ""
    at: int = -1


@dataclass(frozen=True)
class Line:
    """One line of a table.

    Parameters
    ----------
    start, end : int
        Where it lies in the text, with its line end.
    spans : tuple of (int, int)
        Where its cells lie, with their quotes.
    cells : tuple of str
        What they say, without white space around it.
    """

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The text of a table that `genre.dataset.layouts.csv_rows.read_rows` can read.

    Parameters
    ----------
    text : str
        The whole file, a byte order mark and its line ends included.
    """

    text: str

    @cached_property
    def delimiter(self) -> str:
        """What parts the columns."""
        return delimiter_of(_LINE_END.sub("\n", self.text.removeprefix("\ufeff")))

    @cached_property
    def newline(self) -> str:
        """How lines end."""
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"

    @cached_property
    def _lines(self) -> tuple[Line, ...]:
        lines = _cut(self.text, self.delimiter)
        lines = [line for line in lines if any(line.cells)]
        is_hinted = lines and is_hint(self.text[lines[0].start : lines[0].end])
        return tuple(lines[1:] if is_hinted else lines)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines below the header that are not empty."""
        return self._lines[1:]

    @cached_property
    def columns(self) -> list[str]:
        """What the columns are called, in lower case; the required ones by their own names."""
        return canonical_columns([cell.lower() for cell in self._lines[0].cells])

    def cell(self, line: Line, column: str) -> str:
        """Read a cell; empty where the line is too short or there is no such column.

        Parameters
        ----------
        line : Line
            Of this table.
        column : str
            Such as genres.
        """
        place = self.columns.index(column) if column in self.columns else len(line.cells)
        return line.cells[place] if place < len(line.cells) else ""

    def new_line(self, cells: dict[str, str]) -> str:
        """Write a line for a track that the table lacks.

        Parameters
        ----------
        cells : dict of str to str
            By column; those that the table has not are left out, and others stay empty.
        """
        written = (_quoted(cells.get(name, ""), self.delimiter) for name in self.columns)
        return self.delimiter.join(written) + self.newline

    def with_column(self, name: str, cell_of: Callable[[str], str]) -> "Table":
        """Add a column behind the others.

        Parameters
        ----------
        name : str
            What it is called.
        cell_of : callable of str
            What it says of the file that the cell ``path`` names.
        """
        pieces, place = [], 0
        for line in self._lines:
            cell = name if line is self._lines[0] else cell_of(self.cell(line, "path"))
            end = line.spans[-1][1]
            # a line may be shorter than the header
            gap = self.delimiter * (1 + len(self._lines[0].cells) - len(line.cells))
            pieces += [self.text[place:end], gap, _quoted(cell, self.delimiter)]
            place = end
        return Table("".join(pieces) + self.text[place:])

    def changed(self, changes: Sequence[Change]) -> "Table":
        """Make the table that changes leave.

        Parameters
        ----------
        changes : sequence of Change
            One after the other.

        Raises
        ------
        ChangedMeanwhileError
            Where a line is not as a change has it before.
        """
        table = self
        for change in changes:
            table = table._with(change)
        return table

    def _with(self, change: Change) -> "Table":
        found = next((line for line in self.lines if self.cell(line, "path") == change.path), None)
        there = None if found is None else self.cell(found, "genres")
        if there != change.before:
            now = "no longer there" if there is None else f"now {there!r}"
            raise ChangedMeanwhileError(f"{change.path!r} was changed meanwhile: it is {now}")
        if found is None:
            return self._inserted(change)
        if change.after is None:
            return Table(self.text[: found.start] + self.text[found.end :])
        start, end = found.spans[self.columns.index("genres")]
        cell = _quoted(change.after, self.delimiter)
        return Table(self.text[:start] + cell + self.text[end:])

    def _inserted(self, change: Change) -> "Table":
        if 0 <= change.at < len(self.lines):
            place = self.lines[change.at].start
            return Table(self.text[:place] + change.line + self.text[place:])
        text = self.text
        if text and not _LINE_END.match(text[-1]):
            text += self.newline
        return Table(text + change.line)


def new_table(rows: Sequence[Sequence[str]]) -> str:
    """Write a table that has not been there.

    Parameters
    ----------
    rows : sequence of sequence of str
        Cells in the order of `NEW_COLUMNS`.

    Raises
    ------
    GenreError
        Where a cell holds what no line of a table can.
    """
    written = [NEW_COLUMNS, *rows]
    for row in written:
        for cell in row:
            if _UNSEEN.search(cell):
                raise GenreError(
                    f"{cell!r} holds a control character, which a table cannot; rename it first"
                )
    return "".join(",".join(_quoted(cell, ",") for cell in row) + "\n" for row in written)


def checked_genre(text: str) -> str:
    """Check a genre that somebody wrote.

    Parameters
    ----------
    text : str
        One genre.

    Returns
    -------
    str
        As it is written into the table, without white space around it.

    Raises
    ------
    GenreError
        Where it is none, several, or cannot stand in a table.
    """
    name = text.strip()
    if _UNSEEN.search(name) or "|" in name:
        raise GenreError(f"genre={name!r} must be without control characters and |")
    if len(name) > MAX_LETTERS:
        raise GenreError(f"genre={name[:20]!r}… must have at most {MAX_LETTERS} letters")
    if len(split_genres(name)) != 1 or names_no_genre(name):
        raise GenreError(f"genre={name!r} must name exactly one genre; add several one by one")
    return name


def joined(genres: Sequence[str], cell: str) -> str:
    """Write genres into a cell; those that stay keep the spelling they have there.

    Parameters
    ----------
    genres : sequence of str
        In any spelling, each once.
    cell : str
        What the cell says now.
    """
    spelled = {split_genres(text): text for text in genre_texts(cell) if "|" not in text}
    wanted = {split_genres(genre): genre for genre in genres}
    kept = [text for key, text in spelled.items() if key in wanted]
    return "|".join([*kept, *(text for key, text in wanted.items() if key not in spelled)])


def _cut(text: str, delimiter: str) -> list[Line]:
    """Cut a text into lines and cells; it is one that the reader of tables takes."""
    mark = re.escape(delimiter)
    cell = re.compile(rf'"(?:[^"]|"")*"[^{mark}\r\n]*|[^{mark}\r\n]*')
    lines: list[Line] = []
    place = len("\ufeff") if text.startswith("\ufeff") else 0
    while place < len(text):
        start, spans = place, []
        while True:
            found = cell.match(text, place)
            end = found.end() if found else place
            spans.append((place, end))
            place = end
            if text[place : place + 1] != delimiter:
                break
            place += 1
        ending = _LINE_END.match(text, place)
        place = ending.end() if ending else place
        cells = tuple(_plain(text[slice(*span)]) for span in spans)
        lines.append(Line(start, place, tuple(spans), cells))
    return lines


def _plain(raw: str) -> str:
    if raw.startswith('"'):
        raw = raw.strip()[1:-1].replace('""', '"')
    return raw.strip()


def _quoted(text: str, delimiter: str) -> str:
    if any(mark in text for mark in (delimiter, '"', "\n", "\r")) or text != text.strip():
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text
