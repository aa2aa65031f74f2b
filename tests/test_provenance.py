"""Where a number comes from."""

import platform
import re
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from typing import NoReturn

import pytest

from genre import provenance


@pytest.fixture(autouse=True)
def asked_afresh() -> Iterator[None]:
    """Forget the commit that was read, before and after."""
    provenance.current_commit.cache_clear()
    yield
    provenance.current_commit.cache_clear()


def answered(monkeypatch: pytest.MonkeyPatch, text: str) -> list[list[str]]:
    """Let git answer with a text, and list what it was asked."""
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, stdout=text)

    monkeypatch.setattr("genre.provenance.subprocess.run", run)
    return asked


def test_the_commit_is_what_git_describes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answered(monkeypatch, "0123456789abcdef-dirty\n")
    assert provenance.current_commit() == "0123456789abcdef-dirty"
    assert asked[0][:2] == ["git", "describe"]
    assert "--dirty" in asked[0]


def test_the_commit_stays_that_of_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answered(monkeypatch, "first")
    provenance.current_commit()
    answered(monkeypatch, "second")
    assert provenance.current_commit() == "first"
    assert len(asked) == 1


def test_outside_a_checkout_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, "")
    assert provenance.current_commit() is None


def test_without_git_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object, **__: object) -> NoReturn:
        raise FileNotFoundError("git")

    monkeypatch.setattr("genre.provenance.subprocess.run", absent)
    assert provenance.current_commit() is None


def test_a_commit_of_this_checkout_is_forty_digits() -> None:
    commit = provenance.current_commit()
    if commit is None:
        pytest.skip("not a checkout")
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?", commit)


def test_versions_are_those_installed() -> None:
    versions = provenance.versions()
    assert versions["python"] == platform.python_version()
    assert versions["numpy"] == version("numpy")
    # what a number of ours may depend on
    assert {"genre", "torch", "numpy", "scipy", "scikit-learn", "soundfile", "soxr"} <= set(
        versions
    )
