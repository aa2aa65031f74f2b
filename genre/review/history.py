"""What was said of labels, line by line, so that any state of the table can be brought back.

``labels.history.jsonl`` lies beside the table. A line is an answer with its changes, or a whole
state of the table: as it was found, made, brought back, or edited by somebody else. Each tells who,
when, and the SHA-256 of the table behind it. Lines are only ever added.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

from genre.errors import GenreError
from genre.file_locks import lock
from genre.json_files import parse_json
from genre.review.table import Change, ChangedMeanwhileError, Table

HISTORY_SUFFIX = ".history.jsonl"


@dataclass(frozen=True, kw_only=True)
class Event:
    """A line of the history.

    Parameters
    ----------
    when : str
        The time in UTC, as ISO 8601 has it.
    who : str
        Who answered.
    said : str
        What: accept, remove, add, not music, undo, found, made, edited elsewhere, brought back.
    changes : tuple of Change
        Empty where a whole state is kept, or an answer leaves a label as it is.
    tracks : tuple of str
        The cells ``path`` that an answer is about, where it changes nothing.
    state : str or None
        The whole table; None where there was no table, or changes say it.
    is_state : bool
        Whether `state` counts.
    of : int
        The event that is taken back or brought back; -1 where none is.
    sha256 : str
        Of the table behind it; empty where there is none.
    """

    when: str
    who: str
    said: str
    changes: tuple[Change, ...] = ()
    tracks: tuple[str, ...] = ()
    state: str | None = None
    is_state: bool = False
    of: int = -1
    sha256: str = ""


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def digest(text: str | None) -> str:
    """Hash a table; empty where there is none.

    Parameters
    ----------
    text : str or None
        The whole table.
    """
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()


class History:
    """The history beside a table.

    Parameters
    ----------
    path : Path
        The file; it may be absent.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def events(self) -> list[Event]:
        """Read all lines that are whole.

        Raises
        ------
        GenreError
            Where a line that others follow cannot be read.
        """
        try:
            lines = self.path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        found = []
        for number, line in enumerate(lines):
            try:
                found.append(_event(line))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                if number == len(lines) - 1:  # it was being written when the machine stopped
                    break
                raise GenreError(
                    f"{self.path}, line {number + 1}: must be an event of the history ({error}); "
                    "move the file away to begin another one"
                ) from error
        return found

    @contextmanager
    def held(self) -> Iterator["Pen"]:
        """Keep every other page from writing until the block ends.

        Yields
        ------
        Pen
            What writes into the history; what it wrote is taken back where the block fails.
        """
        with self.path.open("a+b", buffering=0) as file:
            lock(file, wait=True)
            size = os.fstat(file.fileno()).st_size
            try:
                yield Pen(file, self.path)
            except BaseException:
                file.truncate(size)
                raise


class Pen:
    """Writes into a history that is held.

    Parameters
    ----------
    file : file
        Open for adding.
    path : Path
        Its name.
    """

    def __init__(self, file: FileIO, path: Path) -> None:
        self._file, self._path = file, path

    def add(self, events: Sequence[Event]) -> None:
        """Add lines, and wait until the disk has them.

        Parameters
        ----------
        events : sequence of Event
            In their order.
        """
        self._mend()
        rest = "".join(json.dumps(_plain(event)) + "\n" for event in events).encode()
        while rest:
            rest = rest[self._file.write(rest) :]
        os.fsync(self._file.fileno())

    def _mend(self) -> None:
        """Drop half a line that a crash left at the end."""
        content = self._path.read_bytes()
        if content and not content.endswith(b"\n"):
            self._file.truncate(content.rfind(b"\n") + 1)


def state_after(events: Sequence[Event], number: int) -> str | None:
    """Make the table as it was behind an event.

    Parameters
    ----------
    events : sequence of Event
        The whole history.
    number : int
        Which event, from 0.

    Returns
    -------
    str or None
        None where there was no table.

    Raises
    ------
    GenreError
        Where the history does not lead there.
    """
    start = max((n for n in range(number + 1) if events[n].is_state), default=None)
    if start is None:
        raise GenreError(f"event {number} of the history must follow a whole state of the table")
    text = events[start].state
    for event in events[start + 1 : number + 1]:
        try:
            text = Table(text or "").changed(event.changes).text if event.changes else text
        except (ChangedMeanwhileError, LookupError) as error:
            raise GenreError(f"the history is damaged before event {number}: {error}") from error
    if digest(text) != events[number].sha256:
        raise GenreError(f"the history is damaged before event {number}: another table comes out")
    return text


def number_of(events: Sequence[Event], wanted: str) -> int:
    """Find the event that somebody means.

    Parameters
    ----------
    events : sequence of Event
        The whole history.
    wanted : str
        Its number, from 0; or a time, and the last event until then is meant. A time without a
        zone is local.

    Raises
    ------
    GenreError
        Where there is no such event.
    """
    if not events:
        raise GenreError(f"restore={wanted} must have a history, and there is none")
    if wanted.isdecimal():
        if int(wanted) >= len(events):
            raise GenreError(f"restore={wanted} must be from 0 to {len(events) - 1}")
        return int(wanted)
    try:
        time = datetime.fromisoformat(wanted).astimezone(UTC)
        passed = [n for n, event in enumerate(events) if datetime.fromisoformat(event.when) <= time]
    except ValueError as error:
        raise GenreError(
            f"restore={wanted} must be the number of an event or a time such as 2026-11-28T14:30"
        ) from error
    if not passed:
        raise GenreError(f"restore={wanted} must not be before {events[0].when}, the first event")
    return passed[-1]


def standing(events: Sequence[Event]) -> dict[int, Event]:
    """Find the answers that count: neither taken back nor behind what was brought back.

    Parameters
    ----------
    events : sequence of Event
        The whole history.

    Returns
    -------
    dict of int to Event
        By their numbers.
    """
    found: dict[int, Event] = {}
    for number, event in enumerate(events):
        if event.of >= 0 and event.is_state:
            found = {n: each for n, each in found.items() if n <= event.of}
        elif event.of >= 0:
            found.pop(event.of, None)
        elif event.tracks:
            found[number] = event
    return found


def _plain(event: Event) -> dict[str, object]:
    content = asdict(event)
    if content["of"] < 0:
        del content["of"]
    kept = {"of"} | ({"state"} if event.is_state else set())
    return {name: value for name, value in content.items() if value or name in kept}


def _event(line: bytes) -> Event:
    if not line.endswith(b"\n"):
        raise ValueError("it has no end")
    content = parse_json(line)
    changes = tuple(Change(**change) for change in content.pop("changes", ()))
    return Event(changes=changes, tracks=tuple(content.pop("tracks", ())), **content)
