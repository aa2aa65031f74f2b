"""The house keeps its shape: who imports whom, how long files are, no hidden state, no prints."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "genre"
TESTS = ROOT / "tests"
SOURCES = sorted(PACKAGE.rglob("*.py"))
SCRIPTS = sorted((ROOT / "scripts").rglob("*.py"))

# What is open to all, and `execution` to all but `evaluation`.
OPEN = {
    "errors",
    "addresses",
    "remote",
    "config",
    "atomic",
    "provenance",
    "wording",
    "hashing",
    "plugins",
    "lazy",
    "extras",
    "version",
    "pages",
    "tag_errors",
    "spelling",
    "taxonomy",
    "genre_tree",
    "tasks",
    "json_files",
    "array_files",
    "file_locks",
    "suggestions",
}
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "addresses": set(),
    "remote": {"addresses", "errors", "extras", "file_locks", "hashing", "wording"},
    "config": {"errors", "suggestions"},
    "atomic": {"errors"},
    "provenance": set(),
    "tag_errors": set(),
    "spelling": {"errors"},
    "taxonomy": {"errors", "spelling", "suggestions"},
    "genre_tree": set(),
    "tasks": set(),
    "wording": {"addresses"},
    "hashing": set(),
    "plugins": {"errors", "hashing", "suggestions"},
    "extras": {"errors"},
    "lazy": {"extras"},
    "json_files": set(),
    "array_files": set(),
    "file_locks": set(),
    "version": set(),
    "suggestions": set(),
    "pages": {"wording"},
    "execution": OPEN,
    "audio": OPEN | {"execution"},
    "sample": OPEN | {"execution", "audio"},
    "dataset": OPEN | {"execution", "audio"},
    "inference": OPEN | {"execution", "audio"},
    "backbones": OPEN | {"execution", "audio", "inference"},
    "models": OPEN | {"execution", "audio", "inference"},
    "evaluation": OPEN,
    "training": OPEN
    | {"execution", "dataset", "inference", "models", "audio", "evaluation.metrics"},
    "experiment": OPEN
    | {"execution", "audio", "dataset", "inference", "models", "evaluation", "training"},
    "grid": OPEN
    | {"execution", "audio", "sample", "dataset", "inference", "models", "evaluation", "training"}
    | {"experiment", "backbones"},
    "tagging": OPEN | {"execution", "audio", "inference", "evaluation.thresholds"},
    "review": OPEN | {"execution", "audio", "dataset", "inference", "evaluation", "tagging"},
    "describe": OPEN | {"execution", "audio", "tagging"},
    "loading": OPEN | {"inference", "models", "tagging"},
    "serving": OPEN | {"execution", "inference", "tagging", "sample", "review", "describe"},
    "tour": OPEN
    | {"execution", "audio", "sample", "dataset", "inference", "models", "evaluation", "training"}
    | {"tagging", "loading"},
}
ANYTHING = {"cli", "__main__", ""}  # the command line, and the package's own `load_tagger`

LIBRARIES_OF_AUDIO = {"numpy", "scipy", "soundfile", "soxr"}
NOT_IN_EVALUATION = {"torch", "torchaudio", "librosa"}
# Of the backbones, those of `transformers` alone need these; the commands import that room in time.
OF_TRANSFORMERS = {"torch", "torchaudio", "transformers"}


def room_of(path: Path) -> str:
    """Name the room of a file of the package; "" is the package's own file."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imports_of(path: Path) -> set[str]:
    """List the modules a file imports, lazy ones too, with "genre." names in full."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            found.add(module)
            if module == "genre":
                found |= {f"genre.{alias.name}" for alias in node.names}
    return found


def edges(path: Path) -> set[str]:
    """Name what a file imports from the house's other rooms, without the leading "genre."."""
    inside = {name.removeprefix("genre.") for name in imports_of(path) if name.startswith("genre.")}
    return {name for name in inside if name.split(".")[0] != room_of(path)}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path)
    if room in ANYTHING:
        return
    assert room in ROOMS, f"{room} is no room of the plan"
    allowed = ROOMS[room]
    wrong = {
        name
        for name in edges(path)
        if not any(name == target or name.startswith(f"{target}.") for target in allowed)
    }
    assert wrong == set()


def test_the_plan_itself_has_no_cycles() -> None:
    without: set[str] = set()

    def reach(room: str, seen: tuple[str, ...]) -> None:
        assert room not in seen, f"cycle: {seen} → {room}"
        for target in {target.split(".")[0] for target in ROOMS[room]} - without:
            reach(target, (*seen, room))
        without.add(room)

    for room in ROOMS:
        reach(room, ())


def test_modules_of_a_room_do_not_import_in_circles() -> None:
    graph = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): {
            name for name in top_level_imports(path) if name.startswith("genre")
        }
        for path in SOURCES
    }

    without: set[str] = set()  # whatever is reached from these is in no circle

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join((*trail, module))
        for target in sorted(graph.get(module, set()) - without - {module}):
            visit(target, (*trail, module))
        without.add(module)

    for module in graph:
        visit(module, ())


