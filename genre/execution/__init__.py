"""Run many independent work units in a pool of workers that can be killed one by one.

A worker that crashes, hangs or grows loses the unit it was at and nothing else. Workers are
started afresh, not forked, so they hold only what the work itself imports; this room imports
next to nothing for that reason.
"""

from genre.execution.cores import n_cores
from genre.execution.pool import ExecutionConfig, Outcome, WorkerPool
from genre.execution.units import run_units

__all__ = ["ExecutionConfig", "Outcome", "WorkerPool", "n_cores", "run_units"]
