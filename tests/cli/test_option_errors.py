"""Faults of the parser in words of this project: one line, with what may be meant."""

from pathlib import Path

import pytest

from genre.cli.option_errors import explain

SEE = " See genre train --help-all"
KNOWN = ["--epochs", "--data", "--split-by", "--split-seed", "--augment.gain-db"]


def said(message: str, *, known: list[str] = KNOWN, places: tuple[str, ...] = ()) -> str:
    return explain(message, prog="genre train", known=known, places=places)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            "unrecognized arguments: --epoch 3",
            "unrecognized arguments: --epoch 3; did you mean --epochs? See genre train --help-all",
        ),
        (
            "unrecognized arguments: --qqq",
            f"unrecognized arguments: --qqq; known options: {' '.join(KNOWN)}",
        ),
        (
            "Option 'augment.gain_bd' is not accepted",
            "key=augment.gain_bd must be an option of genre train; did you mean augment.gain_db?"
            + SEE,
        ),
        (
            "Option 'training.epochs' is not accepted",
            "key=training.epochs must be an option of genre train; did you mean epochs?" + SEE,
        ),
        (
            "argument --split-by: invalid choice: 'artsit' (choose from 'artist', 'track')",
            "split_by=artsit must be one of: artist, track; did you mean artist?",
        ),
        (
            "argument --split-by: invalid choice: 'artsit' (choose from artist, track)",
            "split_by=artsit must be one of: artist, track; did you mean artist?",
        ),
        ("something\n else", "something else"),
    ],
)
def test_what_may_be_meant_is_named(message: str, line: str) -> None:
    assert said(message) == line


def test_long_lists_of_options_are_left_to_the_help() -> None:
    known = [f"--option-{number}" for number in range(40)]
    line = said("unrecognized arguments: --qqq", known=known)
    assert line == "unrecognized arguments: --qqq; see genre train --help-all"


def test_what_is_missing_is_named_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    message = "the following arguments are required: paths"
    assert said(message, places=("paths",)) == "paths must be given: genre train PATHS"
    assert said(message, places=("bundle", "paths")) == (
        "paths must be given: genre train BUNDLE PATHS; the model comes first; there is none in "
        "results: genre train makes one, as results/demo/best"
    )
