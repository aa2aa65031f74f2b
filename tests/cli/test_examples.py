"""The examples of the help are words that the commands take."""

import shlex
from importlib import import_module

import pytest

from genre.cli import COMMANDS
from genre.cli.examples import EXAMPLES


def test_every_command_has_two() -> None:
    assert set(EXAMPLES) == set(COMMANDS)
    assert all(len(examples) == 2 for examples in EXAMPLES.values())


@pytest.mark.parametrize("line", [line for each in EXAMPLES.values() for line, _ in each])
def test_the_parser_takes_them(line: str) -> None:
    words = shlex.split(line.partition(" > ")[0])
    assert words[0] == "genre"
    parser = import_module(f"genre.cli.{words[1]}").make_parser()
    assert parser.parse_args(words[2:])
    assert len(line) <= 78
