"""Parts of a job for many machines, each of which takes its own and knows of no other.

A unit belongs to part SHA-256(name) mod N, so that nothing is read to know whose it is, and units
that are added move no other.
"""

import hashlib
import re
from dataclasses import dataclass

from genre.errors import ConfigError


@dataclass(frozen=True)
class Shard:
    """One part of a job.

    Parameters
    ----------
    number : int
        Which part, from 0.
    count : int
        How many there are.
    """

    number: int = 0
    count: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.number < self.count:
            raise ConfigError(
                f"shard={self} must be I/N with I from 0 to N - 1, such as 0/16 and 15/16"
            )

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read ``3/16``.

        Parameters
        ----------
        text : str
            The number of the part, a slash, and how many there are.

        Raises
        ------
        ConfigError
            On anything else.
        """
        found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
        if found is None:
            raise ConfigError(f"shard={text!r} must be I/N, such as 0/16 and 15/16")
        return cls(int(found[1]), int(found[2]))

    def holds(self, name: str) -> bool:
        """Decide whether a unit is of this part.

        Parameters
        ----------
        name : str
            What the unit is called on every machine.
        """
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest) % self.count == self.number
