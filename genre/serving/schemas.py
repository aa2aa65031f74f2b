"""What goes in and out as JSON, and an engine's answer in that form.

The OpenAPI document is made from these classes.
"""

import base64
from typing import Annotated, Any, Literal

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from genre.serving.engine import Answer
from genre.tasks import Task

NAMES = "How each genre of the vocabulary is written for people: drum_and_bass to Drum & Bass."
TASK = "multilabel: each genre is a question by itself; exclusive: the question is which one."


# A query cannot say null.
_SCORE = {"type": "number", "minimum": 0, "maximum": 1}


class UploadForm(BaseModel):
    """The multipart form of a prediction."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    file: UploadFile = Field(description="One audio file; its name is ignored.")


class PictureQuery(BaseModel):
    """What else is wanted with a prediction."""

    picture: Literal["true", "false"] = Field(
        "false", description="Whether to add a picture of the sound."
    )


class WhichQuery(PictureQuery):
    """The same of a model whose classes are exclusive."""

    min_score: Annotated[float | None, WithJsonSchema(_SCORE)] = Field(
        None,
        ge=0,
        le=1,
        description="What the best class must score to be the answer; by default as the server was "
        "told, or else anything.",
    )


class GenreForm(BaseModel):
    """The test mode's order."""

    model_config = ConfigDict(extra="forbid")
    genre: Literal["classical", "pop", "rock", "jazz", "electronic", "hiphop", "folk"] = Field(
        description="What the sample synthesiser is to play."
    )


class GenreScore(BaseModel):
    """One genre's score."""

    name: str = Field(description="Of the vocabulary, for programs; `names` has it for people.")
    score: float = Field(ge=0, le=1)
    threshold: float = Field(
        description="What the score must reach to be decided; the best alone where classes are "
        "exclusive."
    )
    decided: bool


class Timeline(BaseModel):
    """The scores of every window, in the order of time."""

    genres: list[str] = Field(description="The columns of `scores`.")
    starts_seconds: list[float]
    window_seconds: float
    scores: list[list[float]] = Field(description="A row per window, to 4 decimals.")


class Timings(BaseModel):
    """Where the time went."""

    decode_ms: float
    score_ms: float
    total_ms: float = Field(description="From the end of the upload to the answer.")


class Picture(BaseModel):
    """The sound in columns of equal length."""

    n_columns: int
    seconds_per_column: float
    peaks: str = Field(
        description="Base64 of a byte per column: loudest sample, 255 is full scale."
    )
    n_mels: int
    mel: str = Field(description="Base64 of n_mels rows of n_columns bytes, lowest band first.")
    floor_db: float = Field(description="Level of byte 0.")
    ceiling_db: float = Field(description="Level of byte 255.")


class Prediction(BaseModel):
    """What the model says of a track."""

    request_id: str
    task: Task = Field(description=TASK)
    answer: str | None = Field(
        description="The first of `genres`, of exclusive classes the only one; null where there is "
        "none."
    )
    genres: list[str] = Field(description="Decided, best first; none is an answer.")
    names: dict[str, str] = Field(description=NAMES)
    scores: list[GenreScore] = Field(
        description="The whole vocabulary, best first; together 1 where classes are exclusive."
    )
    timeline: Timeline
    duration_seconds: float
    flags: list[str] = Field(description="What is odd: partial, truncated, silent, opposed, short.")
    timings: Timings
    picture: Picture | None


class HeardTag(BaseModel):
    """A tag of a network that hears beside the model."""

    name: str
    score: float = Field(ge=0, le=1)


class HeardPrediction(Prediction):
    """What the model says of a track, and what another network hears."""

    heard: list[HeardTag] = Field(description="Best first; none of silence.")


class Health(BaseModel):
    """Whether the server can be used."""

    status: Literal["healthy", "starting"]
    model_loaded: bool
    device: str


class Status(BaseModel):
    """A probe's answer."""

    status: Literal["ok"]


class Classes(BaseModel):
    """The vocabulary, in order."""

    classes: list[str]
    n_classes: int
    names: dict[str, str] = Field(description=NAMES)


class Limits(BaseModel):
    """What a request may be."""

    max_body_mb: int
    max_audio_seconds: float
    deadline_seconds: float
    max_queue: int


class Info(BaseModel):
    """The model and its limits."""

    model_config = ConfigDict(protected_namespaces=())
    model: str
    task: Task = Field(description=TASK)
    options: dict[str, Any] = Field(alias="model_config", description="Of the model.")
    classes: list[str]
    n_classes: int
    names: dict[str, str] = Field(description=NAMES)
    parents: dict[str, list[str]] = Field(
        description="What a genre is a kind of, where the model knows a tree of genres; its score "
        "is never above theirs."
    )
    device: str
    n_parameters: int
    front_end: dict[str, Any]
    windows: dict[str, Any]
    score_rule: dict[str, Any] = Field(description="From the logits of windows to scores.")
    thresholds: dict[str, float]
    metrics: dict[str, Any]
    bundle_sha256: str
    version: str
    describe: list[str] = Field(
        description="Parts of the cards that POST /describe makes; none where it does not."
    )
    limits: Limits


class Summary(BaseModel):
    """What there is."""

    name: Literal["genre"]
    version: str
    openapi: str
    endpoints: dict[str, str]


class ProblemDocument(BaseModel):
    """An error, as in RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    kind: str = Field(description="For programs.")
    request_id: str


def prediction(answer: Answer, *, request_id: str, total_seconds: float) -> Prediction:
    """Write an answer as it is sent.

    Parameters
    ----------
    answer : Answer
        Of the engine.
    request_id : str
        Also in the header and the log.
    total_seconds : float, in seconds
        Since the upload was there.
    """
    tags, timeline = answer.tags, answer.tags.timeline
    sent = Prediction(
        request_id=request_id,
        task=tags.task,
        answer=next(iter(tags.genres), None),
        genres=list(tags.genres),
        names={name: tags.names.get(name, name) for name in timeline.genres},
        scores=[
            GenreScore(
                name=name, score=score, threshold=tags.thresholds[name], decided=name in tags.genres
            )
            for name, score in tags.scores.items()
        ],
        timeline=Timeline(
            genres=list(timeline.genres),
            starts_seconds=timeline.starts_seconds.round(3).tolist(),
            window_seconds=timeline.window_seconds,
            scores=timeline.scores.round(4).tolist(),
        ),
        duration_seconds=tags.duration_seconds,
        flags=list(tags.flags),
        timings=Timings(
            decode_ms=round(1000 * answer.read.seconds, 2),
            score_ms=round(1000 * answer.score_seconds, 2),
            total_ms=round(1000 * total_seconds, 2),
        ),
        picture=_picture(answer),
    )
    if answer.read.heard is None:
        return sent
    heard = [HeardTag(name=name, score=score) for name, score in tags.heard.items()]
    return HeardPrediction(**dict(sent), heard=heard)


def _picture(answer: Answer) -> Picture | None:
    picture = answer.read.picture
    if picture is None:
        return None
    n_mels, n_columns = picture.mel.shape
    return Picture(
        n_columns=n_columns,
        seconds_per_column=picture.seconds_per_column,
        peaks=base64.b64encode(picture.peaks.tobytes()).decode(),
        n_mels=n_mels,
        mel=base64.b64encode(picture.mel.tobytes()).decode(),
        floor_db=picture.floor_db,
        ceiling_db=picture.ceiling_db,
    )
