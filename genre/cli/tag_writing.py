"""`genre tag --write-tags`: what the files' own genres would become, and with `--apply` do.

Without `--apply` nothing is written: each line says `existing → proposed`.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from genre.cli.tag_output import Tagged, name_of
from genre.dataset.labels import split_genres
from genre.tagging.file_tags.genre_tags import read_genres
from genre.tagging.file_tags.journal import Journal
from genre.tagging.file_tags.rewriting import remove_leftovers
from genre.tagging.file_tags.writing import check_writable, write_genres
from genre.wording import counted, printable


class TagsWriter:
    """A line per track: its own genres, and what they become.

    Parameters
    ----------
    replace : bool
        Drop the genres that are there, in place of adding to them.
    journal : Journal or None
        Takes the changes; None changes nothing.
    """

    def __init__(self, *, replace: bool, journal: Journal | None) -> None:
        self._replace = replace
        self._journal = journal
        self._cleared: set[Path] = set()
        self._n_changed = 0

    def opening(self) -> str:
        """Give nothing: lines need no header."""
        return ""

    def track(self, outcome: Tagged) -> str:
        """Write the genres of one track, where they are to be written, and give its line."""
        if outcome.result is None:
            return ""
        existing = read_genres(outcome.unit)
        proposed = propose(existing, outcome.result.genres, replace=self._replace)
        name, before = name_of(outcome.unit), _listed(existing)
        if proposed == existing:
            return f"{name}: {before} (unchanged)\n"
        if self._journal is None:
            check_writable(outcome.unit)
        else:
            clear(outcome.unit, self._cleared)
            write_genres(outcome.unit, proposed, self._journal)
        self._n_changed += 1
        return f"{name}: {before} → {_listed(proposed)}\n"

    def closing(self) -> str:
        """Give nothing."""
        return ""

    def summary(self, *, is_whole: bool) -> str:
        """Say what was done, and how to take it back.

        Parameters
        ----------
        is_whole : bool
            Whether every file was read, and written where it had to be.
        """
        if self._journal is None:
            files = counted(self._n_changed, "file")
            return f"nothing was written: --apply changes {files}" if self._n_changed else ""
        n_recorded, name = self._journal.n_changes, name_of(self._journal.path)
        if n_recorded:
            # A change is recorded before it is made, and may have been kept from being made.
            most = "" if n_recorded == self._n_changed else "up to "
            files = counted(n_recorded, "file")
            return f"{most}{files} changed; take it back with: genre untag {name}"
        said = "nothing was written" + (": no file has to change" if is_whole else "")
        if self._journal.path.exists():
            return f"{said}; take earlier changes back with: genre untag {name}"
        return said


def propose(existing: Sequence[str], decided: Sequence[str], *, replace: bool) -> tuple[str, ...]:
    """Say what a file's genres become.

    Parameters
    ----------
    existing : sequence of str
        In the file, in any spelling.
    decided : sequence of str
        By the model, best first.
    replace : bool
        Whether those decided stand alone; where there are none, nothing is replaced.

    Returns
    -------
    tuple of str
        The existing ones as they are, then what is new: ``Hip-Hop`` needs no ``hiphop`` beside it.
    """
    if replace and decided:
        return tuple(decided)
    known = {genre for text in existing for genre in split_genres(text)}
    new = (name for name in decided if not known.issuperset(split_genres(name)))
    return (*existing, *new)


def clear(path: Path, cleared: set[Path]) -> None:
    """Delete what killed runs left beside a file, once for each folder."""
    folder = path.resolve().parent
    if folder not in cleared:
        cleared.add(folder)
        remove_leftovers(folder)


def new_journal_path() -> Path:
    """Name a journal by the time, in the current folder."""
    return Path(f"genre-tags-{datetime.now().astimezone():%Y%m%d-%H%M%S}.jsonl")


def _listed(genres: Sequence[str]) -> str:
    return printable(", ".join(genres)) or "none"
