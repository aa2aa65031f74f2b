"""Train the runs of a grid on a cluster, each on its cores or its graphics card.

A run is kept in its folder of the experiment, which all machines see: whatever becomes of one, a
run that it had goes on elsewhere from its last epoch.
"""

import logging
import pickle
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pandas as pd
import torch

from genre.dataset.corpus import Corpus
from genre.dataset.places import local_folder
from genre.errors import ConfigError, ExecutionError, GenreError
from genre.execution import Outcome, WorkerPool
from genre.execution.clusters import NO_CLUSTER, joined
from genre.execution.crew import run_groups
from genre.execution.crew_member import Needs
from genre.experiment import train_run
from genre.grid.configurations import GridConfig
from genre.grid.progress import GridProgress
from genre.grid.side_by_side import Job, name_of, planned
from genre.grid.tracking import Tracking
from genre.models.devices import pick_device
from genre.training.heads import Fit
from genre.training.history import Epoch

logger = logging.getLogger(__name__)


class TrainGroup:
    """What a worker of a cluster does with a run.

    Parameters
    ----------
    packed : bytes
        The corpus, with mapped features, and whether to read them into memory.
    device : str
        Where to train.
    n_threads : int
        Of torch; so many cores the worker has.
    """

    def __init__(self, packed: bytes, *, device: str, n_threads: int) -> None:
        self._packed, self._device, self._n_threads = packed, device, n_threads

    def __call__(
        self,
        units: Sequence[Job],
        pool: WorkerPool,  # noqa: ARG002 - a run takes hours
    ) -> list[Outcome[Job, int]]:
        """Train runs, one after the other.

        Parameters
        ----------
        units : sequence of (Run, Split)
            The runs.
        pool : WorkerPool
            Stays as it is.

        Returns
        -------
        list of Outcome of (Run, Split) and int
            How many epochs each took.
        """
        torch.set_num_threads(self._n_threads)
        corpus, in_memory = pickle.loads(self._packed)  # noqa: S301 - from our own driver
        if in_memory:
            corpus = corpus.in_memory()
        return [self._trained(job, corpus) for job in units]

    def _trained(self, job: Job, corpus: Corpus) -> Outcome[Job, int]:
        run, split = job
        try:
            record = train_run(run, corpus, split, device=torch.device(self._device))
        except GenreError as error:
            return Outcome(job, None, error)
        return Outcome(job, record.n_epochs or 0, None)


def train_on_cluster(
    jobs: Sequence[Job],
    corpus: Corpus,
    *,
    config: GridConfig,
    device: torch.device,
    n_runs: int,
    in_memory: bool = True,
    progress: bool = True,
    tracking: Tracking | None = None,
) -> None:
    """Train runs on a cluster; each leaves its record in its folder.

    Parameters
    ----------
    jobs : sequence of (Run, Split)
        What is to be trained, each on its split.
    corpus : Corpus
        With mapped features, in a folder that all machines see.
    config : GridConfig
        Which cluster, the folders of cache and results, and how many runs at a time; 0 takes as
        many as there are cores.
    device : torch.device
        The processor, or a graphics card, of which each run gets one.
    n_runs : int
        Of the whole grid, finished ones included: how many cores a run has does not depend on what
        is finished.
    in_memory : bool
        Whether each reads the mapped features into its memory.
    progress : bool
        Whether to show how far they are.
    tracking : Tracking, optional
        Where their epochs go, too.

    Raises
    ------
    GenreError
        On the first run that fails; the others are stopped too. All go on from their last epoch.
    """
    if not jobs:
        return
    execution, n_at_a_time = config.execution, config.parallel_runs
    with joined(execution.cluster) as ray:
        cores = cores_each(ray, n_at_a_time=n_at_a_time, n_runs=n_runs)
        n_gpus = int(device.type != "cpu")
        packed = pickle.dumps((corpus, in_memory))
        work = TrainGroup(packed, device=device.type, n_threads=cores)
        n_running = min(n_at_a_time or len(jobs), len(jobs))
        logger.info("%d runs on the cluster, %d cores each", len(jobs), cores)
        shown = GridProgress(
            planned(jobs), n_at_a_time=n_running, is_shown=progress, tracking=tracking
        )
        with shown:
            outcomes = run_groups(
                work,
                jobs,
                config=replace(execution, n_workers=n_at_a_time),
                shared=[config.folder, local_folder(config.cache)],
                needs=Needs(n_cores=cores, n_gpus=n_gpus, one_by_one=True),
                on_look=lambda: _show(jobs, shown),
            )
            with closing(outcomes):
                for outcome in outcomes:
                    _ended(outcome, shown)


def device_of(config: GridConfig) -> torch.device:
    """Choose where runs are trained; on a cluster, as it was asked for.

    Parameters
    ----------
    config : GridConfig
        On a cluster ``--device cuda`` means a graphics card for each run, and auto cores.

    Raises
    ------
    ConfigError
        Where this machine has none such, or hours are asked of a cluster.
    """
    if config.execution.cluster == NO_CLUSTER:
        return pick_device(config.device)
    if config.hours:
        raise ConfigError(
            f"hours={config.hours:g} must come without --cluster: what an epoch takes there, this "
            "machine cannot tell; name --epochs"
        )
    return torch.device("cuda" if config.device.startswith("cuda") else "cpu")


def cores_each(ray: ModuleType, *, n_at_a_time: int, n_runs: int) -> int:
    """Share the cores of a cluster among runs; a run stays on one machine.

    Parameters
    ----------
    ray : module
        Connected.
    n_at_a_time : int
        Runs to train at a time; 0 takes as many as there are cores.
    n_runs : int
        As in `train_on_cluster`.

    Returns
    -------
    int
        At least 1.
    """
    cores = [int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]]
    cores = [number for number in cores if number]
    total = sum(cores)
    n_running = max(1, min(n_at_a_time or total, n_runs))
    return max(1, min([total // n_running, *cores]))


def _show(jobs: Sequence[Job], shown: GridProgress) -> None:
    for job in jobs:
        if history := _history(job[0].files.history):
            shown.show(name_of(job), history)


def _history(path: Path) -> tuple[Epoch, ...]:
    """Read the epochs that a run has written so far."""
    try:
        rows = pd.read_csv(path).to_dict("records")
        kind = Fit if rows and "weight_decay" in rows[0] else Epoch
        return tuple(kind(**{str(name): row[name] for name in row}) for row in rows)
    except (OSError, TypeError, ValueError):  # not there yet, or of another version
        return ()


def _ended(outcome: Outcome[Job, int], shown: GridProgress) -> None:
    run, _ = outcome.unit
    if isinstance(outcome.error, ExecutionError):
        raise GenreError(
            f"run={run.folder} made its worker on the cluster end, twice; where memory was short, "
            "train fewer at a time: --parallel-runs"
        ) from outcome.error
    if outcome.error is not None:
        raise outcome.error
    _show([outcome.unit], shown)
    shown.end(name_of(outcome.unit))
