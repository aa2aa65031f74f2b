"""Objects of JSON files as dataclasses with types, read leniently.

What an older version did not write is at its default, and what a newer one wrote besides is kept in
`other` and written again.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from genre.errors import GenreError

OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Content:
    """An object of a JSON file.

    Parameters
    ----------
    other : mapping of str to plain value
        What the file holds besides the fields.
    """

    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, content: object, where: str) -> Self:
        """Read the object; null stands for a field that is absent.

        Parameters
        ----------
        content : plain value
            As JSON has it.
        where : str
            The file, for messages.

        Raises
        ------
        GenreError
            When it is no object, or a field is of another type; the message names it.
        """
        if not isinstance(content, Mapping):
            raise GenreError(f"{where} must hold a JSON object")
        hints = typing.get_type_hints(cls)
        names = [one.name for one in fields(cls) if one.name != OTHER]
        known = {
            name: _typed(hints[name], content[name], f"{where}: {name}")
            for name in names
            if content.get(name) is not None
        }
        other = {name: value for name, value in content.items() if name not in names}
        return cls(**known, other=other)

    def to_json(self) -> dict[str, Any]:
        """Write the object as plain values, in the order of the fields."""
        names = [one.name for one in fields(self) if one.name != OTHER]
        return {name: _plain(getattr(self, name)) for name in names} | dict(self.other)


def _typed(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - any field type
    """Check a plain value against a field's type; lists become tuples."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return value
    if origin is types.UnionType:
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return None if value is None else _typed(inner, value, where)
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_typed(arguments[0], item, where) for item in value)
    if origin is Mapping and isinstance(value, Mapping):
        return {
            str(name): _typed(arguments[1], item, f"{where}.{name}") for name, item in value.items()
        }
    if isinstance(hint, type) and issubclass(hint, Content):
        return hint.from_json(value, where)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    expected = {tuple: list, Mapping: dict}.get(origin, hint) if origin else hint
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        raise GenreError(f"{where}={value!r} must be of type {expected.__name__}")
    return value


def _plain(value: object) -> object:
    if isinstance(value, Content):
        return value.to_json()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value
