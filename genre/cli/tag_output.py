"""How `genre tag` writes what it found: lines for people, a table, or JSON.

A writer gives what comes before all tracks, one text per track, and what comes after them, so that
ten thousand tracks are told one by one and are never held together.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from genre.addresses import Place
from genre.cli.terminal import note, put
from genre.errors import AudioError, GenreError
from genre.execution import Outcome
from genre.tagging.plain_values import plain_tags
from genre.tagging.track_tags import TrackTags
from genre.wording import counted, printable

Result = TypeVar("Result")
Tagged = Outcome[Place, TrackTags]

TOP_OF_LINE = 3


class Writer(Protocol[Result]):
    """Turns outcomes into text, and does nothing else."""

    def opening(self) -> str:
        """Write what comes before the first track."""

    def track(self, outcome: Outcome[Place, Result]) -> str:
        """Write the text of one track, with its line ends; may be empty."""

    def closing(self) -> str:
        """Write what comes after the last track."""


@dataclass(frozen=True, kw_only=True)
class LineWriter:
    """A line per track, and one per window where asked for; nothing for a bad file.

    Parameters
    ----------
    top : int
        Scores shown, best first.
    timeline : bool
        Whether to add a line per window.
    """

    top: int = TOP_OF_LINE
    timeline: bool = False

    def opening(self) -> str:
        """Return nothing: lines need no header."""
        return ""

    def track(self, outcome: Tagged) -> str:
        """Write the lines of one track."""
        tags = outcome.result
        if tags is None:
            return ""
        plain = plain_tags(tags, top=self.top, timeline=self.timeline)
        names = plain_tags(tags)["names"]
        genres = printable(", ".join(names[name] for name in tags.genres)) or "no clear genre"
        flags = f" [{', '.join(tags.flags)}]" if tags.flags else ""
        heard = f"; heard: {printable(scored(tags.heard))}" if tags.heard else ""
        lines = [
            f"{name_of(outcome.unit)}: {genres} ({_scores(plain['scores'], names)}){flags}{heard}"
        ]
        lines += [
            f"  {_clock(window['start_seconds'])} {_scores(window['scores'], names)}"
            for window in plain.get("timeline", ())
        ]
        return "".join(f"{line}\n" for line in lines)

    def closing(self) -> str:
        """Return nothing."""
        return ""


@dataclass(frozen=True, kw_only=True)
class CsvWriter:
    """A row per track, bad ones too; a row per window where the time line is asked for.

    Parameters
    ----------
    genres : sequence of str
        The vocabulary, a column each.
    top : int or None
        Scores written, best first; the others are left empty.
    timeline : bool
        Whether rows are windows.
    heard : bool
        Whether to add what another network hears, in a row of a track.
    """

    genres: Sequence[str]
    top: int | None = None
    timeline: bool = False
    heard: bool = False

    def opening(self) -> str:
        """Write the header."""
        what = ["genres", "duration_seconds", "flags"]
        what += ["heard", "heard_scores"] if self.heard else []
        if self.timeline:
            what = ["start_seconds", "end_seconds"]
        return _csv_row(["path", *what, "error", *(f"score_{name}" for name in self.genres)])

    def track(self, outcome: Tagged) -> str:
        """Write the rows of one track."""
        name, tags = name_of(outcome.unit), outcome.result
        if tags is None:
            n_empty = 2 if self.timeline else 5 if self.heard else 3
            empty = [""] * len(self.genres)
            return _csv_row([name, *[""] * n_empty, str(outcome.error), *empty])
        plain = plain_tags(tags, top=self.top, timeline=self.timeline)
        if self.timeline:
            return "".join(
                _csv_row(
                    [
                        name,
                        f"{window['start_seconds']:.3f}",
                        f"{window['end_seconds']:.3f}",
                        "",
                        *self._cells(window["scores"]),
                    ]
                )
                for window in plain["timeline"]
            )
        what = ["|".join(tags.genres), f"{tags.duration_seconds:.3f}", "|".join(tags.flags)]
        if self.heard:
            scores = (f"{score:.6f}" for score in tags.heard.values())
            what += ["|".join(tags.heard), "|".join(scores)]
        return _csv_row([name, *what, "", *self._cells(plain["scores"])])

    def closing(self) -> str:
        """Return nothing."""
        return ""

    def _cells(self, scores: Mapping[str, float]) -> list[str]:
        return [f"{scores[name]:.6f}" if name in scores else "" for name in self.genres]


@dataclass(frozen=True, kw_only=True)
class JsonLinesWriter:
    """An object on a line per track, bad ones too.

    Parameters
    ----------
    top : int or None
        Scores written, best first; all if None.
    timeline : bool
        Whether to add the scores of every window.
    heard : bool
        Whether to add what another network hears.
    """

    top: int | None = None
    timeline: bool = False
    heard: bool = False

    def opening(self) -> str:
        """Return nothing."""
        return ""

    def track(self, outcome: Tagged) -> str:
        """Write the object of one track."""
        tags = outcome.result
        # A name that is no text stays what Python made of it, and finds the file again.
        plain: dict[str, Any] = {"path": str(outcome.unit)}
        if tags is None:
            plain["error"] = plain_error(outcome.error)
        else:
            plain |= plain_tags(tags, top=self.top, timeline=self.timeline, heard=self.heard)
        return f"{json.dumps(plain, allow_nan=False)}\n"

    def closing(self) -> str:
        """Return nothing."""
        return ""


class JsonWriter:
    """One array with an object per track, bad ones too; closed even where the work is cut short.

    Parameters
    ----------
    top, timeline, heard
        As of `JsonLinesWriter`.
    """

    def __init__(
        self, *, top: int | None = None, timeline: bool = False, heard: bool = False
    ) -> None:
        self._lines = JsonLinesWriter(top=top, timeline=timeline, heard=heard)
        self._n_written = 0

    def opening(self) -> str:
        """Open the array."""
        return "["

    def track(self, outcome: Tagged) -> str:
        """Write the object of one track, after a comma where one came before."""
        separator = "," if self._n_written else ""
        self._n_written += 1
        return f"{separator}\n{self._lines.track(outcome).rstrip()}"

    def closing(self) -> str:
        """Close the array."""
        return "\n]\n"


def tell(
    outcomes: Iterable[Outcome[Place, Result]],
    writer: Writer[Result],
    *,
    write: Callable[[str], None] = put,
) -> int:
    """Write outcomes to standard output as they come, and what is wrong with files beside it.

    Parameters
    ----------
    outcomes : iterable of Outcome
        What was done with each file.
    writer : Writer
        Turns it into text.
    write : callable of str
        Takes the text, where that is another place than standard output.

    Returns
    -------
    int
        0 when every file was tagged, 1 when some could not be read or written.
    """
    n_bad = n_files = 0
    write(writer.opening())
    try:
        for outcome in outcomes:
            n_files += 1
            write(writer.track(outcome))
            if outcome.error is not None:
                n_bad += 1
                note(printable(str(outcome.error)))
    finally:
        write(writer.closing())
    if n_bad:
        note(f"{n_bad} of {counted(n_files, 'file')} could not be tagged")
    return 1 if n_bad else 0


def plain_error(error: GenreError | None) -> dict[str, str]:
    """Turn what is wrong with a file into plain values: `kind` and `message`."""
    if isinstance(error, AudioError):
        return {"kind": error.kind.value, "message": error.message}
    return {"kind": "error", "message": str(error)}


def name_of(path: Place) -> str:
    """Write a path so that a terminal can show it and a table can hold it."""
    return printable(str(path))


def scored(scores: Mapping[str, float]) -> str:
    """Write names with their scores, for people: ``guitar 0.52, drums 0.20``."""
    return ", ".join(f"{name} {score:.2f}" for name, score in scores.items())


def _scores(scores: Mapping[str, float], names: Mapping[str, str]) -> str:
    return printable(scored({names[name]: score for name, score in scores.items()}))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _csv_row(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([printable(cell) for cell in cells])
    return text.getvalue()
