"""Registries, and the modules of other people that add to them.

A registry is a dict from a name to an entry that knows all there is to know of it. A plug-in is a
module, installed or a single ``.py`` file, that puts entries of its own into registries when it is
imported; nothing else has to change:

    from genre.training.losses import LOSSES
    LOSSES["mine"] = …

Worker processes import the same plug-ins, runs and bundles name them. Installed packages are found
by the entry-point group ``genre.plugins``.
"""

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from genre.errors import ConfigError
from genre.hashing import hash_file
from genre.suggestions import not_among

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["Plugin", "Registry", "active_plugins", "load_plugins"]

Entry = TypeVar("Entry")

GROUP = "genre.plugins"


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A module that adds to registries.

    Parameters
    ----------
    name : str
        What records and bundles call it: its importable name, or the name of its file.
    source : str
        Where another process finds it: the importable name, or the whole path of the file.
    sha256 : str
        Of its file, 64 hexadecimal digits; empty where it is not a file of its own.
    """

    name: str
    source: str
    sha256: str


_loaded: dict[str, Plugin] = {}
_loading: list[Plugin] = []  # innermost last: one may import another


class Registry(dict[str, Entry], Generic[Entry]):
    """Entries by name; a name stands for one entry, and the registry knows who added it.

    Parameters
    ----------
    what : str
        What an entry is, in messages: the name of the option.
    entries : mapping of str to entry
        Those of the package itself.

    Examples
    --------
    >>> registry = Registry("loss", {"bce": 1.0})
    >>> registry["mine"] = 2.0
    >>> registry.find("bce")
    1.0
    >>> registry.find("other")
    Traceback (most recent call last):
        ...
    genre.errors.ConfigError: loss='other' must be one of: bce, mine
    """

    def __init__(self, what: str, entries: Mapping[str, Entry]) -> None:
        super().__init__(entries)
        self.what = what
        self._origin: dict[str, Plugin] = {}

    def __setitem__(self, name: str, entry: Entry) -> None:
        if name in self and self[name] is not entry:
            raise ConfigError(f"{self.what}={name!r} must have another name: it is there already")
        if _loading:
            self._origin[name] = _loading[-1]
        super().__setitem__(name, entry)

    def find(self, name: str) -> Entry:
        """Look an entry up.

        Parameters
        ----------
        name : str
            As options and files know it.

        Raises
        ------
        ConfigError
            On an unknown name, with the known ones.
        """
        if name not in self:
            raise ConfigError(not_among(self.what, name, self))
        return self[name]

    def origin(self, name: str) -> Plugin | None:
        """Return the plug-in that an entry comes from; None for the package's own.

        Parameters
        ----------
        name : str
            Of an entry.
        """
        return self._origin.get(name)


def load_plugins(names: Iterable[str] = ()) -> tuple[Plugin, ...]:
    """Import plug-ins, each once: those of installed packages, then those that are named.

    Parameters
    ----------
    names : iterable of str
        Importable names, or paths of ``.py`` files.

    Returns
    -------
    tuple of Plugin
        All that are loaded by now.

    Raises
    ------
    ConfigError
        On one that is not there or cannot be imported, or that takes a name already in use. A
        mistake within its code is raised as it is.
    """
    installed = sorted({entry.value.partition(":")[0] for entry in entry_points(group=GROUP)})
    for name in (*installed, *names):
        _load(name)
    return active_plugins()


def active_plugins() -> tuple[Plugin, ...]:
    """List the plug-ins that are loaded, in the order of their loading."""
    return tuple(_loaded.values())


def entry_points(*, group: str) -> Iterable["EntryPoint"]:
    """Find what installed packages offer under a name.

    Parameters
    ----------
    group : str
        Such as ``genre.plugins``.

    Returns
    -------
    iterable of EntryPoint
    """
    # Here and not above: workers import this module, and few of them need a plug-in.
    from importlib.metadata import entry_points as find

    return find(group=group)


def _load(name: str) -> None:
    is_file = name.endswith(".py")
    source = str(Path(name).resolve()) if is_file else name
    if source in _loaded:
        return
    if is_file:
        path = Path(source)
        if not path.is_file():
            raise ConfigError(f"plugin={name!r} must be a module or a .py file that is there")
        plugin = Plugin(name=path.name, source=source, sha256=hash_file(path))
    else:
        plugin = Plugin(name=name, source=source, sha256=_hash_of_module(name))
    _loading.append(plugin)
    try:
        if is_file:
            _import_file(Path(source))
        else:
            importlib.import_module(source)
    except (ImportError, SyntaxError) as error:
        raise ConfigError(f"plugin={name!r} must be importable: {error}") from error
    finally:
        _loading.pop()
    _loaded[source] = plugin


def _hash_of_module(name: str) -> str:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError) as error:
        raise ConfigError(f"plugin={name!r} must be importable: {error}") from error
    if spec is None:
        raise ConfigError(
            f"plugin={name!r} must be importable: there is no such module here (a file is named "
            "with its ending, .py)"
        )
    return hash_file(Path(spec.origin)) if spec.origin and Path(spec.origin).is_file() else ""


def _import_file(path: Path) -> None:
    # The same name in every process, so that what is pickled in one is found in another.
    place = hashlib.sha256(str(path).encode(errors="surrogateescape")).hexdigest()[:8]
    name = f"genre_plugin_{path.stem}_{place}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
