"""Configurations survive the round trip exactly, and nothing else is accepted."""

from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.config import check_choices, fingerprint, from_mapping, later, to_mapping
from genre.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Inner:
    size: int = 3
    ratio: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Outer:
    name: str
    mode: Literal["a", "b"] = "a"
    widths: tuple[int, ...] = (1, 2)
    pair: tuple[float, float] = (0.0, 1.0)
    limit: int | None = None
    on: bool = True
    inner: Inner = field(default_factory=Inner)


def test_mapping_is_plain_and_nested() -> None:
    assert to_mapping(Outer(name="x", limit=4)) == {
        "name": "x",
        "mode": "a",
        "widths": [1, 2],
        "pair": [0.0, 1.0],
        "limit": 4,
        "on": True,
        "inner": {"size": 3, "ratio": 0.5},
    }


@given(
    name=st.text(),
    widths=st.lists(st.integers(), max_size=4),
    limit=st.none() | st.integers(),
    ratio=st.floats(allow_nan=False, allow_infinity=False),
)
def test_round_trip(name: str, widths: list[int], limit: int | None, ratio: float) -> None:
    config = Outer(name=name, widths=tuple(widths), limit=limit, inner=Inner(ratio=ratio))
    assert from_mapping(Outer, to_mapping(config)) == config


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"name": "x", "nmae": "y"}, "no key 'nmae'; known keys: name, mode"),
        ({}, "must have a value for 'name'"),
        ({"name": 3}, r"Outer.name=3 must be of type str"),
        ({"name": "x", "mode": "c"}, "Outer.mode='c' must be one of: a, b"),
        ({"name": "x", "widths": 3}, "Outer.widths=3 must be a list"),
        ({"name": "x", "pair": [1.0]}, "must have 2 values"),
        ({"name": "x", "limit": True}, "must be of type int"),
        ({"name": "x", "inner": 3}, "must be a table"),
        ({"name": "x", "inner": {"sise": 1}}, "Inner has no key 'sise'"),
    ],
)
def test_refuses(mapping: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        from_mapping(Outer, mapping)


def test_an_integer_is_a_float_where_a_float_is_wanted() -> None:
    assert from_mapping(Inner, {"ratio": 1}).ratio == 1.0


def test_fingerprint_names_the_content() -> None:
    assert fingerprint(Inner()) == fingerprint(Inner(size=3))
    assert fingerprint(Inner()) != fingerprint(Inner(size=4))
    assert len(fingerprint(Inner())) == 16


def test_only_dataclass_instances_have_a_mapping() -> None:
    with pytest.raises(TypeError, match="instance of a dataclass"):
        to_mapping(Inner)
    with pytest.raises(TypeError, match="plain value"):
        to_mapping(Outer(name=object()))  # type: ignore[arg-type]  # the point of the test


@dataclass(frozen=True, kw_only=True)
class Grown:
    size: int = 3
    ratio: float = 0.5
    mode: Literal["a", "b"] = later("a")


@dataclass(frozen=True, kw_only=True)
class Changed:
    size: int = 3
    ratio: float = 0.5
    most: int = later(8, before=0)


def test_a_later_field_leaves_names_and_words_as_they_were() -> None:
    assert fingerprint(Grown()) == fingerprint(Inner())
    assert to_mapping(Grown()) == {"size": 3, "ratio": 0.5}
    changed = Grown(mode="b")
    assert to_mapping(changed)["mode"] == "b"
    assert fingerprint(changed) != fingerprint(Grown())
    assert from_mapping(Grown, to_mapping(changed)) == changed
    assert from_mapping(Grown, to_mapping(Grown())) == Grown()


def test_words_from_before_a_field_mean_what_was_done_then() -> None:
    assert fingerprint(Changed(most=0)) == fingerprint(Inner()) != fingerprint(Changed())
    assert to_mapping(Changed()) == {"size": 3, "ratio": 0.5, "most": 8}
    assert from_mapping(Changed, {"size": 3, "ratio": 0.5}) == Changed(most=0)
    assert from_mapping(Changed, to_mapping(Changed())) == Changed()


def test_choices_are_checked_where_they_are_made() -> None:
    check_choices(Grown(mode="b"))
    with pytest.raises(ConfigError, match="mode='c' must be one of: a, b"):
        check_choices(Grown(mode="c"))  # type: ignore[arg-type]  # the point of the test
