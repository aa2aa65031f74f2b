"""An environment of chosen packages and no others, made of links to those installed here."""

from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
# The build of torch for CUDA that may be installed here does not start without them.
CUDA = ("nvidia-", "cuda-", "triton")


def locked(name: str) -> dict[str, str]:
    """Read the packages of a lock that apply here, with their versions."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    entries = [Requirement(line.removesuffix("\\")) for line in lines if line[:1].isalnum()]
    return {
        entry.name: str(entry.specifier).removeprefix("==")
        for entry in entries
        if entry.marker is None or entry.marker.evaluate()
    }


def link_packages(names: set[str], folder: Path) -> Path:
    """Make a folder for PYTHONPATH that holds these packages, and the project as it is here."""
    folder.mkdir()
    (folder / "genre").symlink_to(ROOT / "genre")
    for package in metadata.distributions():
        name = canonicalize_name(package.name)
        if name not in names | {"genre"} and not name.startswith(CUDA):
            continue
        for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            if not (folder / top).exists() and not top.endswith(".pth"):
                (folder / top).symlink_to(str(package.locate_file(top)))
    return folder
