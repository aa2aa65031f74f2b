"""A review at work: the queue with the labels as they are now, and what answers do to them."""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from genre.dataset.music import Music
from genre.dataset.places import lies_inside
from genre.dataset.tracks import Track
from genre.errors import GenreError
from genre.genre_tree import GenreTree
from genre.review.answers import (
    ACCEPT,
    ACTIONS,
    ADD,
    CHANGE,
    NOT_MUSIC,
    SCOPES,
    Answer,
    Wish,
    after,
    scope_of,
)
from genre.review.book import LabelBook
from genre.review.judged import Judged
from genre.review.queue import Item, Queue, make_queue
from genre.review.table import ChangedMeanwhileError, checked_genre
from genre.taxonomy import display_names


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What has been done and learned so far.

    Parameters
    ----------
    n_answered, n_changed : int
        Tracks that somebody has listened to, and those whose label is another since.
    of_genre : mapping of str to tuple of int
        For each genre its tracks, those answered among them, and those still doubtful.
    """

    n_answered: int
    n_changed: int
    of_genre: Mapping[str, tuple[int, int, int]]


@dataclass
class Session:
    """A review of the labels of a data folder.

    Parameters
    ----------
    music : Music
        The folder as training reads it.
    judged : Judged
        What the runs of an experiment say of it.
    book : LabelBook
        The folder's table of labels.
    who : str
        For the history.
    newcomers : tuple of Item
        Unlabelled tracks.
    new_book : LabelBook or None
        Where labels of newcomers go; None is `book`.
    tree : GenreTree
        What training takes genres for.
    """

    music: Music
    judged: Judged
    book: LabelBook
    who: str
    newcomers: tuple[Item, ...] = ()
    new_book: LabelBook | None = None
    tree: GenreTree = field(default_factory=GenreTree)
    _done: list[tuple[LabelBook, int]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._files = {self.key_of(track.file): track.file for track in self.music.audible}
        groups = self.music.found.copies
        self._copies = {same[0].path: tuple(one.file for one in same) for same in groups}
        self._new = {self.key_of(item.file): item for item in self.newcomers}
        self._files |= {key: item.file for key, item in self._new.items()}

    @staticmethod
    def key_of(file: Path) -> str:
        """Name a track in addresses, without its path.

        Parameters
        ----------
        file : Path
            The audio.
        """
        return hashlib.sha256(str(file).encode("utf-8", "surrogateescape")).hexdigest()[:16]

    def file_of(self, key: str) -> Path | None:
        """Find the audio of a track; None for any other file, and for what lies elsewhere.

        Parameters
        ----------
        key : str
            From `key_of`.
        """
        file = self._files.get(key)
        roots = [book.root for book in self._books()]
        return file if file and any(lies_inside(file, root) for root in roots) else None

    def called(self, genre: str) -> str:
        """Write a genre for people.

        Parameters
        ----------
        genre : str
            Canonical.
        """
        return display_names([genre], {**self.music.found.display_names, **self.tree.names})[genre]

    def tracks(self) -> list[Track]:
        """List the tracks with the labels that they have now; those taken out are left out."""
        labels = self.book.labels() if self.book.is_there else None
        found = []
        for track in self.music.audible:
            listed = (track.genres,) if labels is None else self._listed(track, labels).values()
            if genres := self._meant(genre for each in listed for genre in each):
                found.append(replace(track, genres=genres))
        return found

    def queue(self) -> Queue:
        """Make the queue anew."""
        answered = self._answered()
        left = [item for item in self.newcomers if item.file not in answered]
        pairs = [(pair.first, pair.second) for pair in self.music.duplicates.pairs]
        tracks = self.tracks()
        return make_queue(
            tracks,
            self.judged,
            pairs=pairs,
            copies=self._copies_of(tracks),
            unlabelled=left,
            settled={track.track_id for track in tracks if track.file in answered},
            called=self.called,
            tree=self.tree,
        )

    def progress(self, queue: Queue) -> Progress:
        """Count what has been done.

        Parameters
        ----------
        queue : Queue
            As it is now.
        """
        answered, tracks = self._answered(), self.tracks()
        doubted = Counter(
            genre
            for item in queue.items
            for genre in {reason.label for reason in item.reasons if reason.label}
        )
        total = Counter(genre for track in tracks for genre in track.genres)
        done = Counter(
            genre for track in tracks if track.file in answered for genre in track.genres
        )
        return Progress(
            n_answered=len(answered),
            n_changed=sum(answered.values()),
            of_genre={name: (total[name], done[name], doubted[name]) for name in sorted(total)},
        )

    def make_table(self) -> None:
        """Make the tables, or what they lack; only after somebody was asked."""
        with self._lock:
            for book in self._books():
                book.make(who=self.who)

    @property
    def lacks_table(self) -> bool:
        """Whether a table must be made before anything can be answered."""
        return not all(book.is_there for book in self._books())

    def answer(self, answer: Answer) -> int:
        """Write an answer.

        Parameters
        ----------
        answer : Answer
            Of a page.

        Returns
        -------
        int
            How many tracks it is about.

        Raises
        ------
        GenreError
            Where it cannot be done; nothing is written then.
        """
        if answer.action not in ACTIONS or answer.scope not in SCOPES:
            raise GenreError(f"action={answer.action!r} must be one of: {', '.join(ACTIONS)}")
        with self._lock:
            if answer.key in self._new:
                book = self.new_book or self.book
                wishes = [self._new_wish(answer, self._new[answer.key].file)]
            else:
                book, wishes = self.book, self._wishes(answer)
            said = answer.action if answer.scope == "track" else f"{answer.action} {answer.scope}"
            self._done.append((book, book.answer(wishes, who=self.who, said=said)))
            return len(wishes)

    def undo(self) -> None:
        """Take the last answer of this session back.

        Raises
        ------
        GenreError
            Where there is none, or its labels were changed since.
        """
        with self._lock:
            if not self._done:
                raise GenreError("there is no answer of this session to take back")
            book, number = self._done[-1]
            book.undo(number, who=self.who)
            self._done.pop()

    def _books(self) -> tuple[LabelBook, ...]:
        return (self.book,) if self.new_book is None else (self.book, self.new_book)

    def _answered(self) -> dict[Path, bool]:
        return {file: was for book in self._books() for file, was in book.answered().items()}

    def _wishes(self, answer: Answer) -> list[Wish]:
        tracks = self.tracks()
        own = next((one for one in tracks if self.key_of(one.file) == answer.key), None)
        if own is None:
            raise ChangedMeanwhileError("the track is no longer in the table of labels")
        if own.genres != tuple(sorted(answer.before)):
            now = ", ".join(map(self.called, own.genres))
            raise ChangedMeanwhileError(f"{own.track_id} was changed meanwhile: it is now {now}")
        chosen = scope_of(own, tracks, answer.scope)
        if answer.action in (ADD, CHANGE):
            checked_genre(answer.genre)
        labels = self.book.labels()
        return [
            Wish(
                file=file,
                before=genres,
                after=genres if answer.action == ACCEPT else self._after(listed, answer),
            )
            for track in chosen
            for listed in [self._listed(track, labels)]
            for file, genres in listed.items()
        ]

    def _meant(self, genres: Iterable[str]) -> tuple[str, ...]:
        """Call genres by the names that the tree has for them."""
        return tuple(sorted({self.tree.also.get(genre, genre) for genre in genres}))

    def _after(
        self, listed: Mapping[Path, tuple[str, ...]], answer: Answer
    ) -> tuple[str, ...] | None:
        """Work out the genres that an answer leaves, in the words of the table."""
        genres = tuple(sorted(set().union(*listed.values())))
        same = [genre for genre in genres if self._meant([genre]) == (answer.label,)]
        left = tuple(genre for genre in genres if genre not in same[1:])
        return after(left, replace(answer, label=(*same, answer.label)[0]))

    def _listed(
        self, track: Track, labels: Mapping[Path, tuple[str, ...]]
    ) -> dict[Path, tuple[str, ...]]:
        """Find the files of a track that are listed: byte for byte the same count as one."""
        files = self._copies.get(track.file, (track.file,))
        return {file: labels[file] for file in files if file in labels}

    def _copies_of(self, tracks: Sequence[Track]) -> dict[str, dict[str, tuple[str, ...]]]:
        labels = self.book.labels()
        return {
            track.track_id: {
                file.relative_to(str(self.music.root)).as_posix(): self._meant(genres)
                for file, genres in self._listed(track, labels).items()
            }
            for track in tracks
            if track.file in self._copies
        }

    def _new_wish(self, answer: Answer, file: Path) -> Wish:
        if answer.action == NOT_MUSIC:
            return Wish(file=file, before=None, after=None)
        return Wish(file=file, before=None, after=(checked_genre(answer.genre),))
