"""Runs in processes of their own: the same results, and nothing left behind when they end early."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from genre.addresses import here
from genre.errors import ConfigError, GenreError
from genre.grid import GridConfig, run_grid, side_by_side
from genre.grid.side_by_side import n_side_by_side
from genre.training.config import TrainingConfig
from tests.curves import curve_of
from tests.tiny_grid import tiny

ROOT = Path(__file__).resolve().parents[2]
ENDS = {signal.SIGINT: (130, "interrupted"), signal.SIGTERM: (143, "ended")}
CPU, GPU = torch.device("cpu"), torch.device("cuda")


@pytest.mark.parametrize(
    ("wanted", "n_runs", "device", "expected"),
    [
        (0, 8, CPU, 4),
        (0, 3, CPU, 3),
        (0, 8, GPU, 1),
        (2, 8, GPU, 2),
        (1, 8, CPU, 1),
        (6, 8, CPU, 6),
    ],
)
def test_a_run_for_each_core_and_one_at_a_time_on_a_gpu(
    wanted: int, n_runs: int, device: torch.device, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "_n_cores", lambda: 4)
    assert n_side_by_side(wanted, n_runs=n_runs, device=device) == expected


def test_a_negative_number_of_runs_is_refused() -> None:
    with pytest.raises(ConfigError, match="parallel_runs=-1 must be 0"):
        GridConfig(parallel_runs=-1)


@pytest.fixture
def one_core_each(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give each of two runs one thread, as the tests' own process has for the time being."""
    monkeypatch.setattr(side_by_side, "_n_cores", lambda: 2)
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_core_each")
def test_side_by_side_one_by_one_and_in_parts_end_with_the_same_bytes(
    sample_cut: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = replace(tiny(sample_cut, tmp_path / "one" / "results"), seeds=1)
    run_grid(config, progress=False)
    two = replace(config, out=tmp_path / "two", parallel_runs=2, features="memory")
    two = replace(two, tracker="tensorboard")
    caplog.clear()
    with caplog.at_level("INFO"):
        summary = run_grid(two)
    assert summary.n_trained == 2
    assert caplog.text.count("(1 of 2)") == caplog.text.count("(2 of 2)") == 1
    for name in config.configs:  # what other processes train is tracked by this one
        curve = curve_of(two.folder, f"{name}/seed0", "val_loss")
        rows = (two.folder / name / "seed0" / "history.csv").read_text().splitlines()
        column = rows[0].split(",").index("val_loss")
        assert [value for _, value in curve] == pytest.approx(
            [float(row.split(",")[column]) for row in rows[1:]], rel=1e-6
        )
    # As machines would, each with one of the two runs, and one of them started again.
    parts = replace(config, out=tmp_path / "parts")
    done = [run_grid(replace(parts, shard=f"{k}/5"), progress=False) for k in (1, 1, 2)]
    assert [(each.n_trained, each.n_kept, each.n_left) for each in done] == [
        *((1, 0, 1), (0, 1, 1)),
        (1, 1, 0),
    ]
    assert [each.best for each in done] == ["", "", summary.best]
    for name in config.configs:
        for file in ("bundle/model.safetensors", "scores.npz"):
            path = Path(name) / "seed0" / file
            for other in (two, parts):
                assert (config.folder / path).read_bytes() == (other.folder / path).read_bytes()


@pytest.mark.usefixtures("one_core_each")
def test_a_run_that_fails_ends_the_others_with_its_own_reason(
    sample_cut: Path, tmp_path: Path
) -> None:
    config = replace(
        tiny(sample_cut, tmp_path / "results"),
        parallel_runs=2,
        seeds=1,
        training=TrainingConfig(epochs=2, batch_size=8, learning_rate=1e30),
    )
    with pytest.raises(GenreError, match="must be finite; the batch held"):
        run_grid(config, progress=False)
    assert not list(config.folder.glob("*/seed0/record.json"))


@pytest.mark.usefixtures("one_core_each")
def test_what_a_run_cannot_read_is_its_error_and_nobody_waits(
    sample_cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(tiny(sample_cut, tmp_path / "results"), parallel_runs=2, seeds=1)
    folder = here(config.cache) / "packed"

    def delete_and_pack(job: object) -> bytes:
        for path in folder.glob("*.npy"):
            path.unlink()
        return pickle.dumps(job)

    monkeypatch.setattr(side_by_side, "pickle", SimpleNamespace(dumps=delete_and_pack))
    with pytest.raises(FileNotFoundError, match="packed"):
        run_grid(config, progress=False)


def start(config: GridConfig) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            *(sys.executable, ROOT / "scripts" / "train_grid.py"),
            *("--data", here(config.data), "--out", config.folder, "--cache", here(config.cache)),
            *("--configs", *config.configs, "--seeds", "1", "--fractions", "0.4", "0.3", "0.3"),
            *("--parallel-runs", "2", "--epochs", "20", "--channels", "4", "8", "--device", "cpu"),
        ],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def until(is_so: Callable[[], bool], *, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def processes_of(folder: Path) -> list[int]:
    """Find the processes that have the results' cache mapped."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(folder) in (entry / "maps").read_text():
                found.append(int(entry.name))
        except OSError:  # ended meanwhile
            continue
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("audible_interrupts")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
def test_processes_end_with_the_one_that_started_them(sample_cut: Path, tmp_path: Path) -> None:
    config = tiny(sample_cut, tmp_path / "results")

    def n_epochs() -> list[int]:
        histories = sorted(config.folder.glob("*/seed0/history.csv"))
        return [len(path.read_text().splitlines()) - 1 for path in histories]

    def both_beyond(before: int) -> bool:
        return len(n_epochs()) == 2 and min(n_epochs()) > before

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        before = max(n_epochs(), default=0)
        process = start(config)
        until(partial(both_beyond, before))
        assert len(processes_of(here(config.cache))) == 3
        if number == signal.SIGINT:  # as a terminal does it
            os.killpg(process.pid, number)
        else:
            os.kill(process.pid, number)
        _, said = process.communicate()
        if number in ENDS:
            status, word = ENDS[number]
            assert process.returncode == status
            # No complaint of multiprocessing comes after it.
            assert said.endswith(f"{word}: what was done is kept; the same command goes on\n")
            assert "Traceback" not in said
        until(lambda: not processes_of(here(config.cache)), seconds=10)
    undisturbed = replace(config, out=tmp_path / "undisturbed")
    for last in (config, undisturbed):
        process = start(last)
        process.communicate()
        assert process.returncode == 0
    assert n_epochs() == [20, 20]
    for name in config.configs:
        weights = Path(name) / "seed0" / "bundle" / "model.safetensors"
        assert (config.folder / weights).read_bytes() == (undisturbed.folder / weights).read_bytes()
