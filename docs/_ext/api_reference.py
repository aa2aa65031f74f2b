"""The reference of a room: what its `__all__` offers, in a table and then one by one."""

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

_PAGES = Path(__file__).resolve().parents[1] / "reference" / "api"
_SHORT = 60


def api_of(room: str) -> str:
    """Write the Markdown of a room, in which autosummary and autodoc read the docstrings.

    Parameters
    ----------
    room : str
        A package, such as genre.evaluation.

    Returns
    -------
    str
    """
    offered = _offered(room)
    described = [name for name, value in offered.items() if _is_described(value)]
    lines = [f".. automodule:: {room}", "   :no-members:", ""]
    if described:
        lines += [".. autosummary::", "", *(f"   {name}" for name in sorted(described)), ""]
    for name, value in offered.items():
        lines += [*_entry(room, name, value), ""]
    return "```{eval-rst}\n" + "\n".join(lines) + "```\n"


def _offered(room: str) -> dict[str, object]:
    module = import_module(room)
    return {name: getattr(module, name) for name in module.__all__ if name[:2] != "__"}


@cache
def _first_rooms() -> dict[int, str]:
    """Find the room that describes a thing, where several offer it: by the thing's identity."""
    found: dict[int, str] = {}
    for room in sorted(path.stem for path in _PAGES.glob("*.md")):
        for value in _offered(room).values():
            found.setdefault(id(value), room)
    return found


def _is_described(value: object) -> bool:
    return inspect.isclass(value) or inspect.isroutine(value)


def _entry(room: str, name: str, value: object) -> Iterator[str]:
    if not _is_described(value):  # a registry, or a number: autodoc would describe its type
        yield f".. py:data:: {name}"
        yield from ("", f"   {_content(value)}")
        return
    yield f".. {'autoclass' if inspect.isclass(value) else 'autofunction'}:: {name}"
    if _first_rooms()[id(value)] != room:
        yield "   :no-index:"


def _content(value: object) -> str:
    if isinstance(value, Mapping):
        return f"By name: {', '.join(f'``{key}``' for key in value)}."
    text = repr(value)
    return f"``{text}``" if len(text) <= _SHORT else f"Of type ``{type(value).__name__}``."
