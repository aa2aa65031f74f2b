"""An environment of chosen packages and no others, made of links to those installed here."""

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
# Without the site's packages and the user's.
ALONE = ("-s", "-S")


def locked(name: str) -> dict[str, str]:
    """Read the packages of a lock that apply here, with their versions."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    entries = [Requirement(line.removesuffix("\\")) for line in lines if line[:1].isalnum()]
    return {
        entry.name: str(entry.specifier).removeprefix("==")
        for entry in entries
        if entry.marker is None or entry.marker.evaluate()
    }


def brought_by(*extras: str) -> set[str]:
    """Name what `pip install '.[extras]'` brings here, with all that these packages need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [project["dependencies"], *(project["optional-dependencies"][e] for e in extras)]
    queue = [Requirement(text) for texts in wanted for text in texts]
    found: dict[str, set[str]] = {}
    while queue:
        entry = queue.pop()
        name = canonicalize_name(entry.name)
        if entry.marker is not None and not entry.marker.evaluate():
            continue
        new = {"", *entry.extras} - found.setdefault(name, set())
        found[name] |= new
        for text in metadata.requires(name) or () if new else ():
            needed = Requirement(text)
            if any(needed.marker is None or needed.marker.evaluate({"extra": e}) for e in new):
                needed.marker = None
                queue.append(needed)
    return set(found)


def link_packages(names: set[str], folder: Path) -> Path:
    """Make a folder for PYTHONPATH that holds these packages, and the project as it is here."""
    folder.mkdir()
    (folder / "genre").symlink_to(ROOT / "genre")
    for package in metadata.distributions():
        if canonicalize_name(package.name) not in names:
            continue
        for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            if not (folder / top).exists() and not top.endswith(".pth"):
                (folder / top).symlink_to(str(package.locate_file(top)))
    return folder
