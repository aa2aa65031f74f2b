"""Where a number comes from: commit and versions, for the records."""

import platform
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("genre", "torch", "torchaudio", "numpy", "scipy", "scikit-learn", "soundfile", "soxr")


@cache
def current_commit() -> str | None:
    """Read the commit of the checkout this package runs from, as it was at the first call.

    A process goes on with the code that it has read, whatever becomes of the checkout meanwhile.

    Returns
    -------
    str or None
        With "-dirty" where files differ from it; None outside a checkout.
    """
    try:
        answer = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"],  # noqa: S607 - wherever the user has git
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return answer.stdout.strip() or None


def versions() -> dict[str, str]:
    """List the versions of Python and of the packages that results depend on."""
    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}
