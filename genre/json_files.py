"""JSON that comes from outside: one reader, with limits, for every room.

Files, requests and journals are written by others or changed by hand. What is refused here, with a
`ValueError` as `json` itself raises, would end a program elsewhere: nesting that the interpreter's
stack cannot hold, numbers that no float can hold, and a key that is there twice, of which `json`
takes the last in silence.
"""

import json
import math
import stat
from pathlib import Path
from typing import Any

__all__ = ["load_json", "parse_json"]

MB = 2**20
MAX_MB = 64
"""Larger than any description, record or sidecar."""
MAX_INDEX_MB = 4096
"""For files with a line or so of every track of a collection: ten million tracks."""
MAX_DEPTH = 64
"""What this program writes is nested 6 deep."""
_MAX_DIGITS = 300  # of a whole number: a float holds up to 1e308


def load_json(path: Path, *, max_mb: int = MAX_MB) -> Any:  # noqa: ANN401 - any JSON
    """Read a JSON file.

    Parameters
    ----------
    path : Path
        UTF-8, with or without a byte order mark.
    max_mb : int, in MB
        The largest file that is read.

    Returns
    -------
    plain value

    Raises
    ------
    OSError
        Where the file cannot be read.
    ValueError
        Where it is no regular file, or what `parse_json` refuses.
    """
    # Before it is opened, as a named pipe would have us wait for whoever writes.
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError("it must be a regular file")
    with path.open("rb") as file:
        return parse_json(file.read(max_mb * MB + 1), max_mb=max_mb)


def parse_json(text: str | bytes, *, max_mb: int = MAX_MB) -> Any:  # noqa: ANN401 - any JSON
    r"""Read a JSON text.

    Parameters
    ----------
    text : str or bytes
        Bytes are UTF-8, with or without a byte order mark.
    max_mb : int, in MB
        The largest text that is read.

    Returns
    -------
    plain value

    Raises
    ------
    ValueError
        Where it is too large, no JSON, no UTF-8, nested more than `MAX_DEPTH` deep, or holds NaN,
        Infinity, a number that a float cannot hold, or a key twice in one object.

    Examples
    --------
    >>> parse_json('{"seed": 1}')
    {'seed': 1}
    >>> parse_json("[NaN]")
    Traceback (most recent call last):
        ...
    ValueError: it holds NaN, which is no number of JSON
    """
    if len(text) > max_mb * MB:
        raise ValueError(f"it must have at most {max_mb} MB")
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    try:
        value = json.loads(
            text.removeprefix("\ufeff"),
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
            object_pairs_hook=_object,
        )
    except RecursionError:  # its own traceback is as deep as the stack
        raise _too_deep() from None
    _check_depth(value)
    return value


def _check_depth(value: object) -> None:
    # Level by level: what is parsed may still be too deep for those who walk through it.
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> ValueError:
    return ValueError(f"it must be nested at most {MAX_DEPTH} deep")


def _no_number(name: str) -> float:
    raise ValueError(f"it holds {name}, which is no number of JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"it holds {digits[:20]}, which is more than a number can be")
    return value


def _whole(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"it holds a number of {len(digits)} digits")
    return int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it holds the key {twice[:40]!r} twice")
    return values
