"""Ctrl-C, and being asked to end, wait for the write in hand."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def finish_before_interrupt() -> Iterator[None]:
    """Let the block end before a SIGINT or SIGTERM that comes meanwhile has its effect.

    Outside the main thread, which alone hears signals, it does nothing.

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

    before = {
        number: signal.signal(number, _remember) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for heard in sorted(set(came), reverse=True):  # SIGTERM first: nothing comes after it
        signal.raise_signal(heard)
