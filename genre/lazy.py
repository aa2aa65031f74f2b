"""Names that a package offers and imports when they are first asked for.

Torch, pandas and matplotlib take seconds to import, and most callers need one name of many.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from sys import modules

__all__ = ["offer"]


def offer(
    package: str, homes: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make the ``__getattr__`` and the ``__dir__`` of a package's ``__init__.py``.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    homes : mapping of str to sequence of str
        From each module, by its name below the package, to the names that are taken from it.

    Returns
    -------
    tuple of two callables
        For ``__getattr__, __dir__ = offer(__name__, {…})``; beside it, the same imports stand under
        ``if TYPE_CHECKING:`` for type checkers.

    Examples
    --------
    >>> get, names = offer("genre", {"wording": ["counted"]})
    >>> get("counted")(2, "track")
    '2 tracks'
    >>> "counted" in names()
    True
    """
    module_of = {name: module for module, names in homes.items() for name in names}

    def _get(name: str) -> object:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        # Here, so that importing a package stays cheap.
        from genre.extras import explained

        with explained():
            module = import_module(f"{package}.{module_of[name]}")
        return getattr(module, name)

    def _list() -> list[str]:
        return sorted({*vars(modules[package]), *module_of})

    return _get, _list
