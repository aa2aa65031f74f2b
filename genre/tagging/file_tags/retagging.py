"""Give files other genres, one after the other, and say what became of each.

Without a journal nothing is written: what is said is what would become of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from genre.errors import NoGenreTagError
from genre.tagging.file_tags.genre_tags import read_genres
from genre.tagging.file_tags.journal import Journal
from genre.tagging.file_tags.notes import Note
from genre.tagging.file_tags.rewriting import Leftovers
from genre.tagging.file_tags.writing import check_writable, write_genres


@dataclass(frozen=True, kw_only=True)
class Retagged:
    """What became of a file's genres, or would become of them.

    Parameters
    ----------
    path : Path
        The file, as it was asked for.
    before, after : tuple of str
        Its own genres; the same where nothing had to change.
    why_not : str
        What the file is, where nothing of its kind gets genres: ``a file of type WAV``.
    """

    path: Path
    before: tuple[str, ...]
    after: tuple[str, ...]
    why_not: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether there was something to change."""
        return self.before != self.after


class Retagger:
    """Writes genres into files, or looks whether they could be written.

    Parameters
    ----------
    journal : Journal or None
        Has every change before its file has; None changes nothing.
    note : Note, optional
        What is written beside the genres of a file that gets others.

    Attributes
    ----------
    n_changed : int
        Files that were changed so far, or would have been.
    n_without : int
        Files so far of kinds that get no genres.
    """

    def __init__(self, journal: Journal | None, *, note: Note | None = None) -> None:
        self.journal = journal
        self.note = note
        self.n_changed = 0
        self.n_without = 0
        self._leftovers = Leftovers(None if journal is None else journal.path)

    def retag(self, path: Path, propose: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Retagged:
        """Put the genres that are proposed for a file into it.

        Parameters
        ----------
        path : Path
            An MP3, FLAC, OGG Vorbis, Opus or M4A file; of any other, `Retagged.why_not` says that.
        propose : callable of tuple of str
            From the genres that are there to those that shall be.

        Returns
        -------
        Retagged
            By now the file has its genres of `after`, where there is a journal.

        Raises
        ------
        TagError, AudioError
            Where the file cannot be read or written as meant; it is then as it was.
        ConfigError
            Where the journal cannot be written; then no more changes may be made.
        """
        try:
            before = read_genres(path)
        except NoGenreTagError as error:
            self.n_without += 1
            return Retagged(path=path, before=(), after=(), why_not=error.kind)
        done = Retagged(path=path, before=before, after=propose(before))
        if not done.is_changed:
            return done
        if self.journal is None:
            check_writable(path, done.after, note=self.note)
        else:
            self._leftovers.clear_beside(path)
            write_genres(path, done.after, self.journal, note=self.note)
        self.n_changed += 1
        return done
