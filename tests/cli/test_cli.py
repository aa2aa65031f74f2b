"""What a user sees: help, one-line errors, exit statuses."""

import errno
import os
import signal
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import pytest

import genre
from genre.cli import COMMANDS, main, run_command, run_job
from genre.errors import GenreError


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for name in COMMANDS:
        assert f"  {name} " in text
        assert callable(import_module(f"genre.cli.{name}").run)
    assert main([]) == 2


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"genre {genre.__version__}\n"


def test_an_unknown_command_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trian"]) == 2
    line = capsys.readouterr().err
    assert "command='trian' must be one of: doctor, train, compare" in line
    assert line.endswith("; did you mean train?\n")


def failing(error: BaseException) -> Callable[[Sequence[str]], int]:
    def run(argv: Sequence[str]) -> int:  # noqa: ARG001 - a command's signature
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (GenreError("x=1 must be 2"), 1, "error: x=1 must be 2\n"),
        (KeyboardInterrupt(), 130, "interrupted: what was done is kept; the same command goes on"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "free some space"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), 1, "Permission denied: '/x'"),
    ],
)
def test_what_a_user_can_cause_is_one_line(
    error: BaseException,
    status: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("genre.cli.tag.run", failing(error))
    assert run_command("tag", []) == status
    line = capsys.readouterr().err
    assert message in line
    assert line.count("\n") == 1


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genre.cli.tag.run", failing(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        run_command("tag", [])


def test_training_on_nothing_says_where_it_looked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", "--data", str(tmp_path / "none"), "--out", str(tmp_path / "out")]
    assert main(words) == 1
    line = capsys.readouterr().err
    assert line.startswith("error: ")
    assert str(tmp_path / "none") in line
    assert not (tmp_path / "out").exists()


def test_a_folder_of_bad_files_is_examined_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "music" / "jazz").mkdir(parents=True)
    (tmp_path / "music" / "jazz" / "a.mp3").touch()
    (tmp_path / "music" / "jazz" / "b.mp3").write_text("words")
    assert main(["doctor", "music", "--n-workers", "1"]) == 0
    text = capsys.readouterr().out
    assert "2 files, 0 usable" in text
    assert "1. 1 file: 0 bytes. Copy or download them again." in text
    assert text.endswith("page: results/music/doctor.html\n")
    rows = (tmp_path / "results" / "music" / "doctor.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["path", "jazz/a.mp3", "jazz/b.mp3"]
    assert (
        (tmp_path / "results" / "music" / "doctor.html").read_text().startswith("<!DOCTYPE html>")
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none"], "data=none must be an existing folder"),
        (["music"], "No tracks found: looked in"),
        (["music", "--out", "music/results"], "out=music/results must lie outside music"),
        (["music", "--cache", "music"], "cache=music must lie outside music"),
        (["."], "out=results/{name} must lie outside ., which is left as it is"),
    ],
)
def test_what_the_doctor_cannot_examine(
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "music").mkdir()
    assert main(["doctor", *words]) == 1
    line = capsys.readouterr().err
    assert message.format(name=tmp_path.name) in line
    assert line.startswith("error: ")
    assert [path.name for path in tmp_path.rglob("*")] == ["music"]


def test_comparing_nothing_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["compare"]) == 1
    assert "train one first" in capsys.readouterr().err


def test_tagging_without_a_model_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tag", str(tmp_path), "song.mp3"]) == 1
    assert "model.json" in capsys.readouterr().err


def test_a_job_of_a_script_gets_its_words_and_ends_as_a_command_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    heard: list[Sequence[str]] = []

    def job(argv: Sequence[str]) -> int:
        heard.append(argv)
        return 5

    assert run_job(job, ["--seeds", "2"]) == 5
    assert heard == [["--seeds", "2"]]
    assert run_job(failing(GenreError("x=1 must be 2")), []) == 1
    assert capsys.readouterr().err == "error: x=1 must be 2\n"


def test_being_asked_to_end_stops_what_was_started_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before, stopped = signal.getsignal(signal.SIGTERM), []

    def job(_argv: Sequence[str]) -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
        finally:
            stopped.append(True)
        return 0

    assert run_job(job, []) == 143
    assert stopped == [True]
    assert capsys.readouterr().err == "ended: what was done is kept; the same command goes on\n"
    assert signal.getsignal(signal.SIGTERM) == before
