"""Options come from the dataclasses, errors are one line that lists what is legal."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from genre.cli import COMMANDS, main
from genre.cli.options import OptionParser, add_options, take


@dataclass(frozen=True, kw_only=True)
class Inner:
    """Inner options.

    Parameters
    ----------
    gain_db : float
        How loud, in dB.
    """

    gain_db: float = 6.0


@dataclass(frozen=True, kw_only=True)
class Options:
    """Options.

    Parameters
    ----------
    n_things : int
        How many things.
    names : tuple of str
        What they are called.
    hidden : int
        Not for the command line.
    inner : Inner
        More.
    """

    n_things: int = 3
    names: tuple[str, ...] = ("a", "b")
    hidden: int = 0
    inner: Inner = field(default_factory=Inner)


def parse(*words: str) -> Options:
    parser = OptionParser(prog="test", description="A test.")
    add_options(parser, Options, skip=["hidden"])
    return take(Options, parser.parse_args(list(words)))


def test_defaults_and_values() -> None:
    assert parse() == Options()
    expected = Options(n_things=4, names=("x", "y", "z"), inner=Inner(gain_db=1.0))
    words = ["--n-things", "4", "--names", "x", "y", "z", "--inner.gain-db", "1"]
    assert parse(*words) == expected


def test_an_option_may_have_a_second_name() -> None:
    parser = OptionParser(prog="test", description="A test.")
    add_options(parser, Options, also={"n_things": "--number"})
    for name in ("--n-things", "--number"):
        assert take(Options, parser.parse_args([name, "4"])).n_things == 4


def test_a_toml_file_holds_the_same_options(tmp_path: Path) -> None:
    (tmp_path / "o.toml").write_text('n_things = 7\nnames = ["q"]\n[inner]\ngain_db = 2\n')
    config = ["--config", str(tmp_path / "o.toml")]
    assert parse(*config) == Options(n_things=7, names=("q",), inner=Inner(gain_db=2.0))
    assert parse(*config, "--n-things", "8").n_things == 8


@pytest.mark.parametrize(
    ("words", "messages"),
    [
        (["--n-thigs", "4"], ["--n-thigs 4; did you mean --n-things? See test --help-all\n"]),
        (["--hidden", "4"], ["--hidden", "known options"]),
        (["--n-things", "four"], ["error: n_things=four must be a whole number\n"]),
        (["--inner.gain-db", "x"], ["error: inner.gain_db=x must be a number\n"]),
        (["--config", "gone.toml"], ["error: config=gone.toml must be an existing TOML file\n"]),
        (["--config=gone.toml"], ["error: config=gone.toml must be an existing TOML file\n"]),
        (["--config", "x" * 300], ["must be an existing TOML file\n"]),
        (["--config", "/"], ["error: config=/ must be an existing TOML file\n"]),
        (["stray"], ["stray"]),
    ],
)
def test_errors_are_one_line(
    words: list[str], messages: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(*words)
    assert stopped.value.code == 2
    line = capsys.readouterr().err
    assert line.startswith("error: ")
    assert line.count("\n") == 1
    for message in messages:
        assert message in line


def test_an_unknown_key_in_the_file_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "o.toml").write_text("n_thigs = 7\n")
    with pytest.raises(SystemExit):
        parse("--config", str(tmp_path / "o.toml"))
    assert "n_thigs" in capsys.readouterr().err


def test_help_explains_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse("--help")
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert "How many things." in text
    assert "default: 3" in text


@pytest.mark.parametrize("name", [name for name in COMMANDS])
def test_no_command_takes_part_of_an_option_for_the_option(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same on the command line and in a file: refused, and the option that is meant is named.

    What is left out of a name today may stand for two options tomorrow.
    """
    file = tmp_path / "o.toml"
    file.write_text("confi = 3\n")
    for words in (["--confi", str(file)], [f"--confi={file}"], ["--config", str(file)]):
        with pytest.raises(SystemExit) as stopped:
            main([name, *words])
        assert stopped.value.code == 2
        line = capsys.readouterr().err
        assert re.search(r"did you mean (--)?config\b", line)
        assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("epoch", ["epochs"]),
        ("seed", ["seeds"]),
        ("split", ["split-by", "split-seed"]),
        ("epochz", ["epochs"]),
        ("min-trakcs", ["min-tracks"]),
    ],
)
def test_the_nearest_option_is_named(
    wrong: str, meant: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "o.toml"
    file.write_text(f"{wrong.replace('-', '_')} = 3\n")
    options = " or ".join(f"--{name}" for name in meant)
    for words, told in (
        ([f"--{wrong}", "3"], options),
        ([f"--{wrong}=3"], options),
        (["--config", str(file)], options.replace("--", "").replace("-", "_")),
    ):
        with pytest.raises(SystemExit):
            main(["train", *words])
        assert f"did you mean {told}? See genre train --help-all" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("train music", "; did you mean --data music? See genre train --help-all\n"),
        ("doctor --data music", "; leave --data out: its value stands alone; see genre doctor "),
        ("doctor --data=music music", "; leave --data out: its value stands alone; see genre"),
        ("tag --bundle b x", "; leave --bundle out: its value stands alone; see genre tag"),
        ("train --task exclusiv", "one of: multilabel, exclusive; did you mean exclusive?\n"),
        ("train --split-by artsit", "split_by=artsit must be one of: artist, track; did you mean"),
        ("tag b x --top x", "error: top=x must be a whole number\n"),
        ("tag b x --max-seconds y", "error: max_seconds=y must be a number\n"),
        (
            "train --folders-are-genres maybe",
            "error: folders_are_genres=maybe must be true or false",
        ),
    ],
)
def test_what_is_wrong_is_said_in_words_of_this_project(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody has to know the names of Python's types, nor which command names its folder."""
    with pytest.raises(SystemExit):
        main(words.split())
    line = capsys.readouterr().err
    assert said in line
    assert line.count("\n") == 1
    assert not any(word in line for word in ("shtab", "Parser key", "class", "NoneType"))


def test_what_is_like_nothing_gets_the_list_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse("--qqqqqq", "3")
    line = capsys.readouterr().err
    assert "did you mean" not in line
    assert "known options" in line


@pytest.mark.parametrize("text", ["n_things = " + "[" * 20_000, "x = " + "{a=" * 20_000])
def test_a_file_that_is_nested_without_end_is_an_error(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "o.toml").write_text(text)
    with pytest.raises(SystemExit) as stopped:
        parse("--config", str(tmp_path / "o.toml"))
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith("error: ")
