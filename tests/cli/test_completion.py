"""`genre completion`: what the parsers know, as shells read it."""

import sys
from pathlib import Path

import pytest

from genre.cli import COMMANDS, main
from genre.cli.completion_scripts import SHELLS
from tests.cli.test_completion_scripts import completed


@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes_the_real_commands(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out

    def offered(words: str) -> set[str]:
        return completed(shell, script, ["genre", *words.split(" ")], tmp_path)

    assert offered("") >= set(COMMANDS)
    assert offered("train --ep") == {"--epochs"}
    assert offered("train --recipe sp") == {"speech_commands", "speech_commands_reference"}
    assert offered("train --configs attnTrue_lossbce attnTrue_lossf") == {"attnTrue_lossfocal"}
    assert offered("doctor music --labels f") == {"folders", "fma"}
    assert offered("sample --genres jazz r") == {"rock"}
    assert offered("completion z") == {"zsh"}
    assert offered("tag --write-level ") == {"leaf", "all", "top"}
    assert offered("train --data ") == {"music.csv"}
    assert "--help-all" in offered("info --")


def test_without_the_extra_of_training_the_rest_is_completed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "genre.cli.train", None)

    def missing(name: str) -> object:
        if name == "genre.cli.train":
            raise ModuleNotFoundError("no torch", name="torch")
        return __import__(name, fromlist=["make_parser"])

    monkeypatch.setattr("genre.cli.completion.import_module", missing)
    assert main(["completion", "fish"]) == 0
    out = capsys.readouterr().out
    assert "seen_subcommand_from doctor' -l labels" in out
    assert "seen_subcommand_from train' -l" not in out


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["completion", "bsh"])
    line = capsys.readouterr().err
    assert line == "error: shell='bsh' must be one of: bash, zsh, fish; did you mean bash?\n"
