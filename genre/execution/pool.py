"""Workers that stay: one that is lost is replaced, and costs the unit it was at."""

import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from genre.errors import ConfigError, ExecutionError, ExecutionErrorKind, GenreError
from genre.execution.clusters import NO_CLUSTER, check_cluster
from genre.execution.cores import n_cores
from genre.execution.worker import OUT_OF_MEMORY, run_unit, start_worker
from genre.plugins import active_plugins

Unit = TypeVar("Unit")
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class ExecutionConfig:
    """How work units are run.

    Parameters
    ----------
    n_workers : int
        Number of processes; 0 takes one per core.
    timeout_seconds : float, in seconds
        A unit that takes longer is given up and its worker killed.
    memory_mb : int, in MB
        Address space that a worker may take beyond what it starts with (enforced on Linux); a
        program that it starts may take as much again.
    cluster : str
        Whose processes: none, those of this machine alone; or of a cluster of Ray, which needs
        '.[ray]': ray starts one on this machine, auto joins the one that this machine belongs to,
        ray://HOST:PORT one elsewhere.
    """

    n_workers: int = 0
    timeout_seconds: float = 120.0
    memory_mb: int = 2000
    cluster: str = NO_CLUSTER

    def __post_init__(self) -> None:
        if self.n_workers < 0:
            raise ConfigError(
                f"n_workers={self.n_workers} must be 0 (one per core) or the number of processes"
            )
        if not 0 < self.timeout_seconds < float("inf"):
            raise ConfigError(f"timeout_seconds={self.timeout_seconds} must be above 0 s")
        if self.memory_mb < 500:
            raise ConfigError(f"memory_mb={self.memory_mb} must be at least 500 MB")
        check_cluster(self.cluster)


@dataclass(frozen=True)
class Outcome(Generic[Unit, Result]):
    """What became of one work unit: a result or an error.

    Parameters
    ----------
    unit : Unit
        The work unit.
    result : Result or None
        What the function returned; None where there is an error.
    error : GenreError or None
        What the function raised, or an `ExecutionError` where the worker was lost.
    node : str
        The machine of a cluster that did it; empty where there is none.
    """

    unit: Unit
    result: Result | None
    error: GenreError | None
    node: str = ""


class WorkerPool:
    """Workers that stay until they are stopped; one that is lost is replaced.

    They start with the first unit. Any number of threads may use a pool.

    Parameters
    ----------
    config : ExecutionConfig, optional
        The settings; the default ones if None.
    """

    def __init__(self, config: ExecutionConfig | None = None) -> None:
        self.config = config or ExecutionConfig()
        self.n_workers = self.config.n_workers or n_cores()
        self._lock = threading.Lock()
        self._is_stopped = False
        self._open: set[Future[Any]] = set()
        self._pool = self._new_pool()

    def __enter__(self) -> "WorkerPool":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def submit(
        self,
        function: Callable[[Unit], Result],
        unit: Unit,
        *,
        timeout_seconds: float | None = None,
    ) -> "Future[Result]":
        """Put a unit in the workers' queue.

        Parameters
        ----------
        function : callable of one unit
            Importable by name, so that a worker finds it.
        unit : picklable object
            The work.
        timeout_seconds : float, in seconds, optional
            From when a worker takes it; that of the settings if None.

        Returns
        -------
        Future
            For `outcome`.
        """
        limit = self.config.timeout_seconds if timeout_seconds is None else timeout_seconds
        try:
            future: Future[Result] = self._pool.schedule(
                run_unit, args=[function, unit, limit], timeout=limit
            )
        except RuntimeError as error:  # it broke while it was idle, or has been stopped
            broken: Future[Result] = Future()
            broken.set_exception(BrokenProcessPool(str(error)))
            return broken
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        if self._is_stopped:  # meanwhile
            future.cancel()
        return future

    def run(
        self, function: Callable[[Unit], Result], unit: Unit, *, timeout_seconds: float
    ) -> Outcome[Unit, Result]:
        """Have one unit done and wait for it.

        Parameters
        ----------
        function : callable of one unit
            Importable by name.
        unit : picklable object
            The work; harmless to do twice.
        timeout_seconds : float, in seconds
            From now, so that waiting for a worker counts.

        Raises
        ------
        GenreError
            Where no worker can start, or the pool is stopped meanwhile.
        """
        deadline = time.monotonic() + timeout_seconds
        for _ in range(2):
            pool, left = self._pool, max(0.0, deadline - time.monotonic())
            future = self.submit(function, unit, timeout_seconds=left)
            try:  # `wait` would not notice that `stop` has cancelled it
                fault = future.exception(timeout=left)
            except TimeoutError:
                future.cancel()
                return Outcome(unit, None, _too_slow(unit, timeout_seconds))
            except CancelledError:
                break
            if not (isinstance(fault, BrokenProcessPool) and self._renew(pool)):
                break
            # The last worker was killed from outside before it took the unit: once more.
        return self.outcome(unit, future, timeout_seconds=timeout_seconds)

    def outcome(
        self, unit: Unit, future: "Future[Result]", *, timeout_seconds: float | None = None
    ) -> Outcome[Unit, Result]:
        """Wait for a unit and say what became of it.

        Parameters
        ----------
        unit : picklable object
            As given to `submit`.
        future : Future
            What `submit` gave for it.
        timeout_seconds : float, in seconds, optional
            As given to `submit`.

        Raises
        ------
        GenreError
            Where no worker can start. An error of another kind than `GenreError` in the work is a
            mistake in the program and is raised as it is.
        """
        try:
            return Outcome(unit, future.result(), None)
        except GenreError as error:
            return Outcome(unit, None, error)
        except CancelledError as error:
            raise GenreError(f"unit={unit} must be done before the workers are stopped") from error
        except TimeoutError:
            limit = timeout_seconds or self.config.timeout_seconds
            return Outcome(unit, None, _too_slow(unit, limit))
        except ProcessExpired as error:
            return Outcome(unit, None, self._lost(unit, error.exitcode))
        except BrokenProcessPool as error:
            # Workers read the script that started them, and would start workers in their turn.
            raise GenreError(
                "workers must be able to start: put what a script does under "
                f"`if __name__ == '__main__':`, or raise memory_mb={self.config.memory_mb}"
            ) from error

    def stop(self) -> None:
        """End the workers, whatever they are at; whoever waits for one gets an error."""
        with self._lock:
            self._is_stopped = True
            for future in list(self._open):
                future.cancel()
            _end(self._pool)

    def _lost(self, unit: object, exit_code: int) -> ExecutionError:
        if exit_code == OUT_OF_MEMORY:
            message = f"unit={unit} must be done within memory_mb={self.config.memory_mb}"
            return ExecutionError(ExecutionErrorKind.OUT_OF_MEMORY, message)
        message = f"unit={unit} made its worker end with exit code {exit_code}"
        return ExecutionError(ExecutionErrorKind.CRASHED, message)

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.n_workers,
            initializer=start_worker,
            initargs=[self.config.memory_mb, [plugin.source for plugin in active_plugins()]],
            context=multiprocessing.get_context("spawn"),
        )

    def _renew(self, broken: ProcessPool) -> bool:
        with self._lock:
            if self._is_stopped:
                return False
            if self._pool is broken:
                _end(broken)
                self._pool = self._new_pool()
            return True


def _too_slow(unit: object, timeout_seconds: float) -> ExecutionError:
    message = f"unit={unit} must be done within timeout_seconds={timeout_seconds}"
    return ExecutionError(ExecutionErrorKind.TIMEOUT, message)


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # the one function that pebble left bare
    pool.join()
