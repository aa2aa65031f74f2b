"""The folder of pre-trained networks: which are there, found by their names."""

from pathlib import Path

from genre.errors import BundleError, ConfigError
from genre.inference.bundle import DESCRIPTION_NAME, Bundle, load_backbone

DEFAULT_SHELF = Path("models/backbones")


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


def open_backbone(name: str, shelf: Path = DEFAULT_SHELF) -> Bundle:
    """Load a pre-trained network by its name; see `genre.inference.load_backbone`.

    Parameters
    ----------
    name : str
        As `genre backbone list` shows it.
    shelf : Path
        The folder of backbones.

    Raises
    ------
    BundleError
        Where it is not there, with what makes it, or cannot be used.
    """
    if (shelf / check_name(name) / DESCRIPTION_NAME).is_file():
        return load_backbone(shelf / name)
    there = ", ".join(names_on(shelf)) or "none"
    raise BundleError(
        f"backbone={name} must be in {shelf}; there: {there}; genre backbone add {name} brings it, "
        "and genre backbone list says what can be had"
    )
