"""A worker of a cluster: what it does, what it takes of its machine, and how it runs there."""

import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from genre.errors import GenreError
from genre.execution.clusters import NO_CLUSTER
from genre.execution.pool import ExecutionConfig, Outcome, WorkerPool
from genre.plugins import load_plugins

Unit_contra = TypeVar("Unit_contra", contravariant=True)


class GroupWork(Protocol[Unit_contra]):
    """What a worker does with some units; each keeps it."""

    def __call__(self, units: Sequence[Unit_contra], pool: WorkerPool) -> list[Outcome[Any, Any]]:
        """Do some units.

        Parameters
        ----------
        units : sequence
            The work.
        pool : WorkerPool
            Of one killable process, which is this worker's own.

        Returns
        -------
        list of Outcome
            One per unit, in their order.
        """


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a worker takes of its machine.

    Parameters
    ----------
    n_cores : int
        Of the processor.
    n_gpus : int
        Graphics cards.
    one_by_one : bool
        Whether it gets one unit at a time, and as long for it as that takes: runs take hours.
    """

    n_cores: int = 1
    n_gpus: int = 0
    one_by_one: bool = False


class CrewMember:
    """Becomes an actor of Ray: it keeps what it was started with, and a process for the units."""

    def start(
        self,
        work: GroupWork[Any],
        config: ExecutionConfig,
        folder: str,
        plugins: Sequence[str],
    ) -> None:
        """Make ready.

        Parameters
        ----------
        work : GroupWork
            What is to be done with units.
        config : ExecutionConfig
            The limits of a unit.
        folder : str
            Where whoever sends the units is: their paths may be relative.
        plugins : sequence of str
            Where to find the plug-ins.
        """
        with suppress(OSError):  # not on this machine, where paths that are whole do
            os.chdir(folder)
        load_plugins(plugins)
        forget_script()
        import ray

        self._node = str(ray.get_runtime_context().get_node_id())
        self._work = work
        self._pool = WorkerPool(replace(config, n_workers=1, cluster=NO_CLUSTER))

    def do(self, units: Sequence[Any]) -> tuple[float, str, list[tuple[Any, GenreError | None]]]:
        """Do some units.

        Parameters
        ----------
        units : sequence of picklable objects
            The work.

        Returns
        -------
        float, str, list of (Result or None, GenreError or None)
            Seconds, the machine's id, and what became of each unit.
        """
        started = time.monotonic()
        outcomes = self._work(units, self._pool)
        seconds = time.monotonic() - started
        return seconds, self._node, [(outcome.result, outcome.error) for outcome in outcomes]


def forget_script() -> None:
    """Spare the process for the units the script that started this one, which is Ray's."""
    main = sys.modules["__main__"]
    main.__spec__ = None
    with suppress(AttributeError):
        del main.__file__
