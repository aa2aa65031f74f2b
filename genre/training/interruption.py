"""Ctrl-C waits for the write in hand."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def finish_before_interrupt() -> Iterator[None]:
    """Let the block end before a Ctrl-C that comes meanwhile is raised.

    Outside the main thread, where Python raises no Ctrl-C, it does nothing.

    Raises
    ------
    KeyboardInterrupt
        After the block, where Ctrl-C came within.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def _remember(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    before = signal.signal(signal.SIGINT, _remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt
