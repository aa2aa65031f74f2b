"""How far a grid is, on a terminal and without one: genre.grid.progress."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from genre.execution.log_lines import JsonLines
from genre.grid import progress
from genre.grid.progress import GridProgress
from tests.epochs import epochs, make_epoch
from tests.terminals import Terminal, run_in_terminal, screen_of

LONG = "attnTrue_lossfocal/seed0/fold0"


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setenv("TERM", "xterm")
    with Terminal() as file:
        yield file


def test_80_columns_have_a_real_bar_and_a_whole_line_for_each_run(terminal: Terminal) -> None:
    planned = {LONG: 60, "attnFalse_lossbce/seed0/fold0": 60, "attnTrue_lossbce/seed0/fold1": 60}
    with GridProgress(planned, n_at_a_time=2, is_shown=True, file=terminal, width=80) as shown:
        shown.show(LONG, epochs(37))
        shown.show("attnFalse_lossbce/seed0/fold0", epochs(1))
        shown.show(LONG, epochs(38))
        bar, first, second = terminal.screen
    assert max(map(len, (bar, first, second))) <= 80
    assert bar.startswith("39/180 epochs |")
    assert bar.endswith("| ETA 03:31, best macro AP 0.600")  # 141 more of 3 s, two at a time
    assert bar[bar.index("|") : bar.rindex("|")].count(" ") + bar.count("█") > 20
    assert first == f"{LONG} 38/60 loss 0.123/0.234 AP 0.600 F1 0.50/0.46"
    assert second.startswith("attnFalse_lossbce/seed0/fold0  1/60 loss 0.123/0.234 AP 0.600")
    assert terminal.screen == []  # nothing is left behind


def test_a_wide_terminal_has_the_best_runs_name_and_a_line_is_freed(terminal: Terminal) -> None:
    planned = {"a/seed0": 10, "b/seed0": 10, "c/seed0": 10}
    with GridProgress(planned, n_at_a_time=2, is_shown=True, file=terminal, width=160) as shown:
        shown.begin("a/seed0")
        shown.show("b/seed0", [make_epoch(1), make_epoch(2, val_macro_ap=0.8), make_epoch(3)])
        bar, first, second = terminal.screen
        assert first == "a/seed0 0/10 starting"
        assert bar.endswith(", best macro AP 0.800 b/seed0")
        shown.show("a/seed0", epochs(4))
        shown.end("a/seed0")
        shown.begin("c/seed0")
        bar, first, second = terminal.screen
    assert bar.startswith("7/24 epochs |")  # what a has spared is not waited for
    assert first == "c/seed0 0/10 starting"
    assert second.startswith("b/seed0 3/10 loss")


def test_a_quiet_grid_says_nothing(capsys: pytest.CaptureFixture[str], terminal: Terminal) -> None:
    with GridProgress({"a/seed0": 9}, n_at_a_time=1, is_shown=False, file=terminal) as shown:
        shown.show("a/seed0", epochs(3))
        shown.end("a/seed0")
    assert terminal.getvalue() == ""
    assert capsys.readouterr() == ("", "")


def test_without_a_terminal_a_run_has_a_line_each_half_minute_and_one_at_its_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    monkeypatch.setattr(progress, "time", type("clock", (), {"monotonic": lambda: now[0]}))
    planned = {"a/seed0": 60, "b/seed0": 60}
    with caplog.at_level("INFO"), GridProgress(planned, n_at_a_time=2, is_shown=True) as shown:
        for name in planned:
            shown.begin(name)
        for number in range(1, 13):
            now[0] += 10
            shown.show("a/seed0", epochs(number))
        shown.show("b/seed0", [make_epoch(1), make_epoch(2, val_macro_ap=float("nan"))])
        shown.end("a/seed0")
    words = [record.getMessage() for record in caplog.records]
    assert len(words) == 120 / 30 + 1 + 1
    assert words[0].startswith("a/seed0 3/60 loss 0.123/0.234 AP 0.600 F1 0.50/0.46 accuracy")
    assert "; all 3/120 ETA " in words[0]
    assert words[-1] == "a/seed0: 12 epochs, 02:00, macro AP 0.600 at 12 (1 of 2)"
    ended = json.loads(JsonLines(None).format(caplog.records[-1]))
    assert (ended["seconds"], ended["best_epoch"], ended["n_epochs"]) == (120.0, 12, 12)
    facts = json.loads(JsonLines(None).format(caplog.records[-2]))
    assert (facts["run"], facts["epoch"], facts["epochs"]) == ("b/seed0", 2, 60)
    assert facts["val_macro_ap"] is None
    assert facts["n_done"] == 14


def test_exclusive_genres_are_chosen_by_accuracy(caplog: pytest.LogCaptureFixture) -> None:
    epoch = replace(make_epoch(1), val_track_accuracy=0.75, val_log_loss=0.5)
    with caplog.at_level("INFO"), GridProgress({"a": 1}, n_at_a_time=1, is_shown=True) as shown:
        shown.show("a", [epoch])
        shown.end("a")
    assert caplog.messages[-1].endswith(", accuracy 0.750 at 1 (1 of 1)")
    assert epoch.in_short[1] == "right 0.750"


PROGRAM = """
import logging
import re, sys
logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
from genre.grid.progress import GridProgress
from tests.epochs import epochs
planned = {f"attnTrue_lossfocal/seed0/fold{k}": 12 for k in range(5)}
with GridProgress(planned, n_at_a_time=2, is_shown=True) as shown:
    for name in planned:
        for n in range(1, 13):
            shown.show(name, epochs(n))
            if n == 6:
                logging.getLogger("genre.elsewhere").warning("odd")
        shown.end(name)
print("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal of Unix")
def test_on_a_real_terminal_of_80_columns_no_line_is_broken_and_the_ends_stay() -> None:
    status, written = run_in_terminal("-c", PROGRAM, TERM="xterm")
    assert status == 0
    left = [line for line in screen_of(written, width=80) if line]
    assert left.pop() == "done"  # from the first column on
    assert left[0::2] == ["odd"] * 5
    assert re.match(
        r"attnTrue_lossfocal/seed0/fold0: 12 epochs, 00:0\d, macro AP 0.600 at", left[1]
    )
    assert left[-1].endswith("(5 of 5)")
    assert "60 epochs |" in written
    # As many as the screen says: nothing is drawn over on a terminal that cannot.
    status, written = run_in_terminal("-c", PROGRAM, TERM="dumb")
    assert (status, written.replace("\r\n", "\n").splitlines()) == (0, [*left, "done"])
