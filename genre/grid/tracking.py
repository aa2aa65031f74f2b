"""The epochs of a grid on their way to a tracker, which may fail without harm to the training.

All runs report to the process that started them, wherever they are trained, and it alone speaks to
the tracker.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol

from genre.extras import need
from genre.training.history import Epoch

logger = logging.getLogger(__name__)

TrackerName = Literal["none", "tensorboard", "mlflow", "wandb"]
_CLASSES = {
    "tensorboard": "TensorBoardTracker",
    "mlflow": "MlflowTracker",
    "wandb": "WandbTracker",
}


class Tracker(Protocol):
    """What a tracker can do; see `genre.grid.trackers`."""

    def begin(self, name: str, options: Mapping[str, object]) -> None:
        """Start a run."""

    def log(self, name: str, step: int, figures: Mapping[str, float]) -> None:
        """Add an epoch to it."""

    def end(self, name: str, *, is_done: bool) -> None:
        """End it."""


def start_tracking(
    tracker: TrackerName, folder: Path, options: Mapping[str, Mapping[str, object]]
) -> "Tracking":
    """Make a tracker ready.

    Parameters
    ----------
    tracker : none, tensorboard, mlflow or wandb
        Which one.
    folder : Path
        Of the experiment.
    options : mapping of str to mapping
        By run, what it is trained with.
    """
    if tracker == "none":
        return Tracking(None)
    module = import_module(f"genre.grid.trackers.{tracker}")
    return Tracking(getattr(module, _CLASSES[tracker])(folder), options=options)


def check_tracker(tracker: TrackerName) -> None:
    """Make sure that the library of a tracker is there, before any work is done.

    Parameters
    ----------
    tracker : none, tensorboard, mlflow or wandb
        Which one.

    Raises
    ------
    MissingPackageError
        With the extra to install.
    """
    if tracker != "none":
        need(tracker)


class Tracking:
    """Passes epochs on, each once; a tracker that fails is left alone from then on.

    Parameters
    ----------
    tracker : Tracker or None
        None for nobody.
    options : mapping of str to mapping, optional
        By run, what it is trained with.
    """

    def __init__(
        self, tracker: Tracker | None, *, options: Mapping[str, Mapping[str, object]] | None = None
    ) -> None:
        self._tracker, self._options = tracker, options or {}
        self._n_logged: dict[str, int] = {}

    def show(self, name: str, history: Sequence[Epoch]) -> None:
        """Pass on what is new.

        Parameters
        ----------
        name : str
            Of the run.
        history : sequence of Epoch
            Its epochs so far, those before an interruption among them.
        """
        tracker = self._tracker
        if tracker is None:
            return
        if name not in self._n_logged:
            self._n_logged[name] = 0
            self._try(tracker.begin, name, self._options.get(name, {}))
        for epoch in history[self._n_logged[name] :]:
            figures = {key: value for key, value in epoch.row.items() if key != "epoch"}
            self._try(tracker.log, name, epoch.epoch, figures)
        self._n_logged[name] = len(history)

    def end(self, name: str, *, is_done: bool) -> None:
        """End a run.

        Parameters
        ----------
        name : str
            Of the run.
        is_done : bool
            Whether it was trained to its end.
        """
        if self._tracker is not None and self._n_logged.pop(name, None) is not None:
            self._try(self._tracker.end, name, is_done=is_done)

    def close(self) -> None:
        """End the runs that have not ended."""
        for name in list(self._n_logged):
            self.end(name, is_done=False)

    def _try(self, job: Callable[..., None], *values: Any, **options: Any) -> None:  # noqa: ANN401
        if self._tracker is None:  # it has failed just before
            return
        try:
            job(*values, **options)
        except Exception as error:  # whatever library it is: each has errors of its own kinds
            self._tracker = None
            logger.warning(
                "the tracker has failed, and training goes on without it: %s",
                " ".join(str(error).split()) or type(error).__name__,
            )
