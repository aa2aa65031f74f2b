"""The options and figures of the measuring scripts."""

import json
from pathlib import Path

import pytest

from genre.cli.figures import figures_parser, tell_figures


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
