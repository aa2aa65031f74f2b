"""A terminal for tests: what stands on its screen after what was written to it."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

WORDS = re.compile(r"\x1b\[(?P<count>\d*)(?P<order>[A-Za-z])|(?P<letter>.)", re.DOTALL)


class Terminal(io.StringIO):
    """Keeps what is drawn on it."""

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return True

    @property
    def screen(self) -> list[str]:
        """The lines that a person sees, without empty ones."""
        return [line for line in screen_of(self.getvalue()) if line]


def screen_of(text: str, *, width: int = 10_000) -> list[str]:
    """Replay what was written: letters, line ends, returns, and moves of the cursor."""
    lines: list[list[str]] = [[]]
    row = column = 0
    for word in WORDS.finditer(text):
        if word["order"]:
            assert word["order"] == "A", "colours, or other orders than a move upwards"
            row -= int(word["count"] or 1)
        elif word["letter"] == "\r":
            column = 0
        elif word["letter"] == "\n":
            row += 1  # a terminal of Unix gets "\r\n"; a file does not, and needs none here
            column = 0
        else:
            assert column < width, "a line is broken"
            lines += [[] for _ in range(row + 1 - len(lines))]
            lines[row] += [" "] * (column + 1 - len(lines[row]))
            lines[row][column] = word["letter"]
            column += 1
    return ["".join(line).rstrip() for line in lines]


def run_in_terminal(*words: str, columns: int = 80, **environment: str) -> tuple[int, str]:
    """Run a Python program in a pseudo-terminal; its exit status, and all that it wrote."""
    import fcntl
    import pty
    import struct
    import termios

    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    root = str(Path(__file__).resolve().parents[1])
    process = subprocess.Popen(
        [sys.executable, *words],
        stdin=its,
        stdout=its,
        stderr=its,
        env={**os.environ, "PYTHONPATH": root, **environment},
    )
    os.close(its)
    written = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the program has ended
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    return process.wait(), written.decode("utf-8", errors="replace")
