"""Objects of JSON files: what is absent, unknown, of another type, and written again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from genre.errors import GenreError
from genre.evaluation.inputs.content import Content


@dataclass(frozen=True, kw_only=True)
class Inner(Content):
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class Outer(Content):
    is_done: bool = False
    name: str = ""
    seconds: float | None = None
    parts: tuple[Inner, ...] = ()
    figures: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    free: Mapping[str, Any] = field(default_factory=dict)


WHOLE = {
    "is_done": True,
    "name": "x",
    "seconds": 1.5,
    "parts": [{"size": 1}, {"size": None}],
    "figures": {"val": {"ap": 0.5, "auc": None}},
    "free": {"a": [1, {"b": None}]},
}


def test_what_is_written_comes_back() -> None:
    read = Outer.from_json(WHOLE, "file")
    assert read.parts == (Inner(size=1), Inner(size=None))
    assert read.figures["val"] == {"ap": 0.5, "auc": None}
    assert read.to_json() == WHOLE
    assert list(read.to_json()) == list(WHOLE)


def test_what_is_absent_or_null_is_at_its_default() -> None:
    assert Outer.from_json({}, "file") == Outer()
    assert Outer.from_json({"name": None, "parts": None}, "file") == Outer()


def test_what_is_unknown_is_kept_at_every_depth() -> None:
    content = {**WHOLE, "parts": [{"size": 1, "colour": "red"}], "newer": [1, 2]}
    read = Outer.from_json(content, "file")
    assert read.other == {"newer": [1, 2]}
    assert read.parts[0].other == {"colour": "red"}
    assert read.to_json() == content


def test_a_whole_number_may_stand_for_a_fraction() -> None:
    seconds = Outer.from_json({"seconds": 2}, "file").seconds
    assert (seconds, type(seconds)) == (2.0, float)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "file must hold a JSON object"),
        ({"is_done": 1}, "file: is_done=1 must be of type bool"),
        ({"name": 3}, "file: name=3 must be of type str"),
        ({"seconds": "long"}, "file: seconds='long' must be of type float"),
        ({"seconds": True}, "file: seconds=True must be of type float"),
        ({"parts": {}}, "file: parts={} must be of type list"),
        ({"parts": [{"size": True}]}, "file: parts: size=True must be of type int"),
        ({"parts": [3]}, "file: parts must hold a JSON object"),
        ({"figures": {"val": 1}}, r"file: figures\.val=1 must be of type dict"),
        ({"figures": {"val": {"ap": "x"}}}, r"file: figures\.val\.ap='x' must be of type float"),
    ],
)
def test_what_is_of_another_type_is_named(content: object, message: str) -> None:
    with pytest.raises(GenreError, match=message):
        Outer.from_json(content, "file")
