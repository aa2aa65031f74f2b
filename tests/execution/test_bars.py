"""A bar on a terminal, lines elsewhere: genre.execution.bars."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from genre.execution import bars, log_lines
from genre.execution.bars import Bar, is_live
from tests.terminals import Terminal, run_in_terminal, screen_of

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import time
from genre.execution import bars
bars.SECONDS_BETWEEN_LINES = 0.2
for _ in bars.Bar(range(10), desc="features", unit="track"):
    time.sleep(0.06)
"""


def test_only_a_terminal_that_moves_its_cursor_is_drawn_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert is_live(Terminal())
    assert not is_live(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not is_live(Terminal())


def test_without_a_terminal_there_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(log_lines.logger, "isEnabledFor", lambda _: False)  # no log shows it
    now = [100.0]
    monkeypatch.setattr(bars, "time", type("clock", (), {"monotonic": lambda: now[0]}))
    bar = Bar(total=1000, desc="features", unit="track", mininterval=0)
    for seconds in (10, 10, 10, 10, 10):
        now[0] += seconds
        bar.update(100)
        bar.refresh()
    bar.close()
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith("features: 300 of 1000 tracks, ")
    assert last.startswith("features: 500 of 1000 tracks, ")


@pytest.mark.parametrize("is_off", [True, False])
def test_what_is_soon_done_says_nothing(is_off: bool, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(Bar(range(3), unit="track", disable=is_off)) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal of Unix")
def test_on_a_real_terminal_it_is_one_line_and_on_a_dumb_one_it_returns_never() -> None:
    status, written = run_in_terminal("-c", PROGRAM, TERM="xterm", NO_COLOR="1")
    assert status == 0
    (line,) = [line for line in screen_of(written, width=80) if line]
    assert line.startswith("features: 100%|██")
    status, written = run_in_terminal("-c", PROGRAM, TERM="dumb")
    lines = written.replace("\r\n", "\n").splitlines()
    assert status == 0
    assert 2 <= len(lines) <= 4
    assert "\r" not in written.replace("\r\n", "")
    assert lines[-1].startswith("features: 10 of 10 tracks, ")


def test_a_pipe_gets_no_return() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert b"\r" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith(b"features: 10 of 10 tracks, ")


def test_a_program_without_a_standard_error_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert not is_live()
    assert list(Bar(range(3), disable=True)) == [0, 1, 2]
