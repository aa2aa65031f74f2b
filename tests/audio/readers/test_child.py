"""A program that decodes for us: what comes of it, its limits, and that it ends with us."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from genre.audio.decode import open_audio
from genre.audio.readers.child import ChildSound, guarded
from genre.errors import ExecutionError, ExecutionErrorKind
from genre.execution import ExecutionConfig, run_units
from tests.programs import command_of, linux_only, processes, stand_in, wait_for


@linux_only
def test_a_program_dies_with_whoever_started_it() -> None:
    code = (
        "import subprocess, sys, time\n"
        "from genre.audio.readers.child import guarded\n"
        "child = guarded(['sleep', '60'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        child = int(worker.stdout.readline())
        assert wait_for(lambda: command_of(child).startswith("sleep"))
        os.kill(worker.pid, signal.SIGKILL)
    assert wait_for(lambda: command_of(child) == "")


def test_a_program_that_cannot_be_started_is_told() -> None:
    sound = ChildSound(["/nowhere/ffmpeg"], samplerate=44100, channels=1)
    n_read, trouble = sound.read_block(np.empty((10, 1), dtype=np.float32))
    assert n_read == 0
    assert trouble is not None
    sound.close()


def test_a_reader_who_stops_early_leaves_no_program_behind() -> None:
    sound = ChildSound(["cat", "/dev/zero"], samplerate=44100, channels=2)
    buffer = np.ones((65536, 2), dtype=np.float32)
    assert sound.read_block(buffer) == (65536, None)
    assert not buffer.any()
    assert sound._program is not None
    process = sound._program._process
    sound.close()
    assert process.poll() is not None
    sound.close()


def test_a_program_is_started_when_its_sound_is_wanted(tmp_path: Path) -> None:
    sound = ChildSound(["touch", str(tmp_path / "mark")], samplerate=44100, channels=2)
    sound.close()
    assert not (tmp_path / "mark").exists()


def test_many_complaints_neither_stop_the_sound_nor_fill_the_memory() -> None:
    script = "yes 'Error while decoding x' | head -c 3000000 >&2; head -c 800000 /dev/zero; exit 3"
    sound = ChildSound(["sh", "-c", script], samplerate=44100, channels=1)
    buffer = np.empty((100_000, 1), dtype=np.float32)
    assert sound.read_block(buffer) == (100_000, None)
    assert sound.read_block(buffer)[0] == 100_000
    n_read, trouble = sound.read_block(buffer)
    assert (n_read, trouble) == (0, "ffmpeg: Error while decoding x, exit code 3")
    assert sound._program is not None
    assert len(sound._program._complaints) == 8192
    sound.close()


@linux_only
def test_a_program_has_limits_and_writes_no_file(tmp_path: Path) -> None:
    script = f"sleep 0.3; ulimit -v; ulimit -t; echo hello > {tmp_path}/written"
    with guarded(["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        told, _ = child.communicate(timeout=20)
    memory, seconds = told.split()[:2]
    assert int(memory) <= 2**21
    assert int(seconds) <= 1200
    assert (tmp_path / "written").read_text() == ""


def length_of(path: str) -> float:
    decoder = open_audio(Path(path))
    return sum(map(len, decoder.blocks())) / decoder.sample_rate


@linux_only
def test_a_worker_that_is_killed_takes_its_ffmpeg_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = '{"codec_name": "aac", "sample_rate": "44100", "channels": 2}'
    stand_in(tmp_path, "ffprobe", f"""echo '{{"streams": [{stream}]}}'""")
    # it may write no file, so it is known by how long it sleeps
    seconds = f"61.{os.getpid()}"
    stand_in(tmp_path, "ffmpeg", f"exec sleep {seconds}")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    path = tmp_path / "a.m4a"
    path.write_bytes(b"\x00\x00\x00\x20ftypM4A " + bytes(100))
    config = ExecutionConfig(n_workers=1, timeout_seconds=3.0)
    (outcome,) = run_units(length_of, [str(path)], config=config)
    assert isinstance(outcome.error, ExecutionError)
    assert outcome.error.kind is ExecutionErrorKind.TIMEOUT
    assert wait_for(lambda: not any(seconds in command_of(child) for child in processes()))
