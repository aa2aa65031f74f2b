"""Programs for the tests: stand-ins for ffmpeg, and what runs on this machine."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's doing, on Linux only")


def stand_in(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def command_of(process_id: int) -> str:
    """Give what a process runs; "" where it has ended."""
    try:
        words = Path(f"/proc/{process_id}/cmdline").read_bytes()
    except FileNotFoundError:
        return ""
    return words.replace(b"\0", b" ").decode()


def processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            return False
        time.sleep(0.01)
    return True
