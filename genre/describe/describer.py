"""All parts of a card, one after the other; what one lacks costs the others nothing."""

import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from genre.describe.card import Absent, Card, Part
from genre.describe.cover import CoverReader, load_reader, show
from genre.describe.genres import heard_by_network, tag_genres
from genre.describe.heard import TASK as HEARING
from genre.describe.heard import hear
from genre.describe.hub import FAULTS, Hub, check_installed
from genre.describe.lyrics import find_lyrics
from genre.describe.mood import TASK as READING
from genre.describe.mood import language_of, mood_of_lyrics
from genre.describe.pictures import ReadCover, read_cover
from genre.describe.settings import PARTS, Settings
from genre.describe.video import TASK as WATCHING
from genre.describe.video import watch
from genre.describe.words import check_named, write_words
from genre.describe.workers import UNHURRIED, Deadline, in_worker
from genre.errors import GenreError
from genre.execution import ExecutionConfig, WorkerPool
from genre.tagging.tagger import Tagger
from genre.wording import shown

__all__ = ["Describer"]


@dataclass(frozen=True)
class _Job:
    path: Path
    out: Path | None
    card: Card
    on_text: Callable[[str], None]
    deadline: Deadline


class Describer:
    """Makes cards, with models that are loaded when they are first needed.

    Parameters
    ----------
    settings : Settings
        Which model for which part.
    tagger : Tagger, optional
        Of the user's model, for the genres.
    listener : Tagger, optional
        Of a pre-trained network, in place of the audio classifier.
    device : str
        Where models of the hub compute.
    may_fetch : callable of str
        Whether a model of this name may be fetched; by default none.
    execution : ExecutionConfig, optional
        The workers that read files; by default one.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        tagger: Tagger | None = None,
        listener: Tagger | None = None,
        device: str = "cpu",
        may_fetch: Callable[[str], bool] = lambda _: False,
        execution: ExecutionConfig | None = None,
    ) -> None:
        self.settings = settings
        self.hub = Hub(device=device, may_fetch=may_fetch)
        self._tagger, self._listener = tagger, listener
        self._device, self._may_fetch = device, may_fetch
        self._pool = WorkerPool(execution or ExecutionConfig(n_workers=1))
        self._cover_reader: CoverReader | Absent | None = None

    def __enter__(self) -> "Describer":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()

    def describe(
        self,
        path: Path,
        out: Path | None,
        *,
        parts: Collection[str] = PARTS,
        given: Mapping[str, Part] | None = None,
        title: str | None = None,
        on_text: Callable[[str], None] = lambda _: None,
        deadline: Deadline = UNHURRIED,
    ) -> Card:
        """Make the card of a track.

        Parameters
        ----------
        path : Path
            The file.
        out : Path or None
            Folder of what a part writes, such as the video with boxes; it is there. Nothing is
            written if None.
        parts : collection of str
            Of `PARTS`; the others are not on the card.
        given : mapping of str to Part, optional
            Parts that are made already, by name; they are on the card too.
        title : str, optional
            What the track is called, and all that the card says of its path; by default the file's
            name.
        on_text : callable of str
            Gets the words as they are written.
        deadline : Deadline
            What is not made by then is absent; by default there is none.
        """
        makers: dict[str, Callable[[_Job], Part]] = {
            "heard": self._heard,
            "genres": self._genres,
            "mood": self._mood,
            "cover": self._cover,
            "video": self._video,
            "words": self._words,
        }
        made = dict(given or {})
        name_shown = shown(Path(path.name)) if title is None else title
        card = Card(track=shown(path) if title is None else title, title=name_shown, parts={})
        for name in PARTS:
            if name in parts and name not in made:
                made[name] = _made(makers[name], _Job(path, out, card, on_text, deadline))
            if name in made:
                card = replace(card, parts={**card.parts, name: made[name]})
        return card

    def load(self) -> dict[str, Absent]:
        """Load every model now, so that no card waits for it.

        Returns
        -------
        dict of str to Absent
            The parts that cannot be made of any track, and why; a language model is not asked.
        """
        loaders: dict[str, Callable[[], object]] = {
            "heard": self._load_heard,
            "genres": self._load_genres,
            "mood": self._load_mood,
            "cover": self._load_cover,
            "video": self._load_video,
            "words": lambda: check_named(self.settings.words),
        }
        missing = {}
        for name, load in loaders.items():
            try:
                load()
            except Absent as error:
                missing[name] = error
        return missing

    def _load_heard(self) -> None:
        if self._listener is None:
            self.hub.load(HEARING, self.settings.heard.model)

    def _load_genres(self) -> Tagger:
        if self._tagger is None:
            raise Absent(
                "no model of genres is named", "genre train DIR, then --bundle results/NAME/best"
            )
        return self._tagger

    def _load_mood(self) -> None:
        language_of("la la")  # which loads what finds it
        absent = []
        for name in (self.settings.mood.russian, self.settings.mood.model):
            try:
                self.hub.load(READING, name)
            except Absent as error:  # the other language's may be there
                absent.append(error)
        if len(absent) == 2:
            raise absent[-1]

    def _load_cover(self) -> CoverReader:
        check_installed("cv2")
        if self._cover_reader is None:
            try:
                self._cover_reader = load_reader(
                    self.settings.cover, device=self._device, may_fetch=self._may_fetch
                )
            except Absent as error:
                self._cover_reader = error
        if isinstance(self._cover_reader, Absent):
            raise self._cover_reader
        return self._cover_reader

    def _load_video(self) -> None:
        check_installed("cv2")
        self.hub.load(WATCHING, self.settings.video.model)

    def _heard(self, job: _Job) -> Part:
        if self._listener is not None:
            return heard_by_network(job.path, self._listener)
        settings, pool = self.settings.heard, self._pool
        return hear(job.path, hub=self.hub, pool=pool, settings=settings, deadline=job.deadline)

    def _genres(self, job: _Job) -> Part:
        return tag_genres(job.path, self._load_genres())

    def _mood(self, job: _Job) -> Part:
        lyrics = in_worker(self._pool, find_lyrics, job.path, deadline=job.deadline)
        return mood_of_lyrics(
            lyrics, hub=self.hub, settings=self.settings.mood, deadline=job.deadline
        )

    def _cover(self, job: _Job) -> Part:
        settings = self.settings.cover
        check_installed("cv2")
        wanted = ReadCover(job.path, settings)
        cover = in_worker(self._pool, read_cover, wanted, deadline=job.deadline)
        return show(cover, self._load_cover(), top=settings.top)

    def _video(self, job: _Job) -> Part:
        settings, pool = self.settings.video, self._pool
        return watch(
            job.path, job.out, hub=self.hub, pool=pool, settings=settings, deadline=job.deadline
        )

    def _words(self, job: _Job) -> Part:
        settings, deadline = self.settings.words, job.deadline
        return write_words(job.card, settings=settings, on_text=job.on_text, deadline=deadline)


def _made(make: Callable[[_Job], Part], job: _Job) -> Part:
    """Make a part, or say why there is none."""
    started = time.monotonic()
    try:
        job.deadline.left()
        part = make(job)
        json.dumps(dict(part.result), allow_nan=False)  # a score that is no number is a fault, too
        return replace(part, seconds=time.monotonic() - started)
    except Absent as error:
        return Part(state="absent", reason=error.reason, advice=error.advice)
    except GenreError as error:
        return Part(state="absent", reason=str(error))
    except FAULTS as error:
        line = (str(error).splitlines() or [""])[0][:300]
        return Part(state="absent", reason=f"{type(error).__name__}: {line}")
