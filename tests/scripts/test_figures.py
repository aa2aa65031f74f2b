"""The options and figures of the measuring scripts."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from figures import figures_parser, in_turn, peak_megabytes, ratio, tell_figures


def test_figures_are_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = figures_parser("bench_x.py", "Time x.\n\nAt length.")
    words = parser.parse_args(["--json", str(tmp_path / "x.json")])
    tell_figures({"ratio": 2.5}, words.json)
    assert json.loads((tmp_path / "x.json").read_text()) == {"ratio": 2.5}
    printed = capsys.readouterr().out
    assert '"ratio": 2.5' in printed
    assert printed.splitlines()[-1] == f"figures in {tmp_path / 'x.json'}"


def test_without_a_path_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tell_figures({"ratio": 1}, figures_parser("bench_x.py", "Time x.").parse_args([]).json)
    assert capsys.readouterr().out == '{\n "ratio": 1\n}\n'
    assert list(tmp_path.iterdir()) == []


def test_jobs_take_turns_after_a_warm_up() -> None:
    called: list[str] = []
    jobs = {"a": lambda: called.append("a"), "b": lambda: called.append("b")}
    times = in_turn(jobs, rounds=2)
    assert called == ["a", "b"] * 3
    assert [len(times[name]) for name in ("a", "b")] == [2, 2]
    assert min(times["a"]) > 0


def test_a_job_is_repeated_until_its_time_is_up() -> None:
    calls: list[int] = []
    times = in_turn({"a": lambda: calls.append(1)}, rounds=1, seconds=0.01)
    assert len(calls) > 2
    assert 0 < times["a"][0] < 0.01  # per call


def test_a_ratio_is_that_of_the_middle_turn() -> None:
    assert ratio([2.0, 30.0, 4.0], [1.0, 10.0, 1.0]) == 3.0


def test_the_most_memory_is_told_where_a_system_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resource")
    before = peak_megabytes()
    assert before is not None
    held = np.ones(int(2e7) + int(before * 1e6 / 8))  # 160 MB more than the most so far
    after = peak_megabytes()
    assert after is not None
    assert after - before > 100
    assert after > held.nbytes / 1e6
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    assert peak_megabytes() is None
