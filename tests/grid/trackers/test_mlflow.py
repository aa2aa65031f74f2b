"""What MLflow itself reads of a run's curves, in a local folder: genre.grid.trackers.mlflow."""

import os
from pathlib import Path

import pytest

from genre.grid.tracking import start_tracking
from tests.epochs import epochs, make_epoch


def test_runs_have_parameters_curves_and_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder = tmp_path / "demo"
    told = start_tracking("mlflow", folder, {"a/seed0": {"seed": 0, "training.epochs": 2}})
    told.show("a/seed0", epochs(1))
    told.show("b/seed0", [make_epoch(1, val_macro_ap=float("nan"))])
    told.show("a/seed0", [make_epoch(1), make_epoch(2, val_macro_ap=0.7)])
    told.end("a/seed0", is_done=True)
    told.close()

    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=(folder / "mlflow").as_uri())
    experiment = client.get_experiment_by_name("demo")
    assert experiment is not None
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    assert {name: run.info.status for name, run in runs.items()} == {
        "a/seed0": "FINISHED",
        "b/seed0": "KILLED",
    }
    assert runs["a/seed0"].data.params == {"seed": "0", "training.epochs": "2"}
    curve = client.get_metric_history(runs["a/seed0"].info.run_id, "val_macro_ap")
    assert [(point.step, point.value) for point in curve] == [(1, 0.6), (2, 0.7)]
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
