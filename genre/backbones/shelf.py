"""The folder of pre-trained networks: which are there, found by their names."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from genre.errors import BundleError, ConfigError
from genre.inference.bundle import DESCRIPTION_NAME, Bundle, load_backbone
from genre.inference.writing import write_bundle
from genre.suggestions import did_you_mean

DEFAULT_SHELF = Path("models/backbones")
JOINT = "+"
"""Between the names of networks that hear as one."""
# Not among those that were added.
_JOINED = ".joined"


def names_on(shelf: Path) -> list[str]:
    """List the names of the networks that are there.

    Parameters
    ----------
    shelf : Path
        The folder of backbones; may be absent.
    """
    return sorted(path.parent.name for path in shelf.glob(f"*/{DESCRIPTION_NAME}"))


def check_name(name: str) -> str:
    """Return a name that a backbone can have.

    Parameters
    ----------
    name : str
        It becomes the name of a folder, and a part of names of configurations.

    Raises
    ------
    ConfigError
        On any other than letters, digits and hyphens.
    """
    if not name or not name.isascii() or not name.replace("-", "").isalnum():
        raise ConfigError(f"name={name!r} must be of letters a to z, digits and hyphens")
    return name


def missing_on(shelf: Path, name: str) -> list[str]:
    """List the networks that a name speaks of and that are not there.

    Parameters
    ----------
    shelf : Path
        The folder of backbones; may be absent.
    name : str
        One, or several as ``musicnn+aisfx``; an empty one speaks of none.
    """
    there = names_on(shelf)
    return [part for part in name.split(JOINT) if name and part not in there]


def folder_on(shelf: Path, name: str) -> Path:
    """Locate a pre-trained network; several are joined to one first, and kept as one.

    Parameters
    ----------
    shelf : Path
        The folder of backbones.
    name : str
        One, or several as ``musicnn+aisfx``, which hear as one.

    Returns
    -------
    Path
        For `genre.inference.load_backbone`.

    Raises
    ------
    BundleError
        Where one is not there, with what brings it, or they cannot be joined.
    ConfigError
        On a name that none can have.
    """
    names = [check_name(part) for part in name.split(JOINT)]
    for part in missing_on(shelf, name):
        there = ", ".join(names_on(shelf)) or "none"
        raise BundleError(
            f"backbone={part} must be in {shelf}; there: {there}; {_advice(part, shelf)}"
        )
    if len(names) == 1:
        return shelf / name
    if len(set(names)) < len(names):
        raise ConfigError(f"backbone={name} must name each network once")
    folder = shelf / _JOINED / name
    stamps = tuple((shelf / part / DESCRIPTION_NAME).stat().st_mtime_ns for part in names)
    _keep_joined(folder, tuple(shelf / part for part in names), stamps)
    return folder


def _advice(name: str, shelf: Path) -> str:
    """Look up what brings a network, or which one may be meant."""
    from genre.backbones.catalogue import OFFERS  # which only a mistake needs here

    known = {*OFFERS, *names_on(shelf)}
    if name not in OFFERS and (meant := did_you_mean(name, sorted(known))):
        return f"{meant.removeprefix('; ')} genre backbone list says what can be had"
    return f"genre backbone add {name} brings it, and genre backbone list says what can be had"


@lru_cache(maxsize=16)
def _keep_joined(folder: Path, parts: tuple[Path, ...], stamps: tuple[int, ...]) -> None:  # noqa: ARG001 - of the files that are read
    from genre.backbones.joining import join, licences_of

    networks = [load_backbone(part) for part in parts]
    made_of = {"networks": [network.network_sha256 for network in networks]}
    if folder.is_dir():
        kept = load_backbone(folder)
        if (kept.model_config, kept.licence_text) == (made_of, licences_of(networks)):
            return
    write_bundle(replace(join(networks), model_config=made_of), folder)


def open_backbone(name: str, shelf: Path = DEFAULT_SHELF) -> Bundle:
    """Load a pre-trained network by its name; see `genre.inference.load_backbone`.

    Parameters
    ----------
    name : str
        As `genre backbone list` shows it; or several as ``musicnn+aisfx``, which hear as one.
    shelf : Path
        The folder of backbones.

    Raises
    ------
    BundleError, ConfigError
        As `folder_on`; where it cannot be used, too.
    """
    return load_backbone(folder_on(shelf, name))
