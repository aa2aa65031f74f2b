"""What the room offers: every name is there, and none brings more than it needs."""

import subprocess
import sys

import pytest

import genre.audio


@pytest.mark.parametrize("name", genre.audio.__all__)
def test_every_name_is_what_its_module_has(name: str) -> None:
    found = getattr(genre.audio, name)
    modules = [m for path, m in sys.modules.items() if path.startswith("genre.audio.")]
    assert any(vars(module).get(name) is found for module in modules)


def test_a_name_that_is_not_offered_is_missing() -> None:
    with pytest.raises(AttributeError, match=r"module 'genre.audio' has no attribute 'decode_all'"):
        _ = genre.audio.decode_all


def loaded_by(statement: str, packages: tuple[str, ...]) -> list[str]:
    code = f"import sys; {statement}; print(*(m for m in {packages!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import genre.audio", []),
        ("from genre.audio import sniff", []),
        ("from genre.audio import open_audio", ["numpy", "soundfile", "soxr"]),
        ("from genre.audio import log_mel", ["numpy"]),
        (
            "import numpy; from genre.audio import log_mel; log_mel(numpy.zeros(9))",
            ["numpy", "scipy"],
        ),
        ("from genre.audio import extract", ["numpy", "soundfile", "soxr"]),
    ],
)
def test_only_what_is_needed_is_loaded(statement: str, expected: list[str]) -> None:
    assert loaded_by(statement, ("numpy", "scipy", "soundfile", "soxr", "torch")) == expected
