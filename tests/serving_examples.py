"""A service over an untrained bundle, its clients, and what its workers can be made to do."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from genre.inference import Bundle
from genre.loading import load_tagger
from genre.serving.app import create_app
from genre.serving.config import ServingConfig
from genre.serving.engine import Engine
from genre.serving.server import Server
from genre.serving.views import Service
from genre.tagging.description import describe
from tests.bundles import small_bundle, write_bundle
from tests.sounds import FORMATS, write

TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of no real server
ONE_WORKER: dict[str, Any] = {"n_workers": 1, "port": 0}


@contextlib.contextmanager
def offered(
    folder: Path,
    *,
    bundle: Bundle | None = None,
    min_score: float | None = None,
    token: str | None = None,
    **changes: object,
) -> Iterator[Service]:
    """Offer a bundle that decides "a" and "b" of everything; one worker unless told otherwise."""
    write_bundle(bundle or small_bundle(), folder / "bundle")
    uploads = folder / "uploads"
    uploads.mkdir()
    tagger = load_tagger(folder / "bundle", min_score=min_score)
    config = ServingConfig(**ONE_WORKER | changes)
    with Engine(tagger, config) as engine:
        yield Service(
            engine=engine,
            description=describe(tagger, folder / "bundle"),
            config=config,
            uploads=uploads,
            token=token,
        )


def client_of(service: Service) -> FlaskClient:
    return create_app(service).test_client()


@dataclass(frozen=True)
class Listening:
    """A server that runs in a thread of the test."""

    service: Service
    server: Server
    thread: threading.Thread

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.effective_port}"


@contextlib.contextmanager
def listening(service: Service) -> Iterator[Listening]:
    """Let a service listen on a free port."""
    n_workers = service.engine.pool.n_workers
    app = create_app(service)
    server = Server(app, service.config, n_workers=n_workers, token=service.token)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield Listening(service, server, thread)
    finally:
        server.end()
        thread.join(20)
        assert not thread.is_alive()


def music(folder: Path, name: str = "mp3", seconds: float = 5.0) -> bytes:
    """Make a sound file of noise."""
    noise = np.random.default_rng(0).normal(0, 0.1, (round(seconds * 44100), 2))
    return write(folder / f"noise.{name}", noise, **FORMATS[name]).read_bytes()


def send(client: FlaskClient, content: bytes, name: str = "x.mp3", query: str = "") -> TestResponse:
    """Upload a file as a form does."""
    form = {"file": (BytesIO(content), name)}
    return client.post(f"/predict{query}", data=form, content_type="multipart/form-data")


def problem_of(response: TestResponse, status: int, kind: str) -> dict[str, Any]:
    """Check that an answer is a problem document and return it."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    document: dict[str, Any] = response.get_json()
    assert set(document) == {"type", "title", "status", "detail", "kind", "request_id"}
    assert (document["status"], document["kind"]) == (status, kind)
    assert document["request_id"] == response.headers["X-Request-ID"]
    assert "Traceback" not in response.text
    return document
