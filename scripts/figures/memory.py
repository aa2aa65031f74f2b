"""How much memory a program takes, with all the processes that it starts."""

import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


def processes_of(root: int) -> list[int]:
    """List a process and all that it has started, on Linux."""
    found = [root]
    for process in found:  # grows on the way
        with suppress(OSError):
            for file in Path(f"/proc/{process}/task").glob("*/children"):
                found += map(int, file.read_text().split())
    return found


def proportional_megabytes(process: int) -> float:
    """Read a process's memory, of which what it shares counts in part; 0 once it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def largest_sum(command: Sequence[str], *, every_seconds: float = 0.005) -> float:
    """Run a program that must end well; the largest sum of its processes' proportional memory.

    Parameters
    ----------
    command : sequence of str
        The program and its words.
    every_seconds : float, in seconds
        How often it is looked at.

    Returns
    -------
    float
        In MB.
    """
    largest = 0.0
    with subprocess.Popen(  # noqa: S603 - our own words
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as program:
        while program.poll() is None:
            largest = max(largest, sum(map(proportional_megabytes, processes_of(program.pid))))
            time.sleep(every_seconds)
    if program.returncode:
        raise SystemExit(f"error: {command} must end well")
    return largest
