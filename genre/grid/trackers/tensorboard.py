"""Curves for TensorBoard: files of events, a folder for each run, in ``<experiment>/tensorboard``.

Of a run that is taken up again the files are written anew: its history holds all of its epochs, and
TensorBoard would draw those that two files have twice.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tensorboard.summary import Writer


class TensorBoardTracker:
    """Writes what TensorBoard reads.

    Parameters
    ----------
    folder : Path
        Of the experiment.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tensorboard"
        self._writers: dict[str, Writer] = {}

    def begin(self, name: str, options: Mapping[str, object]) -> None:
        """Start a run's curves.

        Parameters
        ----------
        name : str
            Of the run; TensorBoard lists it so.
        options : mapping of str to object
            Not kept: this format has a place for figures alone.
        """
        del options
        from tensorboard.summary import Writer

        folder = self._folder / name
        for old in folder.glob("events.out.tfevents.*"):
            old.unlink()
        self._writers[name] = Writer(str(folder))

    def log(self, name: str, step: int, figures: Mapping[str, float]) -> None:
        """Add an epoch.

        Parameters
        ----------
        name : str
            Of the run.
        step : int
            The epoch, from 1.
        figures : mapping of str to float
            What it measured.
        """
        for figure, value in figures.items():
            self._writers[name].add_scalar(figure, value, step)
        self._writers[name].flush()

    def end(self, name: str, *, is_done: bool) -> None:
        """Close a run's file.

        Parameters
        ----------
        name : str
            Of the run.
        is_done : bool
            Whether it was trained to its end, which this format does not tell.
        """
        del is_done
        self._writers.pop(name).close()
