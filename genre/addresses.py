"""Places that are no paths: addresses such as ``s3://bucket/music/a.flac``.

An address is text and nothing more: nobody is asked anything, and no package is needed for it.
`genre.remote` opens what lies there.
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

__all__ = ["Address", "Place", "here", "is_address", "place"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_ASKS = ("http", "https")  # of these, what follows a ? or # is no name


def is_address(text: str) -> bool:
    """Check whether text begins as an address does: ``scheme://``.

    Parameters
    ----------
    text : str
        Of an option, or of a cell of a manifest.
    """
    return "://" in text and _SCHEME.match(text) is not None


@dataclass(frozen=True, order=True, slots=True)
class Address:
    """Where something lies that is not a file of this machine, as `fsspec` writes it.

    Parameters
    ----------
    text : str
        ``scheme://…``.
    """

    text: str

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, name: str) -> "Address":
        return Address(f"{self.text.rstrip('/')}/{name}")

    @property
    def scheme(self) -> str:
        """What stands before ``://``, in small letters."""
        return self.text.partition("://")[0].lower()

    @property
    def name(self) -> str:
        """The last part, as of a path."""
        return self._pure.name

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return self._pure.stem

    @property
    def suffix(self) -> str:
        """The ending of the name, with its point; empty where there is none."""
        return self._pure.suffix

    @property
    def parent(self) -> "Address":
        """The folder that it lies in; of the top itself, the same."""
        head, _, last = self.text.rstrip("/").rpartition("/")
        return self if not last or head.endswith(("/", ":")) else Address(head)

    @property
    def parents(self) -> tuple["Address", ...]:
        """The folders that it lies in, the nearest first, as of a path."""
        found = [self.parent]
        while found[-1].parent != found[-1]:
            found.append(found[-1].parent)
        return tuple(found)

    def as_posix(self) -> str:
        """Return the text, as of a path."""
        return self.text

    @property
    def _pure(self) -> PurePosixPath:
        below = self.text.partition("://")[2]
        if self.scheme in _ASKS:
            below = re.split(r"[?#]", below, maxsplit=1)[0]
        return PurePosixPath(below)


Place = Path | Address


def place(text: str | Path | Address) -> Place:
    """Read where something lies.

    Parameters
    ----------
    text : str, Path or Address
        As a user wrote it. A path made of an address would have lost a slash.

    Examples
    --------
    >>> place("s3://bucket/a.csv")
    Address(text='s3://bucket/a.csv')
    >>> place("music/a.csv").name
    'a.csv'
    """
    if isinstance(text, str):
        return Address(text) if is_address(text) else Path(text)
    return text


def here(where: Place) -> Path:
    """Take a place for a path, where nothing else can be.

    Parameters
    ----------
    where : Path or Address
        A path.

    Raises
    ------
    TypeError
        On an address.
    """
    if isinstance(where, Address):
        raise TypeError(f"{where} must be a path")
    return where
