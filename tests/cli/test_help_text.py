"""The help of every command: short first, types as words, examples last."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from genre.cli import COMMANDS, main
from genre.cli.help_text import is_path, takes_value, values_of
from genre.cli.options import OptionParser


def told(name: str, word: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([name, word])
    assert stopped.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    parser: OptionParser = import_module(f"genre.cli.{name}").make_parser()
    short, whole = told(name, "--help", capsys), told(name, "--help-all", capsys)
    for text in (short, whole):
        assert text.startswith(f"usage: genre {name}")
        assert not re.search(r"<class|<function|Literal|SUPPRESS|NoneType|null\b|==", text)
        assert text.split("\nexamples:\n")[1].count("\n  genre ") >= 1
    lines = [line for line in short.splitlines() if not line.startswith("  genre ")]
    assert max(map(len, lines)) <= 80
    assert all(f"{option}" in whole for option in parser.shown_options)
    hidden = [option for option in parser.shown_options if f"  {option}" not in short]
    assert (f"`genre {name} --help-all` explains" in short) == (len(hidden) > 0)


def test_of_training_a_dozen_options_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    short = told("train", "--help", capsys)
    assert short.count("\n  --") == 12
    assert short.count("\n") < 90
    titles = re.findall(
        r"^([a-z0-9 -]+):$", told("train", "--help-all", capsys), flags=re.MULTILINE
    )
    for title in ("data and labels", "splits", "what to train", "how long and how fast"):
        assert f"\n{title}:\n" in short
    assert titles[-1] == "examples"
    for title in ("network", "augmentation", "limits", "many machines"):
        assert title in titles
        assert f"\n{title}:\n" not in short


def test_types_and_defaults_are_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    text = " ".join(told("train", "--help-all", capsys).split())
    for line in (
        "--data PATH ",
        "--epochs NUMBER ",
        "--split-by artist|track",
        "--folders-are-genres true|false",
        "--fractions TRAIN VAL TEST",
        "--channels NUMBER [...]",
        "default: 0.6 0.2 0.2)",
        "(a whole number, default: 120)",
    ):
        assert line in text


def test_what_an_argument_takes_is_known() -> None:
    parser = OptionParser(prog="genre test", description="A test.")
    flag = parser.add_argument("--flag", action="store_true", help="A flag.")
    path = parser.add_argument("--out", type=Path | None, default=None, help="A file.")
    choice = parser.add_argument("--kind", choices=["a", "b"], help="Which.")
    assert (takes_value(flag), takes_value(path)) == (False, True)
    assert (is_path(path), is_path(choice)) == (True, False)
    assert values_of(choice) == ("a", "b")
    assert values_of(path) == ()


def test_a_narrow_terminal_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert "--seeds" in told("train", "--help", capsys)
