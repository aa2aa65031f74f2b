"""What goes to standard output and what beside it: genre.cli.terminal."""

import json
import sys
from pathlib import Path

import pytest
from tqdm import tqdm

from genre.cli import main
from genre.cli.terminal import complain, note, put
from genre.execution.log_lines import log_as_json


def test_text_goes_to_standard_output_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    put("one\ntwo")
    put("")
    put(" three\n")
    assert capsys.readouterr() == ("one\ntwo three\n", "")


def test_on_a_terminal_text_is_written_above_the_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written: list[tuple[str, object]] = []

    def write(text: str, *, file: object, end: str) -> None:
        written.append((text + end, file))

    monkeypatch.setattr(tqdm, "write", write)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    put("one\n")
    put("")
    assert written == [("one\n", sys.stdout)]
    assert capsys.readouterr().out == ""


def test_messages_go_to_standard_error_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    note("odd")
    note("")
    note("odder")
    assert capsys.readouterr() == ("", "odd\nodder\n")


@pytest.mark.parametrize("command", ["train", "features"])
def test_a_program_that_reads_json_gets_nothing_else(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = {"train": ["--data", str(tmp_path / "no")], "features": [str(tmp_path / "no")]}
    try:
        assert main([command, *words[command], "--log-json", "true"]) == 1
        note("odd")
        told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    finally:
        log_as_json(False)
    assert [line["level"] for line in told[-2:]] == ["error", "info"]
    assert told[-2]["message"].startswith("error: data=")
    assert told[-1]["message"] == "odd"
    complain("error: x")
    assert capsys.readouterr().err == "error: x\n"
