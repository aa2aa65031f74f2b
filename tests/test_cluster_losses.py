"""A cluster of three machines of which one is lost in mid-run: the results of one machine.

Ray's own test cluster: each machine is a set of processes here, and can be killed as a whole.
"""

import hashlib
import logging
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
import torch

from genre.dataset.content_index import ContentIndex
from genre.dataset.features import RowStore
from genre.dataset.unlabelled import read_unlabelled
from genre.evaluation.report import compare_experiment
from genre.execution import ExecutionConfig, Outcome, crew
from genre.execution.crew_member import Needs
from genre.grid import on_cluster, run_grid, side_by_side
from genre.sample import SampleConfig, make_sample_dataset
from tests.cluster_examples import HOSTILE, CountingEar, lines_of
from tests.tiny_grid import tiny

if TYPE_CHECKING:
    from ray._private.node import Node
    from ray.cluster_utils import Cluster

pytestmark = [pytest.mark.extras]
logger = logging.getLogger(__name__)

N_FILES = 2000
N_SOUNDS = 20
ON_CLUSTER = ExecutionConfig(cluster="auto", timeout_seconds=60.0)
MB = 2**20


@dataclass
class Machines:
    """A cluster, and its machines that have cores."""

    cluster: "Cluster"
    nodes: "list[Node]"

    def lose_one(self) -> None:
        """Take away a machine, but not the one that this process is joined to."""
        own = import_module("ray._private.worker")._global_node.raylet_socket_name
        other = next(node for node in self.nodes if node.raylet_socket_name != own)
        self.cluster.remove_node(other, allow_graceful=False)


@pytest.fixture
def machines() -> Iterator[Machines]:
    """Three machines of one core each, and this process joined to them."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    few = {"object_store_memory": 100 * MB}
    head = {"num_cpus": 0, "include_dashboard": False, **few}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    made = [
        cluster.add_node(wait=True, num_cpus=1, memory=2000 * MB, object_store_memory=100 * MB)
        for _ in range(3)
    ]
    ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.CRITICAL)
    yield Machines(cluster, made)
    ray.shutdown()
    for node in [*cluster.worker_nodes, cluster.head_node]:
        if node is not None:
            cluster.remove_node(node, allow_graceful=False)


def many_files(folder: Path, tmp_path: Path) -> list[Path]:
    """Make short tracks of the sample synthesiser, each with bytes of its own."""
    make_sample_dataset(
        tmp_path / "sample",
        SampleConfig(n_artists_per_genre=2, n_tracks_per_artist=2, min_seconds=2, max_seconds=2),
    )
    sounds = sorted((tmp_path / "sample").rglob("*.wav"))[:N_SOUNDS]
    folder.mkdir()
    for number in range(N_FILES):
        sound, rate = soundfile.read(sounds[number % len(sounds)], dtype="int16", always_2d=True)
        sound = sound[: rate // 2].copy()
        sound[-1] = number  # other bytes, and all but the same sound
        soundfile.write(folder / f"{number:04}.wav", sound, rate)
    noise = np.random.default_rng(0).normal(0, 0.1, 8000)
    soundfile.write(folder / HOSTILE, noise, 16000)
    return sorted(folder.iterdir())


def files_below(folder: Path) -> dict[str, str]:
    """Hash the features and facts below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.suffix in {".npy", ".json"} and path.parent != folder
    }


