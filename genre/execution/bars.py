"""A bar on a terminal; elsewhere a plain line now and then, that no later one overwrites."""

import io
import os
import sys
import time
from collections.abc import Iterable
from typing import Any, TextIO

from tqdm import tqdm

from genre.execution.log_lines import is_json_wanted, say
from genre.wording import counted

SECONDS_BETWEEN_LINES = 30.0


def is_live(file: TextIO | None = None) -> bool:
    """Whether what is drawn can be drawn over.

    Parameters
    ----------
    file : TextIO, optional
        Where to draw; by default the standard error.

    Returns
    -------
    bool
        False for files and pipes, for a terminal that cannot move its cursor (``TERM=dumb``), and
        where lines of JSON are wanted.
    """
    stream = sys.stderr if file is None else file
    is_terminal = stream is not None and stream.isatty()  # a program with windows has none
    return is_terminal and os.environ.get("TERM") != "dumb" and not is_json_wanted()


class Bar(tqdm):  # type: ignore[type-arg]  # takes none at run time
    """A bar of tqdm where it can be drawn; a line every half minute where it cannot.

    Parameters
    ----------
    iterable : iterable, optional
        What is passed on while it is counted.
    total : int, optional
        How many there will be.
    unit : str
        What is counted, in the singular.
    desc : str, optional
        What is done.
    disable : bool
        Show nothing.
    delay : float, in seconds
        Draw nothing before.
    file : TextIO, optional
        Where to draw; by default the standard error.
    **options
        Further ones of tqdm.
    """

    def __init__(
        self,
        iterable: Iterable[Any] | None = None,
        *,
        total: int | None = None,
        unit: str = "it",
        desc: str | None = None,
        disable: bool = False,
        delay: float = 0.0,
        file: TextIO | None = None,
        **options: Any,  # noqa: ANN401 - as tqdm has them
    ) -> None:
        self._is_live = not disable and is_live(file)
        self._n_lines, self._spoke = 0, time.monotonic()
        super().__init__(
            iterable,
            total=total,
            unit=unit,
            desc=desc,
            disable=disable,
            delay=delay,
            file=file if self._is_live else io.StringIO(),
            **options,
        )

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:  # type: ignore[override]
        """Draw the bar, or where that cannot be, write a line if the last one is old enough.

        Parameters
        ----------
        msg : str, optional
            What to draw in place of the bar.
        pos : int, optional
            On which line, from the first bar's on.

        Returns
        -------
        bool
            Always True: where a bar is removed, tqdm then returns to the first column.
        """
        if self._is_live:
            super().display(msg, pos)
        elif time.monotonic() - self._spoke >= SECONDS_BETWEEN_LINES:
            self._say()
        return True

    def close(self) -> None:
        """Remove the bar; where lines have been written, a last one says how it ended."""
        was_open = not self.disable
        if was_open and self._n_lines and not self._is_live:
            self._say()
        super().close()

    def _say(self) -> None:
        self._spoke, self._n_lines = time.monotonic(), self._n_lines + 1
        state = self.format_dict
        n, total, elapsed = state["n"], state["total"] or 0, state["elapsed"]
        rate = (n - state["initial"]) / elapsed if elapsed else 0.0
        seconds_left = (total - n) / rate if rate and total else None
        words = [f"{n} of {counted(total, self.unit)}" if total else counted(n, self.unit)]
        words += [f"{rate:.3g} a second"]
        if seconds_left:
            words += [f"{self.format_interval(seconds_left)} left"]
        elif seconds_left == 0:
            words += [f"in {self.format_interval(elapsed)}"]
        words += [str(self.postfix)] if self.postfix else []
        say(
            f"{self.desc.removesuffix(': ') or 'working'}: {', '.join(words)}",
            work=self.desc.removesuffix(": "),
            n_done=n,
            n_total=total,
            unit=self.unit,
            seconds=round(elapsed, 1),
            seconds_left=seconds_left and round(seconds_left, 1),
        )
