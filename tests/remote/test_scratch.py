"""Room for what is brought: genre.remote.scratch."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from genre.addresses import Address
from genre.errors import ConfigError
from genre.remote import scratch

KILLED = """
import os, signal
from genre.remote.scratch import own_folder
(own_folder() / "half.wav").write_bytes(b"x" * 1000)
print(own_folder(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    scratch._folder_of.cache_clear()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_what_a_killed_process_left_is_cleared_and_what_a_live_one_has_stays() -> None:
    mine = scratch.own_folder()
    (mine / "a.wav").touch()
    killed = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True)
    left = Path(killed.stdout.strip())
    assert (left / "half.wav").exists()
    assert left.parent == mine.parent
    scratch.clear_leftovers()
    assert not left.exists()
    assert (mine / "a.wav").exists()
    assert scratch.own_folder() == mine


def test_a_folder_elsewhere_has_one_here_that_stays() -> None:
    one = scratch.scratch_of(Address("s3://b/cache"))
    assert one == scratch.scratch_of(Address("s3://b/cache/"))
    assert one != scratch.scratch_of(Address("s3://b/other"))
    assert one.is_dir()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs users by number")
def test_a_name_that_somebody_else_took_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / f"genre-{os.getuid()}").symlink_to(tmp_path / "theirs")
    with pytest.raises(ConfigError, match=r"must be a folder of your own; set TMPDIR"):
        scratch.own_folder()
