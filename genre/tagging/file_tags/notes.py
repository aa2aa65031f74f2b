"""A field beside the genre that says who wrote it: which model, and when.

The name of the field is its user's choice. One of that name which says something else is the
owner's own and stays: the file is then left as it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from genre.errors import ConfigError
from genre.wording import printable

__all__ = ["Note"]

# What ID3, APE, Vorbis comments and MP4 can all have as the name of a field.
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{1,39}")
_RESERVED = frozenset({"genre", "tag", "id3", "oggs"})
_OURS = re.compile(r"model=.+; bundle=[0-9a-f]{64}; date=\d{4}-\d\d-\d\d")


@dataclass(frozen=True, kw_only=True)
class Note:
    """What is written beside the genres of a file.

    Parameters
    ----------
    field : str
        Name of the field: of letters, digits, ``_`` and ``-``.
    model : str
        What the model is called.
    bundle_sha256 : str
        64 hexadecimal digits, of the file that describes it.
    date : str
        The day, as 2026-11-28.

    Raises
    ------
    ConfigError
        Where no file could have a field of that name.
    """

    field: str
    model: str
    bundle_sha256: str
    date: str

    def __post_init__(self) -> None:
        if not _FIELD.fullmatch(self.field) or self.field.casefold() in _RESERVED:
            raise ConfigError(
                f"provenance={printable(self.field)} must be the name of a field, of 2 to 40 "
                "letters, digits, _ and -, such as GENRE_MODEL"
            )

    @property
    def text(self) -> str:
        """What the field says."""
        return f"model={self.model}; bundle={self.bundle_sha256}; date={self.date}"

    def is_named(self, field: str) -> bool:
        """Whether a field has the name of this one; capitals make no difference.

        Parameters
        ----------
        field : str
            The name of another.
        """
        return field.casefold() == self.field.casefold()

    def check_free(self, texts: Iterable[str]) -> None:
        """Refuse to take the place of what somebody else wrote.

        Parameters
        ----------
        texts : iterable of str
            What fields of this name say already.

        Raises
        ------
        ValueError
            Where one of them is no note.
        """
        if not all(_OURS.fullmatch(text) for text in texts):
            raise ValueError(
                f"its field {self.field} says something of its own, which stays; name another with "
                "--provenance"
            )
