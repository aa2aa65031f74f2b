"""onnxruntime, imported in one place: a version that is known to do, and quiet to the outside."""

import os
from types import ModuleType

from genre.errors import BundleError

OLDEST = (1, 24)


def import_runtime() -> ModuleType:
    """Import onnxruntime.

    From 1.29 on it reports to its maker what it is used for, on Linux and macOS too, and keeps a
    number of the machine in the home folder. Nothing of the kind is done here: what somebody
    listens to is theirs.

    Raises
    ------
    BundleError
        Where it is absent, or older than `OLDEST`.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read as it is imported
    try:
        import onnxruntime
    except ImportError as error:
        raise BundleError(
            f"onnxruntime must be installed to use a trained model: {error}"
        ) from error
    version: str = onnxruntime.__version__
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise BundleError(f"onnxruntime={version} must be at least {'.'.join(map(str, OLDEST))}")
    onnxruntime.disable_telemetry_events()  # on Windows, where it asks no environment
    module: ModuleType = onnxruntime
    return module
