"""`genre completion`: a script that lets a shell complete commands, options and their values."""

import argparse
import logging
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

from genre.cli import COMMANDS
from genre.cli.completion_scripts import SHELLS, Argument, Command
from genre.cli.help_text import is_path, takes_value, values_of
from genre.cli.options import OptionParser
from genre.cli.terminal import put
from genre.errors import MissingPackageError
from genre.extras import explained
from genre.suggestions import not_among

# Texts that are files, though the parser takes other words in their place.
_FILES = {"genres", "plugin", "data", "paths"}
_DEVICES = ("auto", "cpu", "cuda", "mps")


def run(argv: Sequence[str]) -> int:
    """Print the script of a shell.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre completion`.

    Returns
    -------
    int
        The exit status.
    """
    parser = make_parser()
    shell = parser.read(argv).shell
    if shell not in SHELLS:
        parser.error(not_among("shell", shell, SHELLS))
    put(SHELLS[shell]([_command(name) for name in COMMANDS]))
    return 0


def make_parser() -> OptionParser:
    """Make the parser of `genre completion`."""
    parser = OptionParser(
        prog="genre completion",
        description=(
            "Print a script that lets a shell complete commands, options and their values: "
            "bash, zsh or fish. It has the options of this installation; print it again after an "
            "upgrade."
        ),
    )
    parser.add_argument("shell", type=str, help=f"Which shell: {', '.join(SHELLS)}.")
    return parser


def _command(name: str) -> Command:
    try:
        with explained():
            parser = import_module(f"genre.cli.{name}").make_parser()
            named = _named_values(name)
    except MissingPackageError as error:
        # training is an extra: the rest can be completed without it
        logging.getLogger(__name__).info("the options of genre %s are left out: %s", name, error)
        return Command(name=name)
    return Command(name=name, arguments=tuple(_arguments(parser, named)))


def _arguments(parser: OptionParser, named: Mapping[str, Sequence[str]]) -> Iterator[Argument]:
    for action in parser._actions:
        values = tuple(named.get(action.dest, ())) or values_of(action)
        names = tuple(name for name in action.option_strings if name in parser.shown_options)
        if names or not action.option_strings:
            yield Argument(
                names=names,
                values=values,
                takes_value=takes_value(action),
                is_many=action.nargs in ("+", "*"),
                is_path=not values and _is_file(action),
            )


def _is_file(action: argparse.Action) -> bool:
    return is_path(action) or action.dest in _FILES


def _named_values(command: str) -> dict[str, Sequence[str]]:
    """List what stands in registries, by the option that names it."""
    from genre.backbones.catalogue import OFFERS
    from genre.dataset.layouts.registry import label_options

    offers = [*OFFERS]
    found: dict[str, Sequence[str]] = {
        "labels": label_options(),
        "device": _DEVICES,
        "backbone": offers,
        "heard": offers,
        "shell": [*SHELLS],
    }
    if command == "train":
        found |= _of_training()
    if command == "backbone":
        found |= {"action": ["list", "add"], "what": offers}
    if command == "describe":
        from genre.describe import PARTS

        found["parts"] = PARTS
    if command == "sample":
        from genre.sample.genres import STYLES

        found["genres"] = [*STYLES]
    return found


def _of_training() -> dict[str, Sequence[str]]:
    from genre.experiment import AUTO
    from genre.grid.names import ALL, configuration_names
    from genre.grid.recipes import RECIPES
    from genre.inference.score_rule import AGGREGATIONS

    return {
        "recipe": [*RECIPES],
        "configs": [*configuration_names(), ALL],
        "aggregation": [AUTO, *AGGREGATIONS],
    }
