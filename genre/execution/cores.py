"""How many cores there are for this process."""

import math
import os
import sys
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")


def n_cores() -> int:
    """Count the cores that this process may use: those it is bound to, within a container's share.

    Returns
    -------
    int
        At least 1.
    """
    if sys.platform == "linux":
        return min(len(os.sched_getaffinity(0)), quota())
    else:
        return os.cpu_count() or 1


def quota(cgroups: Path = CGROUPS) -> int:
    """Read how many cores' time a container may take (control groups, versions 2 and 1).

    Parameters
    ----------
    cgroups : Path
        Where the container sees its group.

    Returns
    -------
    int
        Rounded up; as many as there are where nothing limits them.
    """
    try:
        if (both := cgroups / "cpu.max").exists():
            time, period = both.read_text().split()
        else:
            time, period = (
                (cgroups / "cpu" / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period")
            )
        # Version 2 says "max" and version 1 says -1 where there is no limit.
        if float(time) > 0:
            return max(1, math.ceil(float(time) / float(period)))
    except (OSError, ValueError, ZeroDivisionError):
        pass
    return os.cpu_count() or 1
