"""Cards of uploads: what ready-made models say of a track, beside the genres that the model finds.

This is imported where cards are asked for alone. A card costs seconds to minutes, so one is made at
a time and few wait; files are read in killable workers, and models look at the clock between
windows, verses and frames.
"""

import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from apiflask import APIFlask
from apiflask.fields import UploadFile
from flask import g
from pydantic import BaseModel, ConfigDict, Field

from genre.describe import PARTS, SCHEMA, Card, Describer, Part, card_document, load_settings
from genre.describe.frames import VIDEO_SUFFIXES
from genre.describe.genres import genres_of
from genre.describe.settings import Settings
from genre.describe.workers import Deadline as CardDeadline
from genre.errors import AudioError
from genre.execution import ExecutionConfig
from genre.serving.access import Access
from genre.serving.config import ServingConfig
from genre.serving.deadlines import Deadline, QueueFullError, held
from genre.serving.engine import Engine
from genre.serving.problems import audio_problem
from genre.serving.uploads import takes, with_one_file
from genre.serving.views import Service
from genre.tagging.reading import read_track
from genre.wording import printable

N_WAITING = 2
MAX_TITLE = 200


class DescribedForm(BaseModel):
    """The multipart form of a card."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    file: UploadFile = Field(
        description="One audio file; its name is the card's title, and tells where it is a video."
    )


class ModelDocument(BaseModel):
    """Which model answered."""

    name: str
    version: str
    device: str
    n_parameters: int


class AnswerDocument(BaseModel):
    """A part that could be made."""

    state: Literal["there"]
    seconds: float
    model: ModelDocument | None
    result: dict[str, Any] = Field(description="Its keys are in docs/describe.md, for each part.")


class AbsenceDocument(BaseModel):
    """A part that could not."""

    state: Literal["absent"]
    reason: str
    advice: str = Field(description="Empty: it is for whoever runs the server.")


class CardDocument(BaseModel):
    """The card of a track, as `genre describe` writes it."""

    card_schema: str = Field(alias="schema", description=SCHEMA)
    genre: str = Field(description="The version of the server.")
    track: str
    title: str
    parts: dict[str, AnswerDocument | AbsenceDocument]


class Cards:
    """Makes cards, one at a time, with models that are loaded once.

    Parameters
    ----------
    describer : Describer
        Makes all parts but the genres.
    """

    def __init__(self, describer: Describer) -> None:
        self._describer = describer
        self.missing = {name: why for name, why in describer.load().items() if name != "genres"}
        self.parts = tuple(name for name in PARTS if name not in self.missing)
        self._places = threading.BoundedSemaphore(1 + N_WAITING)
        self._turn = threading.BoundedSemaphore(1)

    def make(self, upload: Path, name: str, engine: Engine) -> dict[str, Any]:
        """Make the card of an upload.

        Parameters
        ----------
        upload : Path
            In the private folder.
        name : str
            What the client calls it: the card's title, and an ending that may be a video's.
        engine : Engine
            Finds the genres, and counts the request.

        Returns
        -------
        dict of str to plain value
            As in ``card.json``, with nothing of the server's inside.

        Raises
        ------
        QueueFullError, DeadlineError
            At once, and where the deadline passes before its turn, or before there are genres.
        AudioError
            What is wrong with a file that is no video.
        """
        if not self._places.acquire(blocking=False):
            raise QueueFullError
        try:
            with engine.admitted() as deadline, held(self._turn, deadline):
                return self._made(
                    upload, PurePosixPath(name.replace("\\", "/")).name, engine, deadline
                )
        finally:
            self._places.release()

    def _made(self, upload: Path, name: str, engine: Engine, deadline: Deadline) -> dict[str, Any]:
        ending = PurePosixPath(name).suffix.lower()
        is_video = ending in VIDEO_SUFFIXES
        genres = _genres(upload, engine, deadline, is_video=is_video)
        # Alone in a folder: what lies beside a track counts as its own.
        with tempfile.TemporaryDirectory(prefix="card-", dir=upload.parent) as folder:
            path = Path(folder) / f"upload{ending if is_video else ''}"
            os.link(upload, path)
            card = self._describer.describe(
                path,
                None,
                parts=self.parts,
                given={"genres": genres},
                title=printable(name)[:MAX_TITLE],
                deadline=CardDeadline(deadline.left()),
            )
        hidden = {str(upload.parent): "", folder: ""} | _inside(self._describer.settings)
        # a library's own words may name where it keeps things
        places = (tempfile.gettempdir(), sys.prefix, str(Path.home()))
        hidden |= {place: "" for place in places if place != Path(place).anchor}
        return card_document(_for_clients(card, hidden))


def _genres(upload: Path, engine: Engine, deadline: Deadline, *, is_video: bool) -> Part:
    try:
        answer = engine.answer(read_track, engine.job(upload), deadline)
    except AudioError as error:
        if not is_video:
            raise
        return Part(state="absent", reason=audio_problem(error, str(upload)).reason)
    seconds = answer.read.seconds + answer.score_seconds
    return replace(genres_of(answer.tags, engine.tagger), seconds=seconds)


def _inside(settings: Settings) -> dict[str, str]:
    """List what clients have no business with, and what stands in its place."""
    mood, url = settings.mood, settings.words.url
    models = (settings.heard.model, mood.model, mood.russian, settings.video.model)
    hidden = {name: Path(name).name for name in (*models, settings.words.model)}
    hidden = {name: last for name, last in hidden.items() if Path(name).is_dir()}
    return hidden | ({url: "a language model's server"} if url else {})


def _for_clients(card: Card, hidden: Mapping[str, str]) -> Card:
    def _clean(text: str) -> str:
        for inside in sorted(hidden, key=len, reverse=True):
            text = text.replace(inside, hidden[inside])
        return text

    def _cleaned(part: Part) -> Part:
        model = part.model
        if model is not None:
            model = replace(model, name=_clean(model.name), device=_clean(model.device))
        return replace(part, model=model, reason=_clean(part.reason), advice="")

    return replace(card, parts={name: _cleaned(part) for name, part in card.parts.items()})


@contextmanager
def open_cards(file: Path, config: ServingConfig, *, device: str) -> Iterator[Cards]:
    """Load the models that cards are made with; nothing is fetched.

    Parameters
    ----------
    file : Path
        A ``describe.toml``.
    config : ServingConfig
        The limits of a request.
    device : str
        Where the models compute.

    Yields
    ------
    Cards

    Raises
    ------
    ConfigError
        Where the file is wrong.
    """
    settings, _ = load_settings(file)
    most = min(settings.heard.max_seconds, config.max_audio_seconds)
    settings = replace(settings, heard=replace(settings.heard, max_seconds=most))
    execution = ExecutionConfig(
        n_workers=1, timeout_seconds=config.deadline_seconds, memory_mb=config.memory_mb
    )
    with Describer(settings, device=device, execution=execution) as describer:
        yield Cards(describer)


def add_cards(app: APIFlask, service: Service, cards: Cards, access: Access) -> None:
    """Add the view that makes cards.

    Parameters
    ----------
    app : APIFlask
        Gets the view.
    service : Service
        Its engine finds the genres.
    cards : Cards
        Does the work.
    access : Access
        Guards it.
    """
    engine = service.engine

    @app.post("/describe")
    @access.guard(app)
    @takes("multipart/form-data", engine)
    @with_one_file
    @app.input(DescribedForm, location="files")
    @app.output(CardDocument)
    def describe(files_data: DescribedForm) -> CardDocument:
        """Make the card of an audio file: what ready-made models say of it."""
        stream = files_data.file.stream
        stream.flush()
        g.upload = stream.name
        return CardDocument(**cards.make(Path(stream.name), files_data.file.filename or "", engine))
