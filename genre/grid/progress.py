"""The bar on the terminal while a grid trains."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from tqdm import tqdm

from genre.training.history import Epoch

# What changes stands first: a terminal of 80 columns has room for all of it, and cuts the name,
# which was said in a line above.
FORMAT = "{n_fmt}/{total_fmt} |{bar}| ETA {remaining}{postfix}"


class GridBar:
    """A bar over the epochs of all runs, with loss, F1 and accuracy of the latest.

    Parameters
    ----------
    n_epochs : int
        The most there will be, of all runs together.
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
        is_shown: bool,
        file: TextIO | None = None,
        width: int | None = None,
    ) -> None:
        self._n_epochs = n_epochs
        self._n_before = 0
        self._seen: dict[str, int] = {}
        self._bar = tqdm(
            total=n_epochs,
            bar_format=FORMAT,
            disable=not is_shown,
            file=file,
            ncols=width,
            dynamic_ncols=width is None,
            # Epochs of several runs come in bursts: only their mean time tells what is to come.
            smoothing=0,
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
        self._seen[name] = len(history)
        self._bar.set_postfix_str(f"{history[-1].in_short}, {name}", refresh=False)
        self._bar.update(len(history) - before)
        self._bar.refresh()

    def leave_out(self, n_epochs: int) -> None:
        """Take off the epochs that an early stop has spared."""
        self._n_epochs -= n_epochs
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
