"""Names that packages offer and import when they are asked for: genre.lazy."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import genre
from genre.lazy import offer

PACKAGE = Path(genre.__file__).parent
LAZY = sorted(
    ".".join(path.relative_to(PACKAGE.parent).parent.parts)
    for path in PACKAGE.rglob("__init__.py")
    if "= offer(" in path.read_text(encoding="utf-8")
)


def test_a_name_is_taken_from_its_home_and_another_is_an_error() -> None:
    get, names = offer("genre", {"wording": ("counted", "listed")})
    assert get("listed") is import_module("genre.wording").listed
    assert {"counted", "listed", "__version__"} <= set(names())
    with pytest.raises(AttributeError, match="module 'genre' has no attribute 'other'"):
        get("other")


@pytest.mark.parametrize("package", LAZY)
def test_what_is_offered_is_there_and_type_checkers_see_the_same(package: str) -> None:
    module = import_module(package)
    offered = {name for name in module.__all__ if name != "__version__"}
    assert offered <= set(dir(module))
    assert all(hasattr(module, name) for name in offered)
    assert module.__file__ is not None
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    (checked,) = (
        node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node)
    )
    seen = {
        alias.name
        for node in checked.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    (call,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "offer"
    )
    homes = ast.literal_eval(call.args[1])
    assert {name for names in homes.values() for name in names} == seen
    assert seen <= offered


def test_importing_the_packages_loads_nothing_heavy() -> None:
    heavy = ("torch", "pandas", "matplotlib", "scipy", "flask", "statsmodels")
    code = f"import sys, {', '.join(LAZY)}; print(*(m for m in {heavy!r} if m in sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert len(LAZY) >= 6
    assert answer.stdout.strip() == b""