def worker_process() -> int:
    """Find the process of one of the cluster's workers."""
    listed = subprocess.run(
        ["pgrep", "-f", "ray::CrewMember"],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return int(listed.stdout.split()[0])


def test_features_of_two_thousand_files(machines: Machines, tmp_path: Path) -> None:
    files = many_files(tmp_path / "files", tmp_path)
    names = {path: path.name for path in files}
    tracks, unread = read_unlabelled(names, ContentIndex(tmp_path / "contents.json"))
    assert not unread
    assert len({track.sha256 for track in tracks}) == N_FILES + 1

    here = RowStore(tmp_path / "here", CountingEar(tmp_path / "here.log"))
    report = here.fill(tracks, execution=ExecutionConfig(timeout_seconds=60.0))
    assert (report.n_new, len(report.faults)) == (N_FILES, 1)

    there = RowStore(tmp_path / "there", CountingEar(tmp_path / "there.log"))
    (tmp_path / "there.log").touch()

    lost: list[str] = []

    def lose() -> None:
        """Take away a machine after 500 files, and a worker after 1,000."""
        n_opened = sum(1 for _ in lines_of(tmp_path / "there.log"))
        if n_opened > 500 and not lost:
            machines.lose_one()
            lost.append("machine")
        elif n_opened > 1000 and len(lost) == 1:
            os.kill(worker_process(), signal.SIGKILL)
            lost.append("worker")

    with pytest.MonkeyPatch.context() as patch:
        look_in_between(patch, lose)
        report = there.fill(tracks, execution=ON_CLUSTER)
    assert lost == ["machine", "worker"]

    (fault,) = report.faults
    assert fault.path.name == HOSTILE
    assert fault.kind == "crashed"
    assert report.n_new == N_FILES
    assert files_below(tmp_path / "there") == files_below(tmp_path / "here")
    opened = Counter(lines_of(tmp_path / "there.log"))
    assert opened.pop(HOSTILE) >= 2
    assert len(opened) == N_FILES
    n_twice = sum(opened.values()) - N_FILES
    logger.info("computed twice: %d of %d, a machine and a worker lost", n_twice, N_FILES)
    # Each of the two that were lost held at most two groups of 64.
    assert n_twice <= 2 * 2 * 64


def look_in_between(patch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Let something happen between two looks at what is done."""
    collect = crew._Crew._collect

    def acting(self: crew._Crew[object]) -> Iterator[Outcome[object, object]]:
        act()
        return collect(self)

    patch.setattr(crew._Crew, "_collect", acting)


def test_a_grid_of_four_runs(machines: Machines, sample_cut: Path, tmp_path: Path) -> None:
    config = replace(tiny(sample_cut, tmp_path / "here"), parallel_runs=2)
    before = torch.get_num_threads()
    torch.set_num_threads(2)  # one for each of two runs, as each has a core there
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(side_by_side, "_n_cores", lambda: 2)
            run_grid(config, progress=False)
    finally:
        torch.set_num_threads(before)
    there = replace(config, out=tmp_path / "there", execution=ON_CLUSTER, parallel_runs=0)
    lost: list[int] = []

    def lose_a_machine() -> None:
        if not lost and list(there.folder.glob("*/seed*/history.csv")):
            lost.append(0)
            machines.lose_one()

    with pytest.MonkeyPatch.context() as patch:
        look_in_between(patch, lose_a_machine)
        summary = run_grid(there, progress=False)
    assert lost
    assert summary.n_trained == 4
    for record in sorted(config.folder.rglob("record.json")):
        run = record.parent.relative_to(config.folder)
        for name in ("bundle/model.safetensors", "bundle/network.onnx", "scores.npz"):
            assert (there.folder / run / name).read_bytes() == (record.parent / name).read_bytes()
    assert tables_of(there.folder) == tables_of(config.folder)


def tables_of(folder: Path) -> list[list[str]]:
    """Read the report's tables, but for what took how long: the figures behind its parameters."""
    compare_experiment(folder)
    lines = (folder / "REPORT.md").read_text().splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith("| ")]
    assert any("/seed1" in row[0] for row in rows)
    return [row[:6] + row[8:] if "/seed" in row[0] else row for row in rows]


def test_cores_are_shared_among_runs(machines: Machines) -> None:
    import ray

    assert on_cluster.cores_each(ray, n_at_a_time=0, n_runs=8) == 1
    assert on_cluster.cores_each(ray, n_at_a_time=1, n_runs=8) == 1  # no machine has more
    assert Needs().n_cores == 1
    assert len(machines.nodes) == 3
