"""What a worker does before its first unit and around each."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from genre.plugins import load_plugins

Unit = TypeVar("Unit")
Result = TypeVar("Result")

# The exit code of a worker that has taken all the memory it may.
OUT_OF_MEMORY = 113
_MB = 2**20


def run_unit(function: Callable[[Unit], Result], unit: Unit, timeout_seconds: float) -> Result:
    """Do one unit, within twice its time on the processor.

    Parameters
    ----------
    function : callable of one unit
        Importable by name.
    unit : Unit
        What the function takes.
    timeout_seconds : float, in seconds
        Time on the clock; the processor may be used for twice as long.
    """
    if sys.platform != "win32":
        import resource

        # Should the parent be gone by then, nobody else would end a worker that hangs.
        usage = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(usage.ru_utime + usage.ru_stime + 2 * timeout_seconds) + 1
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (_at_most(limit, hard), hard))
    try:
        return function(unit)
    except MemoryError:
        # What it took is not all given back: the next unit deserves a fresh worker.
        os._exit(OUT_OF_MEMORY)


def start_worker(memory_mb: int, plugins: Sequence[str] = ()) -> None:
    """Make a fresh process quiet, of one thread and of limited size, with the parent's plug-ins.

    Parameters
    ----------
    memory_mb : int, in MB
        Address space beyond what it holds now.
    plugins : sequence of str
        Where to find the plug-ins.
    """
    # Parallelism is over units; a numerical library that starts threads of its own would only
    # add stacks to the address space. It reads these when it is imported, later than now.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    # Libraries in C write their complaints straight to the terminal, into a progress bar.
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    if plugins:
        load_plugins(plugins)
    if sys.platform == "linux":
        import resource

        # A script that imports a large library has brought it into its workers as well.
        held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_at_most(held + memory_mb * _MB, hard), hard))


def _at_most(wanted: int, hard: int) -> int:
    return wanted if hard < 0 else min(wanted, hard)  # -1 stands for no limit
