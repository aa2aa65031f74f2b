"""Locks between processes: genre.file_locks."""

import subprocess
import sys
from pathlib import Path

import pytest

from genre.file_locks import lock

HOLD = """
import sys
from genre.file_locks import lock
file = open(sys.argv[1], "wb")
print(lock(file), flush=True)
sys.stdin.readline()
"""


def test_a_file_is_one_process_s_until_it_ends(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"True"
        with path.open("wb") as file:
            assert not lock(file)
            other.kill()
            assert lock(file, wait=True)
            assert lock(file)


def test_where_there_are_no_locks_it_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    def refuse(*_: object) -> None:
        raise OSError("no locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert lock(3)
