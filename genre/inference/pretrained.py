"""Where a pre-trained network comes from and what its licence asks: kept with whatever uses it."""

from collections.abc import Iterable
from dataclasses import dataclass

from genre.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Pretrained:
    """A pre-trained network that a bundle is, or is built on.

    Parameters
    ----------
    name : str
        As the user calls it, such as musicnn; never empty.
    source : str
        Where it was had from: a package, or a file.
    version : str
        Of the source; may be empty.
    sha256 : str
        Of the file that was had, in hexadecimal digits.
    licence : str
        Name of the licence of its weights.
    attribution : str
        Who made it, as its licence wants it said; may be empty.
    """

    name: str
    source: str
    version: str = ""
    sha256: str = ""
    licence: str = ""
    attribution: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ConfigError(f"name={self.name!r} must name the pre-trained network")


def licence_note(networks: Iterable[Pretrained]) -> str:
    """Write in words what stands on whose licence.

    Parameters
    ----------
    networks : iterable of Pretrained
        Those of a bundle; none gives no words.
    """
    said = []
    for one in networks:
        source = f"{one.source} {one.version}".strip()
        said.append(
            f"Pre-trained network {one.name} ({source}): licence {one.licence or 'unknown'}"
        )
        said[-1] += f"; {one.attribution}." if one.attribution else "."
    return " ".join(said)
