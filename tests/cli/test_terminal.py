"""What goes to standard output and what beside it: genre.cli.terminal."""

import sys

import pytest
from tqdm import tqdm

from genre.cli.terminal import note, put


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
