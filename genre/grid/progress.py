"""The bar on the terminal while a grid trains."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import fmean
from typing import Any, TextIO

from tqdm import tqdm

from genre.training.history import Epoch

# What changes stands first: a terminal of 80 columns has room for all of it, and cuts the name,
# which was said in a line above.
FORMAT = "{n_fmt}/{total_fmt} |{bar}| ETA {remaining}{postfix}"


class _PacedBar(tqdm):  # type: ignore[type-arg]  # takes none at run time
    """A bar whose time to come is foretold from `pace`, in units a second, where that is known."""

    pace: float | None = None

    @property
    def format_dict(self) -> dict[str, Any]:
        """What tqdm draws from, with our own rate."""
        return {**super().format_dict, "rate": self.pace}


class GridBar:
    """A bar over the epochs of all runs, with loss, F1 and accuracy of the latest.

    Until a run has ended, the time to come is foretold from what the epochs themselves took: what a
    run spends on its start, and on its end, is a small part of the whole, but not of the first two
    epochs. From then on, it is foretold from all the time that has passed.

    Parameters
    ----------
    n_epochs : int
        The most there will be, of all runs together.
    n_at_a_time : int
        Runs that are trained side by side.
    is_shown : bool
        Whether it is drawn at all.
    file : TextIO, optional
        Where to draw; by default the standard error.
    width : int, optional
        In columns; by default that of the terminal.
    """

    def __init__(
        self,
        n_epochs: int,
        *,
        n_at_a_time: int,
        is_shown: bool,
        file: TextIO | None = None,
        width: int | None = None,
    ) -> None:
        self._n_epochs = n_epochs
        self._n_before, self._has_ended = 0, False
        self._n_at_a_time = n_at_a_time
        self._seen: dict[str, int] = {}
        self._first_seconds: list[float] = []
        self._later_seconds: list[float] = []
        self._bar = _PacedBar(
            total=n_epochs,
            bar_format=FORMAT,
            disable=not is_shown,
            file=file,
            ncols=width,
            dynamic_ncols=width is None,
        )

    def show(self, name: str, history: Sequence[Epoch]) -> None:
        """Draw how far a run has come.

        Parameters
        ----------
        name : str
            Of the run.
        history : sequence of Epoch
            Its epochs so far, those before an interruption among them.
        """
        before = self._seen.get(name, 0)
        if len(history) == before:
            return
        if name not in self._seen:
            self._n_before += len(history) - 1
            self._bar.initial = self._n_before  # these took no time of this bar
            self._first_seconds.append(history[-1].seconds)
        else:
            self._later_seconds += [epoch.seconds for epoch in history[before:]]
        self._seen[name] = len(history)
        if not self._has_ended:
            # The first pays for what is set up once.
            seconds = fmean(self._later_seconds or self._first_seconds)
            self._bar.pace = self._n_at_a_time / max(seconds, 1e-9)
        self._bar.set_postfix_str(f"{history[-1].in_short}, {name}", refresh=False)
        self._bar.update(len(history) - before)
        self._bar.refresh()

    def end(self, *, n_spared: int) -> None:
        """Take note of a run's end.

        Parameters
        ----------
        n_spared : int
            Epochs that an early stop has spared.
        """
        self._bar.pace = None
        self._has_ended = True
        self._n_epochs -= n_spared
        self._bar.total = self._n_epochs
        self._bar.refresh()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let something be said above the bar."""
        with self._bar.external_write_mode():
            yield

    def __enter__(self) -> "GridBar":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()
