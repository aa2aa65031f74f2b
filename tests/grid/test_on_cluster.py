"""Runs on a cluster, apart from the cluster; tests/test_cluster_losses.py has the rest."""

import pickle
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch

from genre.errors import ConfigError, DatasetError, ExecutionError, ExecutionErrorKind, GenreError
from genre.execution import ExecutionConfig, Outcome, WorkerPool
from genre.grid import GridConfig, on_cluster
from genre.grid.on_cluster import TrainGroup, cores_each, device_of
from genre.training.history import Epoch

CLUSTER = ExecutionConfig(cluster="auto")


def cluster_of(*cores: int) -> ModuleType:
    ray = ModuleType("ray")
    nodes = [{"Alive": True, "Resources": {"CPU": float(number)}} for number in cores]
    ray.__dict__["nodes"] = lambda: [*nodes, {"Alive": False, "Resources": {"CPU": 64.0}}]
    return ray


@pytest.mark.parametrize(
    ("cores", "n_at_a_time", "n_runs", "expected"),
    [
        ((8, 8), 0, 40, 1),  # a run for each core
        ((8, 8), 0, 4, 4),
        ((8, 8), 2, 40, 8),
        ((8, 8), 1, 40, 8),  # a run stays on one machine
        ((0, 8, 2), 0, 2, 2),
        ((0, 1), 0, 8, 1),
    ],
)
def test_cores_of_a_run(
    cores: tuple[int, ...], n_at_a_time: int, n_runs: int, expected: int
) -> None:
    assert cores_each(cluster_of(*cores), n_at_a_time=n_at_a_time, n_runs=n_runs) == expected


def test_the_device_is_the_one_asked_for() -> None:
    here = GridConfig(device="cpu")
    assert device_of(here) == torch.device("cpu")
    there = replace(here, execution=CLUSTER)
    assert device_of(replace(there, device="auto")) == torch.device("cpu")
    assert device_of(replace(there, device="cuda")) == torch.device("cuda")
    with pytest.raises(ConfigError, match="hours=2 must come without --cluster"):
        device_of(replace(there, hours=2.0))


def test_a_worker_trains_with_its_threads_and_keeps_what_went_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[object] = []

    def train(run: str, corpus: str, split: int, *, device: torch.device) -> SimpleNamespace:
        seen.append((run, corpus, split, device, torch.get_num_threads()))
        if run == "bad":
            raise DatasetError("no tracks")
        return SimpleNamespace(n_epochs=7)

    monkeypatch.setattr(on_cluster, "train_run", train)
    before = torch.get_num_threads()
    work = TrainGroup(pickle.dumps(("corpus", False)), device="cpu", n_threads=1)
    try:
        with WorkerPool() as pool:
            good, bad = work([("good", 0), ("bad", 1)], pool)  # type: ignore[list-item]
    finally:
        torch.set_num_threads(before)
    assert (good.result, good.error) == (7, None)
    assert isinstance(bad.error, DatasetError)
    cpu = torch.device("cpu")
    assert seen == [("good", "corpus", 0, cpu, 1), ("bad", "corpus", 1, cpu, 1)]


def test_a_run_that_takes_its_workers_along_is_named() -> None:
    lost = ExecutionError(ExecutionErrorKind.CRASHED, "unit was alone")
    run = SimpleNamespace(folder=Path("results/x/seed0"))
    outcome: Outcome[Any, int] = Outcome((run, None), None, lost)
    with pytest.raises(GenreError, match="run=results/x/seed0 made its worker on the cluster end"):
        on_cluster._ended(outcome, SimpleNamespace())  # type: ignore[arg-type]


def test_epochs_are_read_from_the_run_s_folder(tmp_path: Path) -> None:
    names = Epoch.__dataclass_fields__
    needed = [name for name in names if name not in ("val_track_accuracy", "val_log_loss")]
    path = tmp_path / "history.csv"
    assert on_cluster._history(path) == ()
    path.write_text(",".join(needed) + "\n" + ",".join("1" for _ in needed) + "\n")
    (epoch,) = on_cluster._history(path)
    assert (epoch.epoch, epoch.seconds, epoch.val_log_loss) == (1, 1.0, None)
    path.write_text("epoch,something\n1,2\n")
    assert on_cluster._history(path) == ()
