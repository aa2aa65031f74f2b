"""All parts of a card, one after the other; what one lacks costs the others nothing."""

import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from genre.describe.card import Absent, Card, Part
from genre.describe.cover import CoverReader, load_reader, show
from genre.describe.genres import heard_by_network, tag_genres
from genre.describe.heard import hear
from genre.describe.hub import FAULTS, Hub, check_installed
from genre.describe.lyrics import find_lyrics
from genre.describe.mood import mood_of_lyrics
from genre.describe.pictures import ReadCover, read_cover
from genre.describe.settings import PARTS, Settings
from genre.describe.video import watch
from genre.describe.words import write_words
from genre.describe.workers import in_worker
from genre.errors import GenreError
from genre.execution import ExecutionConfig, WorkerPool
from genre.tagging.tagger import Tagger
from genre.wording import shown

__all__ = ["Describer"]


@dataclass(frozen=True)
class _Job:
    path: Path
    out: Path
    card: Card
    on_text: Callable[[str], None]


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
        self._reader: CoverReader | None = None

    def __enter__(self) -> "Describer":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()

    def describe(
        self,
        path: Path,
        out: Path,
        *,
        parts: Collection[str] = PARTS,
        on_text: Callable[[str], None] = lambda _: None,
    ) -> Card:
        """Make the card of a track.

        Parameters
        ----------
        path : Path
            The file.
        out : Path
            Folder of what a part writes, such as the video with boxes; it is there.
        parts : collection of str
            Of `PARTS`; the others are not on the card.
        on_text : callable of str
            Gets the words as they are written.
        """
        makers: dict[str, Callable[[_Job], Part]] = {
            "heard": self._heard,
            "genres": self._genres,
            "mood": self._mood,
            "cover": self._cover,
            "video": self._video,
            "words": self._words,
        }
        card = Card(track=shown(path), title=shown(Path(path.name)), parts={})
        for name in PARTS:
            if name in parts:
                part = _made(makers[name], _Job(path, out, card, on_text))
                card = replace(card, parts={**card.parts, name: part})
        return card

    def _heard(self, job: _Job) -> Part:
        if self._listener is not None:
            return heard_by_network(job.path, self._listener)
        return hear(job.path, hub=self.hub, pool=self._pool, settings=self.settings.heard)

    def _genres(self, job: _Job) -> Part:
        if self._tagger is None:
            raise Absent(
                "no model of genres is named", "genre train DIR, then --bundle results/NAME/best"
            )
        return tag_genres(job.path, self._tagger)

    def _mood(self, job: _Job) -> Part:
        lyrics = in_worker(self._pool, find_lyrics, job.path)
        return mood_of_lyrics(lyrics, hub=self.hub, settings=self.settings.mood)

    def _cover(self, job: _Job) -> Part:
        settings = self.settings.cover
        check_installed("cv2")
        cover = in_worker(self._pool, read_cover, ReadCover(job.path, settings))
        if self._reader is None:
            self._reader = load_reader(settings, device=self._device, may_fetch=self._may_fetch)
        return show(cover, self._reader, top=settings.top)

    def _video(self, job: _Job) -> Part:
        return watch(job.path, job.out, hub=self.hub, pool=self._pool, settings=self.settings.video)

    def _words(self, job: _Job) -> Part:
        return write_words(job.card, settings=self.settings.words, on_text=job.on_text)


def _made(make: Callable[[_Job], Part], job: _Job) -> Part:
    """Make a part, or say why there is none."""
    started = time.monotonic()
    try:
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