def top_level_imports(path: Path) -> set[str]:
    """List the modules imported when the file is loaded."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_rooms_use_only_their_libraries(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports_of(path)} - {"genre"}
    outside -= sys.stdlib_module_names
    if room_of(path) == "audio":
        assert outside <= LIBRARIES_OF_AUDIO
    if room_of(path) == "evaluation":
        assert not outside & NOT_IN_EVALUATION
    if PACKAGE / "backbones" / "hf" not in path.parents and room_of(path) != "describe":
        assert "transformers" not in outside
        assert room_of(path) != "backbones" or not outside & OF_TRANSFORMERS


@pytest.mark.parametrize("path", [*SOURCES, *SCRIPTS], ids=relative)
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", [*SOURCES, *SCRIPTS], ids=relative)
def test_functions_stay_short(path: Path) -> None:
    long = {
        node.name: length
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := code_lines(node)) > 40
    }
    assert long == {}


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring."""
    last = function.end_lineno or function.lineno
    first = function.body[0]
    doc = ast.get_docstring(function)
    documented = (first.end_lineno or first.lineno) - first.lineno + 1 if doc else 0
    return last - function.lineno + 1 - documented


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_no_hidden_random_state_and_no_print(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bn(um)?py?\.random\.(seed|rand|randn|randint|choice|shuffle)\b", text)
    imported = imports_of(path)
    assert "random" not in imported
    if "torch.manual_seed" in text:
        assert relative(path) == "genre/training/trainer.py"
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "print" not in calls or room_of(path) == "cli"


def documented(path: Path) -> list[tuple[str, list[str]]]:
    """List the functions and classes of a file with the lines of their docstrings."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    docs = [(node.name, ast.get_docstring(node)) for node in nodes if isinstance(node, kinds)]
    return [(name, doc.splitlines()) for name, doc in docs if doc]


def without_a_sentence(lines: list[str]) -> list[str]:
    """List the parameters of a numpydoc docstring under which nothing is said."""
    if "Parameters" not in lines:
        return []
    start = lines.index("Parameters") + 2
    rules = (n for n in range(start, len(lines)) if lines[n].startswith("---"))
    section = lines[start : next(rules, len(lines) + 1) - 1]
    return [
        line
        for line, following in zip(section, [*section[1:], ""], strict=True)
        if line and not line.startswith(" ") and not following.startswith(" ")
    ]


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_docstrings_say_something_of_every_parameter(path: Path) -> None:
    bare = {name: found for name, doc in documented(path) if (found := without_a_sentence(doc))}
    assert bare == {}
    # What a function returns is not given, told or said.
    assert not [name for name, doc in documented(path) if re.match(r"(Give|Say|Tell)\b", doc[0])]


def test_a_parameter_without_a_sentence_is_found() -> None:
    doc = [
        "Do.",
        "",
        "Parameters",
        "---",
        "a : int",
        "    Why.",
        "b : str",
        "",
        "Returns",
        "---",
        "c",
    ]
    assert without_a_sentence(doc) == ["b : str"]
    assert without_a_sentence(["Do."]) == []


def mirror_of(path: Path) -> Path:
    """Name the test file of a module: the same folders, ``test_`` before the name."""
    return TESTS / path.relative_to(PACKAGE).parent / f"test_{path.name}"


MODULES = [path for path in SOURCES if path.name != "__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_every_module_has_its_test_file(path: Path) -> None:
    """At the mirrored place, and the file names the module in full."""
    place = mirror_of(path)
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    assert place.is_file(), f"{relative(path)} needs {relative(place)}"
    assert names_module(place, module), f"{relative(place)} never names {module}"


def names_module(test_file: Path, module: str) -> bool:
    """Whether a test file holds a module's whole name, and not only that of a longer one."""
    parent, _, stem = module.rpartition(".")
    text = test_file.read_text(encoding="utf-8")
    whole = rf"(?<![\w.]){re.escape(module)}(?!\w)"
    imported = rf"from {re.escape(parent)} import \(?[^)]*?\b{stem}\b"
    return re.search(f"{whole}|{imported}", text) is not None


def test_the_guard_can_fail(tmp_path: Path) -> None:
    file = tmp_path / "test_x.py"
    file.write_text(
        "from genre.audio.mel_bank import x\nfrom genre.audio import (\n    limits,\n)\n"
    )
    assert names_module(file, "genre.audio.mel_bank")
    assert names_module(file, "genre.audio.limits")
    assert not names_module(file, "genre.audio.mel")
    assert not names_module(file, "genre.audio.facts")


HEAVY = ("torch", "librosa", "matplotlib", "pandas", "sklearn", "scipy", "numpy", "jsonargparse")


@pytest.mark.parametrize("words", ["import genre", "from genre.cli import main; main(['--help'])"])
def test_the_package_and_its_help_load_nothing_heavy(words: str) -> None:
    code = f"import sys; {words}; print('loaded:', *(m for m in {HEAVY!r} if m in sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "loaded:"


def test_nothing_tracked_names_a_package_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock
