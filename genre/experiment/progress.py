"""The bar on the terminal while a network trains."""

from typing import TextIO

from tqdm import tqdm

from genre.training.history import Epoch

# What changes stands first: a terminal of 80 columns has room for all of it, and cuts the name,
# which was said in the line above.
FORMAT = "{n_fmt}/{total_fmt} |{bar}| ETA {remaining}{postfix}, {desc}"


class EpochBar:
    """A bar with loss, F1, accuracy and the time to come.

    Parameters
    ----------
    n_epochs : int
        The most there will be.
    name : str
        Of the run.
    is_shown : bool
    file : TextIO, optional
        Where to draw; by default the standard error.
    width : int, optional
        In columns; by default that of the terminal.
    """

    def __init__(
        self,
        n_epochs: int,
        name: str,
        *,
        is_shown: bool,
        file: TextIO | None = None,
        width: int | None = None,
    ) -> None:
        self._bar = tqdm(
            total=n_epochs,
            desc=name,
            bar_format=FORMAT,
            disable=not is_shown,
            file=file,
            ncols=width,
            dynamic_ncols=width is None,
        )

    def show(self, history: tuple[Epoch, ...]) -> None:
        """Draw what the epochs so far have come to."""
        self._bar.set_postfix_str(history[-1].in_short, refresh=False)
        self._bar.update(len(history) - self._bar.n)
        self._bar.refresh()

    def __enter__(self) -> "EpochBar":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()
