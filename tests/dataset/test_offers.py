"""What the room and its sub-rooms offer is there, and nothing else."""

import subprocess
import sys
from importlib import import_module

import pytest


@pytest.mark.parametrize(
    "room",
    ["genre.dataset", "genre.dataset.doctor", "genre.dataset.layouts", "genre.dataset.splits"],
)
def test_every_name_that_is_offered_is_there(room: str) -> None:
    module = import_module(room)
    offered: list[str] = module.__all__
    assert offered == sorted(
        offered, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )
    for name in offered:
        assert getattr(module, name).__class__ is not type(module), f"{name} is a module"
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = module.nonsense


def test_what_is_offered_is_loaded_when_asked_for() -> None:
    heavy = ("numpy", "pandas", "matplotlib", "mutagen")
    code = (
        "import sys, genre.dataset\n"
        f"print(*(name for name in {heavy!r} if name in sys.modules))\n"
        "from genre.dataset.doctor import diagnose\n"
        "print('matplotlib' in sys.modules)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout == "\nFalse\n"
