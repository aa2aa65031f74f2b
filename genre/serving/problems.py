"""What a client is told when there is no answer: problem documents as in RFC 9457.

`kind` is for programs, `detail` for people. Nothing of the server's inside is in them.
"""

import errno
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from apiflask import APIFlask, HTTPError
from flask import Response, g, jsonify

from genre.errors import AudioError, AudioErrorKind
from genre.serving.config import ServingConfig
from genre.serving.deadlines import DeadlineError, QueueFullError
from genre.serving.engine import NAME
from genre.serving.observing import Metrics

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)

# What a file can be guilty of is 4xx, a decoder that it killed too: another try would end alike.
STATUS_OF_AUDIO = {
    AudioErrorKind.NOT_AUDIO: 415,
    AudioErrorKind.UNSUPPORTED: 415,
    AudioErrorKind.TOO_LONG: 413,
    AudioErrorKind.TOO_LARGE: 413,
    AudioErrorKind.EMPTY: 422,
    AudioErrorKind.CORRUPT: 422,
    AudioErrorKind.TOO_SHORT: 422,
    AudioErrorKind.UNSAFE: 422,
    AudioErrorKind.CRASHED: 422,
    AudioErrorKind.TIMEOUT: 504,
    AudioErrorKind.MISSING: 500,
}
KIND_OF_STATUS = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    421: "misdirected",
    422: "invalid",
    431: "headers_too_large",
    500: "internal",
    501: "not_implemented",
    503: "busy",
    504: "timeout",
}
# Said where the library that found the fault has no sentence for people.
_DETAILS = {
    400: "the request must be what the OpenAPI document describes; this one cannot be read",
    401: "the header must be `Authorization: Bearer TOKEN`, with the token of this server",
    404: "there is nothing here; GET / with `Accept: application/json` lists what there is",
    405: "the header Allow says how this may be asked for",
    413: "the body must be at most max_body_mb={max_body_mb} MB, in few parts, with the audio as a "
    "file of the name `file`",
    500: "a fault of this server; its log has more under the request's id",
}


class Problem(HTTPError):
    """A request that gets a problem document.

    Parameters
    ----------
    status : int
        Of HTTP.
    detail : str
        The fault in a sentence.
    kind : str, optional
        For programs; by default what the status means here.
    headers : dict of str to str, optional
        Sent too.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.reason = detail
        self.own_headers = headers or {}
        super().__init__(
            status,
            message=detail,
            headers=self.own_headers,
            extra_data={"kind": kind or KIND_OF_STATUS[status]},
        )


def audio_problem(error: AudioError, upload: str) -> Problem:
    """Turn what is wrong with an upload into a problem.

    Parameters
    ----------
    error : AudioError
        Of the front end.
    upload : str
        How the error's message names the file; clients have no use for that.
    """
    detail = error.message.replace(f"path={upload!r}", "the upload").replace(upload, "the upload")
    return Problem(STATUS_OF_AUDIO[error.kind], detail, kind=error.kind.value)


def busy(reason: str) -> Problem:
    """Build the problem of a request that there is no room for now.

    Parameters
    ----------
    reason : str
        What is full.
    """
    detail = f"{reason}; try again in {RETRY_SECONDS} seconds"
    return Problem(503, detail, headers={"Retry-After": str(RETRY_SECONDS)})


def unauthorized() -> Problem:
    """Build the problem of a request without the token."""
    return Problem(401, _DETAILS[401], headers={"WWW-Authenticate": "Bearer"})


def too_late(seconds: float) -> Problem:
    """Build the problem of a request whose deadline has passed, `seconds` after its upload."""
    return Problem(504, f"not done within deadline_seconds={seconds}; try a shorter file")


def detail_of(status: int, config: ServingConfig) -> str | None:
    """Describe what a status means here.

    Parameters
    ----------
    status : int
        Of HTTP.
    config : ServingConfig
        For the limits.

    Returns
    -------
    str or None
        None where there is nothing to add.
    """
    detail = _DETAILS.get(status)
    return None if detail is None else detail.format(max_body_mb=config.max_body_mb)


def document(status: int, *, kind: str, detail: str, request_id: str) -> dict[str, Any]:
    """Write a problem document.

    Parameters
    ----------
    status : int
        Of HTTP.
    kind, detail : str
        As for `Problem`.
    request_id : str
        Also in the header and the log.

    Returns
    -------
    dict of str to plain value
    """
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "kind": kind,
        "request_id": request_id,
    }


def explain_failures(app: APIFlask, config: ServingConfig, metrics: Metrics) -> None:
    """Let an app answer with problem documents only.

    Parameters
    ----------
    app : APIFlask
        Its views may raise what they like.
    config : ServingConfig
        For the limits.
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
