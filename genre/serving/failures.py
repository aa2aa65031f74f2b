"""Every failure of a request becomes a problem document."""

from collections.abc import Mapping
from typing import Any

from apiflask import APIFlask, HTTPError
from flask import Response, g, jsonify

from genre.errors import AudioError
from genre.serving.config import ServingConfig
from genre.serving.engine import NAME, DeadlineError, QueueFullError
from genre.serving.observing import Metrics
from genre.serving.problems import (
    KIND_OF_STATUS,
    MEDIA_TYPE,
    audio_problem,
    busy,
    document,
    too_late,
)

# Said where the library that found the fault has no sentence for it.
DETAILS = {
    400: "the request cannot be read: it must be what the OpenAPI document describes",
    401: "send the header `Authorization: Bearer TOKEN` with the token of this server",
    404: "there is nothing here; GET / with `Accept: application/json` lists what there is",
    405: "this is asked for in another way: see the header Allow",
    413: "the body must be at most max_body_mb={max_body_mb} MB, in few parts, and the audio one "
    "part named file, with a file name",
    500: "a fault of this server; its log has more under the request's id",
}


def explain_failures(app: APIFlask, config: ServingConfig, metrics: Metrics) -> None:
    """Let an app answer with problem documents only.

    Parameters
    ----------
    app : APIFlask
    config : ServingConfig
    metrics : Metrics
        Counts the kinds.
    """

    def explain(error: HTTPError) -> Response:
        status = error.status_code
        kind = error.extra_data.get("kind")
        detail = _validation(error.detail) or (error.message if kind else None)
        default = DETAILS.get(status, error.message or "").format(max_body_mb=config.max_body_mb)
        kind = kind or KIND_OF_STATUS.get(status, "failed")
        response = jsonify(
            document(status, kind=kind, detail=detail or default, request_id=g.request_id)
        )
        response.status_code = status
        response.headers.extend(error.headers)
        response.mimetype = MEDIA_TYPE
        g.fields["kind"] = kind
        return response

    app.error_processor(explain)

    @app.errorhandler(AudioError)
    def audio(error: AudioError) -> Response:
        metrics.decode_errors.labels(error.kind.value).inc()
        return explain(audio_problem(error, g.get("upload", str(NAME))))

    @app.errorhandler(QueueFullError)
    def full(_: QueueFullError) -> Response:
        return explain(busy())

    @app.errorhandler(DeadlineError)
    def late(_: DeadlineError) -> Response:
        metrics.decode_errors.labels("timeout").inc()
        return explain(too_late(config.deadline_seconds))


def _validation(detail: object) -> str | None:
    """Write what a schema found wrong: {"files": {"file": ["Field required"]}}."""
    if not isinstance(detail, Mapping) or not detail:
        return None
    found: Mapping[str, Any] = {
        name: messages for fields in detail.values() for name, messages in fields.items()
    }
    return "; ".join(f"{name}: {', '.join(messages)}" for name, messages in found.items())
