"""genre.inference.runtime: the right onnxruntime, which tells nobody and leaves nothing behind."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from genre.errors import BundleError
from genre.inference.runtime import OLDEST, import_runtime
from tests.bundles import small_bundle, write_bundle

ROOT = Path(__file__).parents[2]
USE = """
import sys
from pathlib import Path
from genre.inference import load_bundle
load_bundle(Path(sys.argv[1])).network().wait()
"""


def test_it_must_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(BundleError, match="onnxruntime must be installed to use a trained model"):
        import_runtime()
    with pytest.raises(BundleError, match="onnxruntime must be installed"):
        small_bundle().network().wait()


@pytest.mark.parametrize(
    ("version", "is_fine"), [("1.9.0", False), ("1.23.9", False), ("1.24.0", True)]
)
def test_it_must_not_be_too_old(
    monkeypatch: pytest.MonkeyPatch, version: str, is_fine: bool
) -> None:
    other = ModuleType("onnxruntime")
    other.__dict__.update(__version__=version, disable_telemetry_events=lambda: None)
    monkeypatch.setitem(sys.modules, "onnxruntime", other)
    if is_fine:
        assert import_runtime() is other
        return
    with pytest.raises(BundleError, match=rf"onnxruntime={version} must be at least 1\.24"):
        import_runtime()


def test_the_oldest_is_the_one_that_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (bound,) = [text for text in project["dependencies"] if text.startswith("onnxruntime>=")]
    assert bound.startswith(f"onnxruntime>={'.'.join(map(str, OLDEST))}")


def test_a_model_is_used_without_a_trace(tmp_path: Path) -> None:
    """Onnxruntime 1.29 and later would keep a number of the machine in the home folder."""
    write_bundle(small_bundle(), tmp_path / "bundle")
    places = [tmp_path / name for name in ("home", "temporary")]
    for place in places:
        place.mkdir()
    environment = {
        **{name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ},
        **{"HOME": str(places[0]), "TMPDIR": str(places[1]), "PYTHONPATH": str(ROOT)},
        "ORT_DISABLE_TELEMETRY": "0",
    }
    command = [sys.executable, "-c", USE, str(tmp_path / "bundle")]
    subprocess.run(command, env=environment, check=True, timeout=120)
    assert [path for place in places for path in place.rglob("*")] == []


def test_nothing_else_of_the_package_imports_it() -> None:
    """Whoever did so before `import_runtime` would let it report."""
    importing = re.compile(r"^( *)(import|from) onnxruntime\b(?!\.quantization)", re.MULTILINE)
    found = {
        path.relative_to(ROOT).as_posix(): len(importing.findall(path.read_text("utf-8")))
        for path in (ROOT / "genre").rglob("*.py")
    }
    # `network` names a class of it for type checkers.
    assert {name for name, n_times in found.items() if n_times} == {
        "genre/inference/runtime.py",
        "genre/inference/network.py",
    }
