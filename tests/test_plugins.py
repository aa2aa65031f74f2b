"""Registries and what others add to them: genre.plugins."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from genre import plugins
from genre.errors import ConfigError
from genre.hashing import hash_file
from genre.plugins import Registry, active_plugins, load_plugins


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget at the end what a test has loaded."""
    monkeypatch.setattr(plugins, "_loaded", {})
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("genre_plugin_"):
            del sys.modules[name]


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry[int]:
    """Make a registry that a plug-in can import as genre.plugins.TOYS."""
    made = Registry("toy", {"one": 1})
    monkeypatch.setattr(plugins, "TOYS", made, raising=False)
    return made


def write(folder: Path, text: str, name: str = "mine.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


ADDS_TWO = "from genre.plugins import TOYS\nTOYS['two'] = 2\n"


def test_a_name_stands_for_one_entry(registry: Registry[int]) -> None:
    registry["one"] = registry["one"]  # a module that is read twice
    with pytest.raises(ConfigError, match="toy='one' must have another name: it is there already"):
        registry["one"] = 7
    assert registry["one"] == 1


def test_an_unknown_name_is_answered_with_the_known_ones(registry: Registry[int]) -> None:
    registry["two"] = 2
    assert registry.find("two") == 2
    with pytest.raises(ConfigError, match="toy='three' must be one of: one, two"):
        registry.find("three")


def test_a_file_adds_and_the_registry_knows_where_from(
    tmp_path: Path, registry: Registry[int]
) -> None:
    path = write(tmp_path, ADDS_TWO)
    (found,) = load_plugins([str(path)])
    assert registry == {"one": 1, "two": 2}
    assert (found.name, found.source, found.sha256) == ("mine.py", str(path), hash_file(path))
    assert registry.origin("two") == found
    assert registry.origin("one") is None


def test_each_is_loaded_once(tmp_path: Path, registry: Registry[int]) -> None:
    path = write(tmp_path, ADDS_TWO + "TOYS.count = getattr(TOYS, 'count', 0) + 1\n")
    load_plugins([str(path), str(path)])
    load_plugins([str(path)])
    assert getattr(registry, "count", 0) == 1
    assert len(active_plugins()) == 1


def test_a_module_is_named_as_it_is_imported(
    tmp_path: Path, registry: Registry[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, ADDS_TWO, "toy_plugin_of_a_test.py")
    monkeypatch.syspath_prepend(tmp_path)
    (found,) = load_plugins(["toy_plugin_of_a_test"])
    assert (found.name, found.source) == ("toy_plugin_of_a_test", "toy_plugin_of_a_test")
    assert found.sha256 == hash_file(path)
    assert registry["two"] == 2


def test_installed_packages_are_found_by_their_entry_point(
    tmp_path: Path, registry: Registry[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, ADDS_TWO, "toy_plugin_installed.py")
    monkeypatch.syspath_prepend(tmp_path)
    entry = EntryPoint(name="toy", value="toy_plugin_installed", group="genre.plugins")
    monkeypatch.setattr(plugins, "entry_points", lambda *, group: {"genre.plugins": [entry]}[group])
    assert [plugin.name for plugin in load_plugins()] == ["toy_plugin_installed"]
    assert registry["two"] == 2


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("absent.py", None, "plugin='.*absent.py' must be a module or a .py file that is there"),
        ("broken.py", "def (:\n", "broken.py' must be importable: invalid syntax"),
        ("needs.py", "import no_such_module\n", "needs.py' must be importable: No module named"),
    ],
)
def test_what_cannot_be_imported_is_named(
    tmp_path: Path, name: str, text: str | None, message: str
) -> None:
    path = tmp_path / name
    if text is not None:
        write(tmp_path, text, name)
    with pytest.raises(ConfigError, match=message):
        load_plugins([str(path)])
    assert active_plugins() == ()
    assert not [module for module in sys.modules if module.startswith("genre_plugin_")]


def test_a_module_that_is_nowhere_is_named() -> None:
    with pytest.raises(ConfigError, match="plugin='no_such_plugin' must be importable: there is"):
        load_plugins(["no_such_plugin"])
    with pytest.raises(ConfigError, match=r"plugin='no_such\.plugin' must be importable: No modu"):
        load_plugins(["no_such.plugin"])


def test_a_mistake_in_its_code_is_not_hidden(tmp_path: Path) -> None:
    path = write(tmp_path, "1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        load_plugins([str(path)])
    assert active_plugins() == ()


def test_what_it_defines_is_pickled_between_processes(tmp_path: Path) -> None:
    path = write(tmp_path, "class Thing:\n    value = 7\n")
    ask = "import sys, pickle; from genre.plugins import load_plugins; load_plugins(sys.argv[1:]); "
    give = "sys.stdout.buffer.write(pickle.dumps(next(m for n, m in sys.modules.items() if "
    give += "n.startswith('genre_plugin_')).Thing()))"
    take = "print(pickle.loads(sys.stdin.buffer.read()).value)"
    first = subprocess.run(
        [sys.executable, "-c", ask + give, str(path)], capture_output=True, check=True
    )
    second = subprocess.run(
        [sys.executable, "-c", ask + take, str(path)],
        input=first.stdout,
        capture_output=True,
        check=True,
    )
    assert second.stdout.strip() == b"7"
