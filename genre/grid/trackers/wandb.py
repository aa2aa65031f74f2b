"""Curves for Weights & Biases: a run for each, kept in ``<experiment>/wandb``.

They stay on this machine, for ``wandb sync`` to send, unless ``WANDB_MODE=online`` says otherwise.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from wandb.sdk.wandb_run import Run


class WandbTracker:
    """Writes runs of Weights & Biases.

    Parameters
    ----------
    folder : Path
        Of the experiment; its name is that of the project.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: dict[str, Run] = {}

    def begin(self, name: str, options: Mapping[str, object]) -> None:
        """Start a run.

        Parameters
        ----------
        name : str
            Of the run.
        options : mapping of str to object
            What it is trained with: the run's config.
        """
        os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
        import wandb

        mode = cast("Literal['online', 'offline']", os.environ.get("WANDB_MODE", "offline"))
        self._folder.mkdir(parents=True, exist_ok=True)
        self._runs[name] = wandb.init(
            project=self._folder.resolve().name,
            name=name,
            dir=self._folder,
            config=dict(options),
            mode=mode,
            reinit="create_new",  # several are trained side by side
            settings=wandb.Settings(
                silent=True,
                console="off",
                disable_git=True,
                save_code=False,
                x_disable_meta=True,
                x_disable_stats=True,
            ),
        )

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
        self._runs[name].log(dict(figures), step=step)

    def end(self, name: str, *, is_done: bool) -> None:
        """End a run.

        Parameters
        ----------
        name : str
            Of the run.
        is_done : bool
            Whether it was trained to its end; if not, it is shown as failed.
        """
        self._runs.pop(name).finish(exit_code=0 if is_done else 1)
