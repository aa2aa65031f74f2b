"""What a long job will take, told from its first part or from a sample of it."""

import time
from dataclasses import dataclass

from genre.wording import counted

# From fewer, the start of the workers would be most of the time.
FEWEST = 50
_SHARE = 0.01
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


@dataclass
class Estimate:
    """Counts what units take, for a job of many.

    Parameters
    ----------
    n_total : int
        Units of the whole job.
    n_done : int
        Units counted so far.
    n_read : int, in bytes
        Read for these.
    n_written : int, in bytes
        Written for these.
    """

    n_total: int
    n_done: int = 0
    n_read: int = 0
    n_written: int = 0

    def __post_init__(self) -> None:
        self._first = self._last = 0.0

    def add(self, *, n_read: int, n_written: int) -> bool:
        """Count a unit that is done.

        Parameters
        ----------
        n_read, n_written : int, in bytes
            Of this unit.

        Returns
        -------
        bool
            Whether it is now that the job's first part is done: one in a hundred units, and enough
            of them.
        """
        self.n_done += 1
        self.n_read += n_read
        self.n_written += n_written
        self._last = time.monotonic()
        self._first = self._first or self._last
        return self.n_done == max(FEWEST, round(_SHARE * self.n_total)) < self.n_total

    @property
    def seconds(self) -> float:
        """What the whole job takes, in seconds, but for the start of the workers."""
        return (self._last - self._first) / max(1, self.n_done - 1) * self.n_total

    @property
    def words(self) -> str:
        """What the whole job takes: time, bytes that are kept, and bytes that are read."""
        times = self.n_total / max(1, self.n_done)
        return (
            f"about {in_time(self.seconds)} for {counted(self.n_total, 'file')}, "
            f"{self.n_total / max(self.seconds, 1e-9):.1f} a second: "
            f"{in_bytes(self.n_written * times)} to keep, {in_bytes(self.n_read * times)} to read"
        )


def in_time(seconds: float) -> str:
    """Write a time in the unit that suits it.

    Parameters
    ----------
    seconds : float, in seconds
        From 0.

    Examples
    --------
    >>> in_time(45), in_time(600), in_time(9000), in_time(1e6)
    ('45 s', '10 min', '2.5 h', '11.6 days')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} days"


def in_bytes(number: float) -> str:
    """Write a number of bytes in the unit that suits it, of a thousand of the next smaller each.

    Parameters
    ----------
    number : float
        From 0.

    Examples
    --------
    >>> in_bytes(999), in_bytes(2304000), in_bytes(2.3e12)
    ('999 B', '2.3 MB', '2.3 TB')
    """
    power = 0
    while number >= 999.5 and power < len(_UNITS) - 1:
        number, power = number / 1000, power + 1
    return f"{number:.0f} B" if not power else f"{number:.1f} {_UNITS[power]}"
