"""Making sure that all machines of a cluster do the work as this one would, before it starts."""

import platform
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any

import soundfile

from genre.atomic import atomic_file
from genre.errors import ConfigError
from genre.wording import listed, shown

# What decides how a file sounds and what a model says of it.
_PACKAGES = ("genre", "numpy", "scipy", "soundfile", "soxr", "onnxruntime")
_SECONDS_TO_LOOK = 120.0


def check_nodes(ray: ModuleType, shared: Sequence[Path]) -> int:
    """Make sure that all machines of a cluster can do the work as this one would.

    Parameters
    ----------
    ray : module
        Connected.
    shared : sequence of Path
        Folders that all must see as this process does; they exist.

    Returns
    -------
    int
        How many machines there are that have cores.

    Raises
    ------
    ConfigError
        Where one has other versions, or does not see a folder; or where there is no core.
    """
    nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
    if not nodes:
        raise ConfigError("the cluster must have at least one core; it has none now")
    expected = _versions()
    with _marked(shared) as marks:
        if not all(folder.is_absolute() for folder in shared):
            shared, marks = [*shared, Path.cwd()], [*marks, str(Path.cwd())]
        for node, (versions, unseen) in zip(nodes, _asked(ray, nodes, marks), strict=True):
            name = node["NodeManagerAddress"]
            others = [
                f"{part} {versions[part]}, not {here}"
                for part, here in expected.items()
                if versions[part] != here
            ]
            if others:
                raise ConfigError(
                    "all machines of the cluster must have the same versions: "
                    f"{name} has {listed(others, limit=3)}"
                )
            if unseen:
                raise ConfigError(
                    f"folder={shown(shared[unseen[0]])} must be one that all machines of the "
                    f"cluster see, and {name} does not"
                )
    return len(nodes)


def _asked(
    ray: ModuleType, nodes: Sequence[dict[str, Any]], marks: Sequence[str]
) -> list[tuple[dict[str, str], list[int]]]:
    strategy = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
    look = ray.remote(num_cpus=0, max_retries=0)(look_around)
    asked = [
        look.options(scheduling_strategy=strategy(node["NodeID"], soft=False)).remote(marks)
        for node in nodes
    ]
    try:
        answers: list[tuple[dict[str, str], list[int]]] = ray.get(asked, timeout=_SECONDS_TO_LOOK)
    except ray.exceptions.RayError as error:
        reason = str(error).strip().splitlines()[-1]
        raise ConfigError(
            "all machines of the cluster must have genre installed, and answer within "
            f"{_SECONDS_TO_LOOK:.0f} s ({reason})"
        ) from error
    return answers


@contextmanager
def _marked(folders: Sequence[Path]) -> Iterator[list[str]]:
    """Leave a file in each folder that no other has."""
    marks = [folder.absolute() / f".seen-{uuid.uuid4().hex}" for folder in folders]
    try:
        for mark in marks:
            with atomic_file(mark, is_durable=False):
                pass
        yield [str(mark) for mark in marks]
    finally:
        for mark in marks:
            mark.unlink(missing_ok=True)


def look_around(marks: Sequence[str]) -> tuple[dict[str, str], list[int]]:
    """List this machine's versions, and which of some files it does not see.

    Parameters
    ----------
    marks : sequence of str
        Paths of files.

    Returns
    -------
    dict of str to str, list of int
        Versions by name, and numbers of the files that are not there.
    """
    return _versions(), [number for number, mark in enumerate(marks) if not Path(mark).exists()]


def _versions() -> dict[str, str]:
    found = {"Python": platform.python_version(), "libsndfile": soundfile.__libsndfile_version__}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    try:
        said = subprocess.run(
            ["ffmpeg", "-version"],  # noqa: S607 - wherever the user has it
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        found["ffmpeg"] = said.split("\n", 1)[0].removeprefix("ffmpeg version ").split(" ")[0]
    except OSError:
        found["ffmpeg"] = "absent"
    return found
