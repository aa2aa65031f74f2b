"""Configurations: frozen keyword-only dataclasses ⇄ mappings, strictly, with a fingerprint.

A configuration is written into every bundle and every record, so what comes back must be exactly
what was written: unknown keys, missing keys without a default and wrong types are errors.
"""

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from genre.errors import ConfigError
from genre.suggestions import did_you_mean, not_among

Config = TypeVar("Config")
Value = TypeVar("Value")

_BEFORE, _NEVER = "before", object()


def to_mapping(config: object) -> dict[str, Any]:
    """Turn a configuration into plain values that JSON can hold.

    Parameters
    ----------
    config : dataclass instance
        Its fields are numbers, strings, booleans, None, tuples of these, or such dataclasses.

    Returns
    -------
    dict of str to plain value
        Tuples become lists; the order is that of the fields. A field from `later` that does what
        earlier versions did is absent.
    """
    if not dataclasses.is_dataclass(config) or isinstance(config, type):
        raise TypeError(f"config={config!r} must be an instance of a dataclass")
    return {
        field.name: _to_plain(value)
        for field in dataclasses.fields(config)
        if (value := getattr(config, field.name)) != field.metadata.get(_BEFORE, _NEVER)
    }


def later(default: Value, *, before: Value | None = None) -> Value:
    """Make a field of a configuration that earlier versions did not have.

    Where it says what those did, a configuration has the fingerprint and the words that it had
    before, so that what was computed and written stays valid; words without the field say that too.

    Parameters
    ----------
    default : plain value
        What is done without being told.
    before : plain value
        What earlier versions did; the default if None.
    """
    told = default if before is None else before
    return dataclasses.field(default=default, metadata={_BEFORE: told})


def from_mapping(config_class: type[Config], mapping: Mapping[str, Any]) -> Config:
    """Build a configuration from plain values; the inverse of `to_mapping`.

    Parameters
    ----------
    config_class : dataclass type
        What to build.
    mapping : mapping of str to plain value
        Keys are field names; fields with a default may be absent.

    Raises
    ------
    ConfigError
        On an unknown key, a missing one, or a value of another type than the field's.
    """
    if not dataclasses.is_dataclass(config_class):
        raise TypeError(f"config_class={config_class!r} must be a dataclass")
    name = config_class.__name__
    hints = typing.get_type_hints(config_class)
    fields = {field.name: field for field in dataclasses.fields(config_class) if field.init}
    unknown = sorted(set(mapping) - set(fields))
    if unknown:
        meant = did_you_mean(unknown[0], fields)
        known = ", ".join(fields)
        raise ConfigError(f"{name} has no key {unknown[0]!r}; known keys: {known}{meant}")
    missing = [
        key
        for key, field in fields.items()
        if key not in mapping
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ConfigError(f"{name} must have a value for {missing[0]!r}")
    values = {
        key: field.metadata[_BEFORE] for key, field in fields.items() if _BEFORE in field.metadata
    }
    values |= {key: _from_plain(hints[key], mapping[key], f"{name}.{key}") for key in mapping}
    return typing.cast("Config", config_class(**values))


def check_choices(config: object) -> None:
    """Make sure that the fields of a configuration which name a choice name a legal one.

    Parameters
    ----------
    config : dataclass instance
        Whose fields of type `Literal` are looked at.

    Raises
    ------
    ConfigError
        With the legal names.
    """
    for name, hint in typing.get_type_hints(type(config)).items():
        if typing.get_origin(hint) is typing.Literal:
            _from_plain(hint, getattr(config, name), name)


def fingerprint(config: object) -> str:
    """Compute a name for a configuration from its content.

    Returns
    -------
    str
        The first 16 hexadecimal digits of the SHA-256 of its canonical JSON.
    """
    text = json.dumps(to_mapping(config), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _to_plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return to_mapping(value)
    if isinstance(value, tuple | list):
        return [_to_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"value={value!r} must be a plain value, a tuple of these or a dataclass")


def _from_plain(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - any field type
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return _from_plain(inner, value, where)
    if origin is typing.Literal:
        if value not in arguments:
            raise ConfigError(not_among(where, value, map(str, arguments)))
        return value
    if origin is tuple:
        return _tuple_from_plain(arguments, value, where)
    if dataclasses.is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise ConfigError(f"{where}={value!r} must be a table of keys and values")
        return from_mapping(typing.cast("type[Any]", hint), value)
    return _scalar_from_plain(hint, value, where)


def _tuple_from_plain(arguments: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:  # noqa: ANN401
    if not isinstance(value, list | tuple):
        raise ConfigError(f"{where}={value!r} must be a list")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_from_plain(arguments[0], item, where) for item in value)
    if len(value) != len(arguments):
        raise ConfigError(f"{where}={value!r} must have {len(arguments)} values")
    return tuple(
        _from_plain(hint, item, where) for hint, item in zip(arguments, value, strict=True)
    )


def _scalar_from_plain(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError as error:
            raise ConfigError(f"{where} must be a number that a float can hold") from error
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise ConfigError(f"{where}={value!r} must be of type {hint.__name__}")
    return value
