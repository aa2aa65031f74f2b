"""The reference of the server, read off the OpenAPI document that it answers with."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.serving_examples import client_of, offered

Spec = Mapping[str, Any]


@cache
def openapi_document() -> dict[str, Any]:
    """Ask a server over a small untrained model for its document.

    Returns
    -------
    dict
        What `GET /openapi.json` answers.
    """
    with tempfile.TemporaryDirectory() as folder, offered(Path(folder)) as service:
        document: dict[str, Any] = client_of(service).get("/openapi.json").get_json()
    return document


def rest() -> str:
    """Write paths and objects of the document as Markdown.

    Returns
    -------
    str
    """
    document = openapi_document()
    lines = ['The document itself: <a href="openapi.json">openapi.json</a>.', ""]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            lines += _operation(f"{method.upper()} {path}", operation)
    lines += ["## Objects", ""]
    for name, schema in document["components"]["schemas"].items():
        lines += _schema(name, schema)
    return "\n".join(lines)


def _operation(title: str, operation: Spec) -> Iterator[str]:
    yield from (f"## {title}", "", operation.get("summary", ""), "")
    rows = [
        (f"`{one['name']}`", f"in the {one['in']}: {_type(one['schema'])}", _text(one))
        for one in operation.get("parameters", ())
    ]
    for media, body in operation.get("requestBody", {}).get("content", {}).items():
        rows.append(("body", f"`{media}`", _type(body["schema"])))
    yield from _table(("it takes", "", ""), rows)
    answers = []
    for status, response in operation["responses"].items():
        for media, body in (response.get("content") or {"": {}}).items():
            what = _type(body["schema"]) if "schema" in body else ""
            answers.append((status, f"`{media}` {what}" if media else "", _text(response)))
    yield from _table(("it answers", "", ""), answers)


def _schema(name: str, schema: Spec) -> Iterator[str]:
    rows = [
        (f"`{field}`", _type(of), _text(of)) for field, of in schema.get("properties", {}).items()
    ]
    if rows:
        # an own anchor: headings of objects and of paths may agree
        yield from (f"(object-{name.lower()})=", f"### {name}", "", _text(schema), "")
        yield from _table(("field", "type", ""), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield f"| {' | '.join(head)} |"
        yield "|---" * len(head) + "|"
        yield from (f"| {' | '.join(row)} |" for row in rows)
        yield ""


def _text(entry: Spec) -> str:
    words = " ".join(str(entry.get("description", "")).split())
    return words.replace("|", r"\|").replace("<", r"\<")


def _type(schema: Spec) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#object-{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if isinstance(of := schema.get("additionalProperties"), dict):
        return f"object of {_type(of)}"
    return str(schema.get("type", "anything"))
