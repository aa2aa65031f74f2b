"""The HTTP interface as a WSGI application; its OpenAPI document is made from this code.

Beyond the views, the document tells of problems, the page and the figures.
"""

from typing import Any, cast

from apiflask import APIFlask
from flask.json.provider import DefaultJSONProvider

from genre.json_files import parse_json
from genre.serving.access import Access, secure
from genre.serving.observing import Metrics, observe
from genre.serving.origins import Origins
from genre.serving.problems import MEDIA_TYPE, explain_failures
from genre.serving.schemas import ProblemDocument, Summary
from genre.serving.uploads import FOLDER, UploadRequest
from genre.serving.views import Service, add_facts, add_no_cards, add_predictions
from genre.version import __version__

_EVERYWHERE = {
    400: "The request cannot be read.",
    421: "The server has no such name.",
}
_GUARDED = {401: "The token is missing or wrong."}
_COSTLY = {
    403: "The request comes from another site's page.",
    413: "The body, or the sound in it, is too large.",
    415: "The body has another form, or holds no sound that is known here.",
    422: "The body lacks something, or the file is empty, broken or harmful.",
    503: "The queue, the room for uploads or the disk is full; try after Retry-After seconds.",
    504: "It took longer than the deadline.",
}


def create_app(service: Service) -> APIFlask:
    """Build the application.

    Parameters
    ----------
    service : Service
        What answers, and its limits.

    Returns
    -------
    APIFlask
        For any WSGI server with threads.
    """
    # No docs page: the usual ones load their scripts from elsewhere.
    app = APIFlask(
        "genre.serving",
        title="genre",
        version=__version__,
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]  # as Flask has it; without a folder no route
    )
    app.request_class = UploadRequest
    app.config[FOLDER] = service.uploads
    app.config["MAX_CONTENT_LENGTH"] = service.config.max_body_bytes
    app.json = _Json(app)
    metrics = Metrics(service.engine)
    access = Access(service.token)
    observe(app, metrics)
    secure(app, Origins(service.config, has_token=service.token is not None))
    explain_failures(app, service.config, metrics)
    add_facts(app, service, access, metrics)
    add_predictions(app, service.engine, access)
    if service.cards is None:
        add_no_cards(app)
    else:
        from genre.serving.cards import add_cards

        add_cards(app, service, service.cards, access)
    _complete(app)
    return app


class _Json(DefaultJSONProvider):
    sort_keys = False  # what comes in an order is sent in it

    def loads(self, s: str | bytes, **_: object) -> Any:  # noqa: ANN401 - any JSON
        """Read what a client sent."""
        return parse_json(s)


def _complete(app: APIFlask) -> None:
    """Let an app's OpenAPI document tell of everything that can be answered.

    Parameters
    ----------
    app : APIFlask
        With all its views.
    """
    # These would describe the library's own form of errors.
    for name in ("VALIDATION_ERROR", "AUTH_ERROR", "404"):
        app.config[f"AUTO_{name}_RESPONSE"] = False

    def _add(document: dict[str, Any]) -> dict[str, Any]:
        schemas = document["components"]["schemas"]
        for model in (ProblemDocument, Summary):
            schemas[model.__name__] = model.model_json_schema()
        for path, methods in document["paths"].items():
            for operation in methods.values():
                _add_problems(path, operation)
        paths = document["paths"]
        paths["/"]["get"]["responses"]["200"]["content"] = {
            "text/html": {"schema": {"type": "string"}},
            "application/json": {"schema": {"$ref": "#/components/schemas/Summary"}},
        }
        paths["/metrics"]["get"]["responses"]["200"]["content"] = {
            "text/plain": {"schema": {"type": "string"}}
        }
        return document

    app.spec_processor(cast("Any", _add))  # the document is text only where YAML is asked for


def _add_problems(path: str, operation: dict[str, Any]) -> None:
    problems = dict(_EVERYWHERE)
    if "security" in operation:
        problems |= _GUARDED
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        problems |= _COSTLY
    if path == "/readyz":
        problems[503] = "No first track has been classified yet."
    for status, description in sorted(problems.items()):
        operation["responses"][str(status)] = {
            "description": description,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        }
