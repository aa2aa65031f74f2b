"""Train runs one after the other, or side by side on a share of the cores each.

A small network gains little from a second core; two runs that have a core each lose next to
nothing. Every run stays what it is: whole in its folder, and taken up from its last epoch.
"""

import logging
import multiprocessing
import os
import pickle
import queue
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import wait as wait_for_end
from typing import TYPE_CHECKING, TypeAlias

import torch
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from genre.dataset.corpus import Corpus
from genre.dataset.splits import Split
from genre.errors import GenreError
from genre.evaluation.inputs import RunRecord
from genre.execution import n_cores
from genre.experiment import Run, train_run
from genre.grid.progress import GridProgress
from genre.grid.tracking import Tracking
from genre.plugins import active_plugins, load_plugins
from genre.training.history import Epoch

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

logger = logging.getLogger(__name__)

Job: TypeAlias = tuple[Run, Split]

SECONDS_BETWEEN_LOOKS = 0.5

# Where a process that trains for another tells how far it is: (name of the run, its epochs so far).
_reports: "list[Queue[tuple[str, tuple[Epoch, ...]]]]" = []


def n_side_by_side(wanted: int, *, n_runs: int, device: torch.device) -> int:
    """Count the runs to train at a time.

    Parameters
    ----------
    wanted : int
        0 for one per core, and one at a time on anything but the processor.
    n_runs : int
        Of the whole grid, finished ones included: how many cores a run has, and so how its sums
        are rounded, does not depend on what is finished.
    device : torch.device
        Where the runs are trained.
    """
    if wanted == 0:
        wanted = _n_cores() if device.type == "cpu" else 1
    return min(wanted, n_runs)


def n_threads_each(n_at_a_time: int) -> int:
    """Share the cores among runs that are trained at a time."""
    return max(1, _n_cores() // n_at_a_time)


def train_runs(
    jobs: Sequence[Job],
    corpus: Corpus,
    *,
    device: torch.device,
    n_at_a_time: int,
    in_memory: bool = True,
    progress: bool = True,
    tracking: Tracking | None = None,
) -> None:
    """Train runs; each leaves its record in its folder.

    Parameters
    ----------
    jobs : sequence of (Run, Split)
        What is to be trained, each on its split.
    corpus : Corpus
        Where more than one run is trained at a time, with mapped features.
    device : torch.device
        Where the runs are trained.
    n_at_a_time : int
        More than one are trained in processes of their own.
    in_memory : bool
        Whether each such process reads the mapped features into its memory.
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
    n_running = min(n_at_a_time, len(jobs))
    shown = GridProgress(planned(jobs), n_at_a_time=n_running, is_shown=progress, tracking=tracking)
    with shown:
        if n_at_a_time == 1:
            for job in jobs:
                _train_here(job, corpus, device=device, shown=shown)
            return
        # Packed once, and unpacked by the work itself: an error on the way is then the run's.
        packed = pickle.dumps((corpus, device, in_memory))
        _train_in_processes(jobs, packed, n_processes=n_at_a_time, shown=shown)


def _train_here(job: Job, corpus: Corpus, *, device: torch.device, shown: GridProgress) -> None:
    (run, split), name = job, name_of(job)
    shown.begin(name)
    train_run(run, corpus, split, device=device, on_epoch=partial(shown.show, name))
    shown.end(name)


def _train_in_processes(
    jobs: Sequence[Job], packed: bytes, *, n_processes: int, shown: GridProgress
) -> None:
    context = multiprocessing.get_context("spawn")
    reports: Queue[tuple[str, tuple[Epoch, ...]]] = context.Queue()
    pool = ProcessPool(
        max_workers=min(n_processes, len(jobs)),
        initializer=_start,
        initargs=[n_threads_each(n_processes), reports, _plugin_sources()],
        context=context,
    )
    try:
        with _deaf_to_interrupts():
            futures = [pool.schedule(_train_there, args=[job, packed]) for job in jobs]
        _follow(jobs, futures, reports, shown)
    finally:
        # A run that is told to end finishes the write in hand (genre.training.interruption).
        pool.stop()  # type: ignore[no-untyped-call]  # the one function that pebble left bare
        pool.join()


def _follow(
    jobs: Sequence[Job],
    futures: Sequence[ProcessFuture[RunRecord]],
    reports: "Queue[tuple[str, tuple[Epoch, ...]]]",
    shown: GridProgress,
) -> None:
    """Show how far all are until they are done."""
    waiting = dict(zip(futures, jobs, strict=True))
    running: dict[ProcessFuture[RunRecord], Job] = {}
    while waiting or running:
        wait([*waiting, *running], timeout=SECONDS_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
        for future, job in list(waiting.items()):
            if future.running() or future.done():
                del waiting[future]
                running[future] = job
                shown.begin(name_of(job))
        done = [future for future in running if future.done()]
        for name, history in _drained(reports):
            shown.show(name, history)
        for future in done:
            job = running.pop(future)
            _check(job[0], future)
            shown.end(name_of(job))


def _drained(
    reports: "Queue[tuple[str, tuple[Epoch, ...]]]",
) -> Iterator[tuple[str, tuple[Epoch, ...]]]:
    while True:
        try:
            yield reports.get_nowait()
        except queue.Empty:
            return


def _check(run: Run, future: ProcessFuture[RunRecord]) -> None:
    """Raise what went wrong with a run."""
    try:
        future.result()
    except ProcessExpired as error:
        raise GenreError(
            f"run={run.folder} made its process end with exit code {error.exitcode}; where memory "
            "was short, train fewer at a time: --parallel-runs 1"
        ) from error
    except BrokenProcessPool as error:
        # A process reads the script that started it, and would train in its turn.
        raise GenreError(
            "processes must be able to start: put what a script does under "
            "`if __name__ == '__main__':`, or train one run at a time: --parallel-runs 1"
        ) from error


def planned(jobs: Sequence[Job]) -> dict[str, int]:
    """Name the runs, with the most epochs of each.

    Parameters
    ----------
    jobs : sequence of (Run, Split)
        The runs and their splits.
    """
    return {name_of(job): job[0].config.training.epochs for job in jobs}


def name_of(job: Job) -> str:
    """Name a run as it is shown.

    Parameters
    ----------
    job : (Run, Split)
        The run and its split.
    """
    run, split = job
    return "/".join(run.folder.parts[-2 if split.fold is None else -3 :])


def _n_cores() -> int:
    """Count the cores that torch would use for one run: no second thread of a core counts."""
    return min(n_cores(), torch.get_num_threads())


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Start processes that no Ctrl-C of the terminal ends: the parent hears it, and ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _start(
    n_threads: int, reports: "Queue[tuple[str, tuple[Epoch, ...]]]", plugins: Sequence[str]
) -> None:
    """Make a fresh process ready for its runs, before it unpacks what plug-ins define."""
    load_plugins(plugins)
    torch.set_num_threads(n_threads)
    _reports.append(reports)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Do not go on for a parent that was killed: whoever starts the grid again would be second."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_end([parent.sentinel])
        os._exit(1)


def _plugin_sources() -> list[str]:
    return [plugin.source for plugin in active_plugins()]


def _train_there(job: Job, packed: bytes) -> RunRecord:
    corpus, device, in_memory = pickle.loads(packed)  # noqa: S301 - from the parent
    (run, split), name = job, name_of(job)
    if in_memory:
        corpus = corpus.in_memory()
    return train_run(
        run,
        corpus,
        split,
        device=device,
        on_epoch=lambda history: _reports[0].put((name, history)),
    )
