"""The views: a file, or music made on the spot, to its genres; the page, the model, the state."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from apiflask import APIFlask
from flask import Response, abort, g, jsonify, request, send_file
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from genre.inference.exclusive import ONLY_OF_EXCLUSIVE
from genre.pages import tagging_page
from genre.serving.access import Access
from genre.serving.config import ServingConfig
from genre.serving.engine import Answer, Engine, ExcerptJob, read_excerpt
from genre.serving.observing import Metrics
from genre.serving.problems import Problem
from genre.serving.schemas import (
    Classes,
    GenreForm,
    Health,
    HeardPrediction,
    Info,
    Limits,
    PictureQuery,
    Prediction,
    Status,
    Summary,
    UploadForm,
    WhichQuery,
    prediction,
)
from genre.serving.uploads import new_file, takes, with_one_file
from genre.tagging.description import Description
from genre.tagging.reading import ReadJob, read_track
from genre.version import __version__

if TYPE_CHECKING:  # asked for by few
    from genre.serving.cards import Cards

MAX_JSON_BYTES = 2**16
"""A form is kept on disk, JSON in memory."""
PAGE = Path(__file__).parent / "page"
"""The page's own part: the answers come from this server."""
ENDPOINTS = {
    "POST /predict": "the genres of an audio file: multipart form, part `file`",
    "POST /predict_text": 'test mode without a file: {"genre": "jazz"}',
    "GET /classes": "the genres that the model knows, in order",
    "GET /info": "the model, its front end, its metrics and the limits",
    "GET /health": "whether the model is loaded, and where it computes",
    "GET /livez": "200 while the process lives",
    "GET /readyz": "200 once a first track has been classified",
    "GET /metrics": "figures for Prometheus",
}
OF_CARDS = {"POST /describe": "the card of a track: multipart form, part `file`"}


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a server is made of: a bundle at work, and how it is offered.

    Parameters
    ----------
    engine : Engine
        Answers the requests.
    description : Description
        Of the engine's bundle.
    config : ServingConfig
        What a request may be.
    uploads : Path
        An existing private folder.
    token : str or None
        What clients must send; nothing if None.
    cards : Cards or None
        Makes the cards of tracks; none are offered if None.
    """

    engine: Engine
    description: Description
    config: ServingConfig
    uploads: Path
    token: str | None = None
    cards: "Cards | None" = None


def add_no_cards(app: APIFlask) -> None:
    """Add what answers where no cards are offered.

    Parameters
    ----------
    app : APIFlask
        Gets the view.
    """

    @app.post("/describe")
    @app.doc(hide=True)
    def no_cards() -> None:
        """Refuse: no part of a card was asked for when this server was started."""
        raise Problem(501, "no cards are made here; `genre serve` has an option for it, --describe")


def add_predictions(app: APIFlask, engine: Engine, access: Access) -> None:
    """Add the views that cost time.

    Parameters
    ----------
    app : APIFlask
        Gets the views.
    engine : Engine
        Does the work.
    access : Access
        Guards them.
    """
    answers = Prediction if engine.tagger.heard is None else HeardPrediction
    is_which = engine.tagger.bundle.rule.task == "exclusive"
    queries = WhichQuery if is_which else PictureQuery

    def _job_for(path: str, query: PictureQuery) -> ReadJob:
        g.upload = path
        if "min_score" in request.args and not is_which:
            raise Problem(422, f"min_score={request.args['min_score']} {ONLY_OF_EXCLUSIVE}")
        return engine.job(Path(path), with_picture=query.picture == "true")

    @app.post("/predict")
    @access.guard(app)
    @takes("multipart/form-data", engine)
    @with_one_file
    @app.input(UploadForm, location="files")
    @app.input(queries, location="query")
    @app.output(answers)
    def predict(files_data: UploadForm, query_data: PictureQuery) -> Prediction:
        """Predict the genres of an audio file."""
        stream = files_data.file.stream
        stream.flush()
        answer = engine.work(read_track, _job_for(stream.name, query_data))
        return _sent(answer, query_data)

    @app.post("/predict_text")
    @access.guard(app)
    @takes("application/json", engine, max_bytes=MAX_JSON_BYTES)
    @app.input(GenreForm, location="json")
    @app.input(queries, location="query")
    @app.output(answers)
    def predict_text(json_data: GenreForm, query_data: PictureQuery) -> Prediction:
        """Try the model without a file: the sample synthesiser plays, the model listens."""
        path = new_file().name
        job = ExcerptJob(genre=json_data.genre, read=_job_for(path, query_data))
        return _sent(engine.work(read_excerpt, job), query_data)


def _sent(answer: Answer, query: PictureQuery) -> Prediction:
    if isinstance(query, WhichQuery) and query.min_score is not None:
        answer = replace(answer, tags=answer.tags.answered_from(query.min_score))
    milliseconds = {"decode": answer.read.seconds, "score": answer.score_seconds}
    for name, seconds in milliseconds.items():
        g.fields[f"{name}_ms"] = round(1000 * seconds, 1)
    total = time.perf_counter() - g.started
    return prediction(answer, request_id=g.request_id, total_seconds=total)


def add_facts(app: APIFlask, service: Service, access: Access, metrics: Metrics) -> None:
    """Add the views that only tell: the page, the model, the server's state.

    Parameters
    ----------
    app : APIFlask
        Gets the views.
    service : Service
        What is told of.
    access : Access
        Guards what tells of the model and of other clients.
    metrics : Metrics
        What Prometheus is told.
    """
    _add_page(app, offers_cards=service.cards is not None)
    _add_state(app, service)
    _add_model(app, service, access)

    @app.get("/metrics")
    @access.guard(app)
    def prometheus() -> Response:
        """Return figures for Prometheus."""
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)


def _add_page(app: APIFlask, *, offers_cards: bool) -> None:
    page, files = tagging_page(PAGE)
    endpoints = ENDPOINTS | (OF_CARDS if offers_cards else {})

    @app.get("/")
    def index() -> Response:
        """Show the web page; an outline of the interface to those who ask for JSON."""
        wanted = request.accept_mimetypes.best_match(["text/html", "application/json"])
        if wanted == "application/json":
            outline = Summary(
                name="genre", version=__version__, openapi="/openapi.json", endpoints=endpoints
            )
            response = jsonify(outline.model_dump())
        else:
            response = Response(page, mimetype="text/html")
        response.vary.add("Accept")
        return response

    @app.get("/page/<name>")
    @app.doc(hide=True)
    def page_file(name: str) -> Response:
        """Return a file of the web page."""
        if name not in files:
            abort(404)
        try:
            return send_file(files[name])
        except OverflowError:  # a client has what has changed since a year that no calendar has
            return send_file(files[name], conditional=False)


def _add_state(app: APIFlask, service: Service) -> None:
    @app.get("/health")
    @app.output(Health)
    def health() -> Health:
        """Report whether the server can be used."""
        is_ready = service.engine.is_ready
        return Health(
            status="healthy" if is_ready else "starting",
            model_loaded=True,
            device=service.description.device,
        )

    @app.get("/livez")
    @app.output(Status)
    def livez() -> Status:
        """Report that the process lives."""
        return Status(status="ok")

    @app.get("/readyz")
    @app.output(Status)
    def readyz() -> Status:
        """Report whether requests will be answered."""
        if not service.engine.is_ready:
            raise Problem(503, "not ready: no first track has been classified yet", kind="starting")
        return Status(status="ok")


def _add_model(app: APIFlask, service: Service, access: Access) -> None:
    description = service.description
    classes, names = list(description.genres), dict(description.names)
    parts = [] if service.cards is None else list(service.cards.parts)

    @app.get("/classes")
    @access.guard(app)
    @app.output(Classes)
    def vocabulary() -> Classes:
        """List the genres that the model knows, in order."""
        return Classes(classes=classes, n_classes=len(classes), names=names)

    @app.get("/info")
    @access.guard(app)
    @app.output(Info)
    def info() -> Info:
        """Describe the model and the limits of a request."""
        return Info(
            model=description.model,
            task=description.task,
            model_config=dict(description.model_config),
            classes=classes,
            n_classes=len(classes),
            names=names,
            parents={genre: list(above) for genre, above in description.parents.items()},
            device=description.device,
            n_parameters=description.n_parameters,
            front_end=dict(description.front_end),
            windows=dict(description.windows),
            score_rule=dict(description.rule),
            thresholds=dict(description.thresholds),
            metrics=dict(description.metrics),
            bundle_sha256=description.bundle_sha256,
            version=__version__,
            describe=parts,
            limits=_limits(service.config),
        )


def _limits(config: ServingConfig) -> Limits:
    return Limits(
        max_body_mb=config.max_body_mb,
        max_audio_seconds=config.max_audio_seconds,
        deadline_seconds=config.deadline_seconds,
        max_queue=config.max_queue,
    )
