"""libmpg123 writes its complaints straight to the terminal; here it is kept from that.

The place it writes to belongs to the whole process. It is therefore only pointed elsewhere on the
main thread and only while the codec runs: a command of one thread stays clean, and a server, which
decodes on other threads, loses no line of its log and finds the codec's complaints there.
"""

import contextlib
import os
import threading
from collections.abc import Iterator

_STDERR = 2


@contextlib.contextmanager
def codec_silenced() -> Iterator[None]:
    """Send what a codec writes to the terminal nowhere, on the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    try:
        kept = os.dup(_STDERR)
    except OSError:  # there is no terminal to be kept clean
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _STDERR)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
