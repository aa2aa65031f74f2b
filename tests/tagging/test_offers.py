"""What the room offers stands in its `__all__`, and is loaded when it is asked for."""

import subprocess
import sys
from importlib import import_module

import pytest


@pytest.mark.parametrize(
    "room", ["genre.tagging", "genre.tagging.file_tags", "genre.tagging.onnx_export"]
)
def test_all_that_is_offered_is_there(room: str) -> None:
    module = import_module(room)
    assert module.__all__
    for name in module.__all__:
        assert getattr(module, name).__module__.startswith("genre.")


def test_what_is_not_offered_is_an_error() -> None:
    with pytest.raises(AttributeError, match=r"'genre\.tagging' has no attribute 'Jazz'"):
        import_module("genre.tagging").Jazz  # noqa: B018 - asked for on purpose


def test_workers_that_read_need_no_torch() -> None:
    code = "import sys, genre.tagging.reading; print('torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
