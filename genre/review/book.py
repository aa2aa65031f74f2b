"""The labels of a folder: read anew before each answer, written whole or not at all.

The table and its history are the only files that are written beside music. Whatever somebody else
does to the table meanwhile stays: an answer changes its own cell alone, and is refused where that
cell is no longer what was looked at.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from genre.atomic import write_text
from genre.dataset.layouts.csv_rows import read_rows
from genre.dataset.layouts.labels_csv import file_of
from genre.errors import ConfigError, GenreError
from genre.review.answers import Wish
from genre.review.history import (
    HISTORY_SUFFIX,
    Event,
    History,
    Pen,
    digest,
    now,
    number_of,
    standing,
    state_after,
)
from genre.review.table import Change, ChangedMeanwhileError, Table, joined
from genre.spelling import split_genres

MADE, FOUND, EDITED, RESTORED = "made", "found", "edited elsewhere", "brought back"


class LabelBook:
    """The table of labels of a data folder, with its history.

    Parameters
    ----------
    root : Path
        The data folder, which the table's paths start from.
    path : Path
        The table; it may be absent.
    first : callable, optional
        Writes the table that is made where there is none; an empty one by default.
    column : (str, mapping of Path to str), optional
        What `make` adds to a table that lacks it: its name, and what it says of each file.
    """

    def __init__(
        self,
        root: Path,
        path: Path,
        *,
        first: Callable[[], str] = lambda: "path,genres\n",
        column: tuple[str, Mapping[Path | None, str]] | None = None,
    ) -> None:
        self.root = root
        self.path = path.resolve() if path.is_symlink() else path
        self.history = History(self.path.with_name(self.path.stem + HISTORY_SUFFIX))
        self._first = first
        self._column = column
        self._files: dict[str, Path | None] = {}

    @property
    def is_there(self) -> bool:
        """Whether there is a table."""
        return self.path.is_file()

    @property
    def lacks_column(self) -> bool:
        """Whether there is a table and `make` would add to it."""
        text = self._read()
        return text is not None and self._with_column(text) != text

    def labels(self) -> dict[Path, tuple[str, ...]]:
        """Read the canonical genres of every file that is listed."""
        text = self._read()
        if text is None:
            return {}
        table = Table(text)
        found = {}
        for line in table.lines:
            file = self._file(table.cell(line, "path"))
            if file is not None:
                found[file] = split_genres(table.cell(line, "genres"))
        return found

    def answered(self) -> dict[Path, bool]:
        """List the files that somebody has answered, and whether that changed their labels."""
        found: dict[Path, bool] = {}
        for event in standing(self.history.events()).values():
            changed = {change.path for change in event.changes}
            for path in event.tracks:
                if (file := self._file(path)) is not None:
                    found[file] = found.get(file, False) or path in changed
        return found

    def check_writable(self) -> None:
        """Refuse a place that cannot be written, before anybody answers anything.

        Raises
        ------
        ConfigError
            With the option that names another place.
        """
        try:
            # as it will be done: a new file beside it, and another name
            trial = self.path.with_name(f".{self.path.name}.{os.getpid()}")
            trial.touch()
            trial.unlink()
        except OSError as error:
            raise ConfigError(
                f"labels={self.path} must be a file that can be written ({error.strerror}); name "
                "another one with --labels-file FILE"
            ) from error

    def make(self, *, who: str) -> None:
        """Make the table where there is none, and add what it lacks.

        Parameters
        ----------
        who : str
            For the history.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.history.held() as pen:
            text = self._read()
            whole = self._with_column(self._first() if text is None else text)
            if whole != text:
                found = self._seen(pen, text, who)
                self._put(pen, found, _state(who, MADE, whole), whole)

    def answer(self, wishes: Sequence[Wish], *, who: str, said: str) -> int:
        """Write an answer, at once.

        Parameters
        ----------
        wishes : sequence of Wish
            All of them or none are fulfilled.
        who, said : str
            For the history.

        Returns
        -------
        int
            The number of the event, for `undo`.

        Raises
        ------
        ChangedMeanwhileError
            Where a label is no longer what was looked at.
        GenreError
            Where there is no table yet, or a file would be left without a genre.
        OSError
            Where the disk is full or may not be written; then nothing was.
        """
        with self._held(who) as (pen, table, n_events):
            changes = tuple(self._change(table, wish) for wish in wishes)
            told = tuple(change.path for change in changes)
            changes = tuple(change for change in changes if change.before != change.after)
            event = Event(when=now(), who=who, said=said, changes=changes, tracks=told)
            self._put(pen, table, event, table.changed(changes).text)
            return n_events

    def undo(self, number: int, *, who: str) -> None:
        """Take an answer back.

        Parameters
        ----------
        number : int
            Of its event.
        who : str
            For the history.

        Raises
        ------
        ChangedMeanwhileError
            Where one of its labels was changed again since.
        """
        with self._held(who) as (pen, table, _):
            event = self.history.events()[number]
            changes = tuple(
                replace(change, before=change.after, after=change.before)
                for change in reversed(event.changes)
            )
            said = Event(
                when=now(), who=who, said="undo", changes=changes, tracks=event.tracks, of=number
            )
            self._put(pen, table, said, table.changed(changes).text)

    def restore(self, wanted: str, *, who: str) -> Event:
        """Bring the table back as it was behind an event; to before it was made, away with it.

        Parameters
        ----------
        wanted : str
            The event's number, or a time.
        who : str
            For the history.

        Returns
        -------
        Event
            The one that is brought back.
        """
        if not self.history.path.exists():
            raise GenreError(f"restore={wanted} must have a history: {self.history.path} is absent")
        with self.history.held() as pen:
            found = self._seen(pen, self._read(), who)
            events = self.history.events()
            number = number_of(events, wanted)
            text = state_after(events, number)
            said = replace(_state(who, RESTORED, text), of=number)
            self._put(pen, found, said, text)
            return events[number]

    def _with_column(self, text: str) -> str:
        table = Table(text)
        if self._column is None or self._column[0] in table.columns:
            return text
        name, of_file = self._column
        return table.with_column(name, lambda path: of_file.get(self._file(path), "")).text

    @contextmanager
    def _held(self, who: str) -> Iterator[tuple[Pen, Table, int]]:
        with self.history.held() as pen:
            table = self._seen(pen, self._read(), who)
            if table is None:
                raise GenreError(f"{self.path} must be made before a label can be changed")
            yield pen, table, len(self.history.events())

    def _read(self) -> str | None:
        try:
            text = self.path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            text = ""
        for _ in read_rows(self.path):  # says what is wrong with it
            pass
        return text

    def _seen(self, pen: Pen, text: str | None, who: str) -> Table | None:
        """Keep the table as it is, where the history does not lead there."""
        events = self.history.events()
        if not events or events[-1].sha256 != digest(text):
            pen.add([_state(who, EDITED if events else FOUND, text)])
        return None if text is None else Table(text)

    def _put(self, pen: Pen, before: Table | None, event: Event, text: str | None) -> None:
        """Write the history, then the table; the history is taken back where that fails."""
        pen.add([replace(event, sha256=digest(text))])
        if self._read() != (None if before is None else before.text):
            raise ChangedMeanwhileError(f"{self.path} was changed this very moment; try again")
        if text is None:
            self.path.unlink(missing_ok=True)
        elif before is None or text != before.text:
            write_text(self.path, text)

    def _file(self, cell: str) -> Path | None:
        if cell not in self._files:
            self._files[cell] = file_of(self.root, cell)
        return self._files[cell]

    def _change(self, table: Table, wish: Wish) -> Change:
        found = [
            (place, line)
            for place, line in enumerate(table.lines)
            if self._file(table.cell(line, "path")) == wish.file
        ]
        if not found:
            return self._listing(table, wish)
        place, line = found[0]
        path, cell = table.cell(line, "path"), table.cell(line, "genres")
        if wish.before is None or split_genres(cell) != wish.before:
            raise ChangedMeanwhileError(f"{path!r} was changed meanwhile: it is now {cell!r}")
        if wish.after is None:
            whole = table.text[line.start : line.end]
            return Change(path=path, before=cell, after=None, line=whole, at=place)
        if not wish.after:
            raise GenreError(f"{path!r} must have a genre: add one first, or say that it is none")
        same = split_genres("|".join(wish.after)) == wish.before
        return Change(path=path, before=cell, after=cell if same else joined(wish.after, cell))

    def _listing(self, table: Table, wish: Wish) -> Change:
        path = wish.file.relative_to(self.root).as_posix()
        if wish.before is not None:
            raise ChangedMeanwhileError(f"{path!r} was changed meanwhile: it is no longer listed")
        if not wish.after:
            return Change(path=path, before=None, after=None)
        genres = joined(wish.after, "")
        line = table.new_line({"path": path, "genres": genres})
        return Change(path=path, before=None, after=genres, line=line)


def _state(who: str, said: str, text: str | None) -> Event:
    return Event(when=now(), who=who, said=said, state=text, is_state=True, sha256=digest(text))
