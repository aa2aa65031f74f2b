"""The views that only tell: the page, the model, the server's state."""

from pathlib import Path

from apiflask import APIFlask
from flask import Response, jsonify, request, send_from_directory
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from genre import __version__
from genre.serving.access import Access
from genre.serving.observing import Metrics
from genre.serving.problems import Problem
from genre.serving.schemas import Classes, Health, Info, Limits, Status, Summary
from genre.serving.service import Service

PAGE = Path(__file__).parent / "page"
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


def add_facts(app: APIFlask, service: Service, access: Access, metrics: Metrics) -> None:
    """Add the views.

    Parameters
    ----------
    app : APIFlask
    service : Service
    access : Access
        Guards what tells of the model and of other clients.
    metrics : Metrics
    """
    _add_page(app)
    _add_state(app, service)
    _add_model(app, service, access)

    @app.get("/metrics")
    @access.guard(app)
    def prometheus() -> Response:
        """Give figures for Prometheus."""
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)


def _add_page(app: APIFlask) -> None:
    @app.get("/")
    def index() -> Response:
        """Show the web page; an outline of the interface to those who ask for JSON."""
        wanted = request.accept_mimetypes.best_match(["text/html", "application/json"])
        if wanted == "application/json":
            outline = Summary(
                name="genre", version=__version__, openapi="/openapi.json", endpoints=ENDPOINTS
            )
            response = jsonify(outline.model_dump())
        else:
            response = send_from_directory(PAGE, "index.html")
        response.vary.add("Accept")
        return response

    @app.get("/page/<name>")
    @app.doc(hide=True)
    def page_file(name: str) -> Response:
        """Give a file of the web page."""
        return send_from_directory(PAGE, name)


def _add_state(app: APIFlask, service: Service) -> None:
    @app.get("/health")
    @app.output(Health)
    def health() -> Health:
        """Say whether the server can be used."""
        is_ready = service.engine.is_ready
        return Health(
            status="healthy" if is_ready else "starting",
            model_loaded=True,
            device=service.description.device,
        )

    @app.get("/livez")
    @app.output(Status)
    def livez() -> Status:
        """Say that the process lives."""
        return Status(status="ok")

    @app.get("/readyz")
    @app.output(Status)
    def readyz() -> Status:
        """Say whether requests will be answered."""
        if not service.engine.is_ready:
            raise Problem(503, "not ready: no first track has been classified yet", kind="starting")
        return Status(status="ok")


def _add_model(app: APIFlask, service: Service, access: Access) -> None:
    description, config = service.description, service.config
    classes = list(description.genres)

    @app.get("/classes")
    @access.guard(app)
    @app.output(Classes)
    def vocabulary() -> Classes:
        """List the genres that the model knows, in order."""
        return Classes(classes=classes, n_classes=len(classes))

    @app.get("/info")
    @access.guard(app)
    @app.output(Info)
    def info() -> Info:
        """Describe the model and the limits of a request."""
        return Info(
            model=description.model,
            model_config=dict(description.model_config),
            classes=classes,
            n_classes=len(classes),
            device=description.device,
            n_parameters=description.n_parameters,
            front_end=dict(description.front_end),
            windows=dict(description.windows),
            score_rule=dict(description.rule),
            thresholds=dict(description.thresholds),
            metrics=dict(description.metrics),
            bundle_sha256=description.bundle_sha256,
            version=__version__,
            limits=Limits(
                max_body_mb=config.max_body_mb,
                max_audio_seconds=config.max_audio_seconds,
                deadline_seconds=config.deadline_seconds,
                max_queue=config.max_queue,
            ),
        )
