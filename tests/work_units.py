"""Work for the tests of workers, importable by name."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from genre.errors import (
    AudioError,
    AudioErrorKind,
)
from genre.execution.pool import ExecutionConfig

ONE = ExecutionConfig(n_workers=1)


def square(number: int) -> int:
    return number * number


def misbehave(what: str) -> str:
    acts: dict[str, Callable[[], object]] = {
        "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
        "hang": lambda: time.sleep(60),
        "grow": lambda: bytearray(10**10),
        "fault": lambda: _raise(AudioError(AudioErrorKind.EMPTY, "no bytes")),
        "bug": lambda: _raise(ZeroDivisionError("a bug")),
        "good": lambda: None,
    }
    acts[what]()
    return what


def _raise(error: Exception) -> None:
    raise error


def process_id(_: int) -> int:
    return os.getpid()


def touch_and_wait(folder: str) -> None:
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(60)


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    # a child that has ended and was not waited for still answers
    status = Path(f"/proc/{process_id}/stat")
    return not status.exists() or status.read_text().split()[2] != "Z"
