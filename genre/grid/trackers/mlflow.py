"""Curves for MLflow: a run of the experiment for each, on a server or in ``<experiment>/mlflow``.

Where ``MLFLOW_TRACKING_URI`` names a server or a data base, they go there.
"""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow import MlflowClient

# A training does not wait for minutes for a server that is gone, nor tell anybody that it is there.
_OWN_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}


class MlflowTracker:
    """Writes runs of MLflow.

    Parameters
    ----------
    folder : Path
        Of the experiment; its name is that of MLflow's experiment.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client: MlflowClient | None = None
        self._experiment = ""
        self._ids: dict[str, str] = {}

    def begin(self, name: str, options: Mapping[str, object]) -> None:
        """Start a run.

        Parameters
        ----------
        name : str
            Of the run.
        options : mapping of str to object
            What it is trained with: MLflow's parameters.
        """
        client = self._connected()
        run_id = client.create_run(self._experiment, run_name=name).info.run_id
        self._ids[name] = run_id
        from mlflow.entities import Param

        params = [Param(option, str(value)) for option, value in options.items()]
        client.log_batch(run_id, params=params, synchronous=True)

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
        from mlflow.entities import Metric

        now = int(1000 * time.time())
        metrics = [Metric(figure, value, now, step) for figure, value in figures.items()]
        self._connected().log_batch(self._ids[name], metrics=metrics, synchronous=True)

    def end(self, name: str, *, is_done: bool) -> None:
        """End a run.

        Parameters
        ----------
        name : str
            Of the run.
        is_done : bool
            Whether it was trained to its end; if not, MLflow shows it as killed.
        """
        status = "FINISHED" if is_done else "KILLED"
        self._connected().set_terminated(self._ids.pop(name), status=status)

    def _connected(self) -> "MlflowClient":
        if self._client is None:
            for setting, value in _OWN_SETTINGS.items():
                os.environ.setdefault(setting, value)
            address = os.environ.get("MLFLOW_TRACKING_URI", "")
            if not address:
                # What mlflow-skinny can write without a data base; MLflow itself prefers one.
                os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
                address = (self._folder / "mlflow").resolve().as_uri()
            from mlflow import MlflowClient

            self._client = MlflowClient(tracking_uri=address)
            title = self._folder.resolve().name
            there = self._client.get_experiment_by_name(title)
            self._experiment = (
                there.experiment_id if there else self._client.create_experiment(title)
            )
        return self._client
