"""What an operator sees: a name for every request, a line of JSON in the log, figures to scrape."""

import logging
import re
import sys
import time
import uuid

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from genre.execution.log_lines import JsonLines
from genre.serving.engine import Engine

logger = logging.getLogger(__name__)

REQUEST_ID = "X-Request-ID"
_LEGAL_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """The figures of one server.

    Parameters
    ----------
    engine : Engine
        Asked for its queue when somebody looks.
    """

    def __init__(self, engine: Engine) -> None:
        self.registry = CollectorRegistry()
        labels = ["method", "endpoint", "status"]
        self.requests = Counter(
            "genre_requests", "Requests answered.", labels, registry=self.registry
        )
        self.seconds = Histogram(
            "genre_request_seconds",
            "Time between the end of a request's arrival and its answer.",
            ["endpoint"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "genre_requests_in_flight", "Requests in hand.", registry=self.registry
        )
        self.queue = Gauge(
            "genre_queue_length", "Requests that wait for a worker.", registry=self.registry
        )
        self.queue.set_function(lambda: engine.n_waiting)
        self.decode_errors = Counter(
            "genre_decode_errors", "Uploads without an answer.", ["kind"], registry=self.registry
        )


def log_as_json() -> None:
    """Let the whole process log as JSON to its standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(None))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Requests that wait are counted by the metrics; waitress would warn of each.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def new_request_id(wanted: str | None) -> str:
    """Take over a client's name for a request where it is harmless, else make one.

    Parameters
    ----------
    wanted : str or None
        By the client.
    """
    return wanted if wanted and _LEGAL_ID.fullmatch(wanted) else uuid.uuid4().hex


def observe(app: Flask, metrics: Metrics) -> None:
    """Log, count and time every request of an app, each under a name.

    Parameters
    ----------
    app : Flask
        Of any kind.
    metrics : Metrics
        Gets the counts and times.
    """

    @app.before_request
    def _begin() -> None:
        g.started = time.perf_counter()
        g.request_id = new_request_id(request.headers.get(REQUEST_ID))
        g.fields = {}
        metrics.in_flight.inc()

    @app.after_request
    def _end(response: Response) -> Response:
        seconds = time.perf_counter() - g.started
        endpoint = request.endpoint or "none"
        metrics.seconds.labels(endpoint).observe(seconds)
        metrics.requests.labels(_method(), endpoint, str(response.status_code)).inc()
        response.headers[REQUEST_ID] = g.request_id
        fields = {
            "request_id": g.request_id,
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round(1000 * seconds, 1),
            "bytes_in": request.content_length or 0,
            "client": request.remote_addr,
            **g.fields,
        }
        logger.info("request", extra={"facts": fields})
        return response

    @app.teardown_request
    def _gone(_: BaseException | None) -> None:
        metrics.in_flight.dec()


def _method() -> str:
    # Any word can be a method; a label must not grow without bound.
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return request.method if request.method in known else "other"
