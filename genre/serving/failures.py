"""Every failure of a request becomes a problem document."""

from collections.abc import Mapping
from typing import Any

from apiflask import APIFlask, HTTPError
from flask import Response, g, jsonify

from genre.errors import AudioError
from genre.serving.admission import DISK_IS_FULL
from genre.serving.config import ServingConfig
from genre.serving.engine import NAME, DeadlineError, QueueFullError
from genre.serving.observing import Metrics
from genre.serving.problems import (
    KIND_OF_STATUS,
    MEDIA_TYPE,
    audio_problem,
    busy,
    detail_of,
    document,
    too_late,
)


def explain_failures(app: APIFlask, config: ServingConfig, metrics: Metrics) -> None:
    """Let an app answer with problem documents only.

    Parameters
    ----------
    app : APIFlask
    config : ServingConfig
    metrics : Metrics
        Counts the kinds.
    """

    def _explain(error: HTTPError) -> Response:
        status = error.status_code
        kind = error.extra_data.get("kind")
        detail = _validation(error.detail) or (error.message if kind else None)
        kind = kind or KIND_OF_STATUS.get(status, "failed")
        detail = detail or detail_of(status, config) or str(error.message)
        response = jsonify(document(status, kind=kind, detail=detail, request_id=g.request_id))
        response.status_code = status
        response.headers.extend(error.headers)
        response.mimetype = MEDIA_TYPE
        g.fields["kind"] = kind
        return response

    app.error_processor(_explain)

    @app.errorhandler(AudioError)
    def _audio(error: AudioError) -> Response:
        metrics.decode_errors.labels(error.kind.value).inc()
        return _explain(audio_problem(error, g.get("upload", str(NAME))))

    @app.errorhandler(QueueFullError)
    def _full(_: QueueFullError) -> Response:
        return _explain(busy("the queue is full"))

    @app.errorhandler(OSError)
    def _broken(error: OSError) -> Response:
        if error.errno not in DISK_IS_FULL:
            raise error
        return _explain(busy("the disk is full"))

    @app.errorhandler(DeadlineError)
    def _late(_: DeadlineError) -> Response:
        metrics.decode_errors.labels("timeout").inc()
        return _explain(too_late(config.deadline_seconds))


def _validation(detail: object) -> str | None:
    """Write what a schema found wrong: {"files": {"file": ["Field required"]}}."""
    if not isinstance(detail, Mapping) or not detail:
        return None
    found: Mapping[str, Any] = {
        name: messages for fields in detail.values() for name, messages in fields.items()
    }
    text = "; ".join(f"{name}: {', '.join(messages)}" for name, messages in found.items())
    return text.replace("Value error, ", "").replace("_schema: ", "")
