"""Command-line options made from configuration dataclasses, so that flags and code cannot drift.

Every field becomes `--field-name` with its type, its default and the sentence of its docstring; a
TOML file given by `--config` may hold the same fields as keys.
"""

import argparse
import dataclasses
import sys
import typing
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from docstring_parser import parse
from jsonargparse import ArgumentParser, Namespace

from genre.addresses import Address, place
from genre.cli.help_text import help_text
from genre.cli.option_errors import explain
from genre.plugins import load_plugins

Config = TypeVar("Config")

DEVICE = (
    "Where the network computes: cpu; cuda, cuda:1 or mps, which need torch; or auto, a GPU where "
    "torch is installed and finds one."
)
_FOR_SHELLS = ("--print_shtab",)  # which offers the options to a shell, not to a person


class OptionParser(ArgumentParser):
    """A parser whose errors are one line that says what is legal.

    Parameters
    ----------
    prog : str
        The command as the user calls it.
    description : str
        What the command does, in a sentence.
    command : str, optional
        Whose groups and examples the help has, where that is not the last word of `prog`.
    epilog : str
        What `--help-all` says besides, as it is.
    """

    def __init__(
        self, *, prog: str, description: str, command: str | None = None, epilog: str = ""
    ) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            parser_mode="toml",
            allow_abbrev=False,
        )
        self._command = command or prog.split()[-1]
        self.add_argument("--help-all", action=_HelpAll, nargs=0, help="Explain every option.")
        self.add_argument("--config", action="config", help="A TOML file with these options.")

    @property
    def shown_options(self) -> list[str]:
        """The options that a person may type, those of `--help-all` among them."""
        names = (name for action in self._actions for name in action.option_strings)
        return [name for name in names if name[:2] == "--" and name not in _FOR_SHELLS]

    def format_help(
        self,
        formatter: argparse.HelpFormatter | None = None,  # noqa: ARG002 - as others have it
        *,
        is_all: bool = False,
    ) -> str:
        """Write what `--help` prints, or `--help-all`.

        Parameters
        ----------
        formatter : HelpFormatter, optional
            Not used: the help is laid out here.
        is_all : bool
            Whether every option is explained.
        """
        return help_text(self, self._command, is_all=is_all)

    def read(self, argv: Sequence[str]) -> Namespace:
        """Read a command's words, and load the plug-ins that they name.

        Parameters
        ----------
        argv : sequence of str
            The words after the command's name.
        """
        words = self.parse_args(list(argv))
        if "plugin" in words:
            load_plugins(words.plugin)
        return words

    def parse_args(  # type: ignore[override]  # in the one form that is used
        self, args: Sequence[str] | None = None
    ) -> Namespace:
        """Parse words; a value, or a file, that is nested without end is an error as any other."""
        for before, word in pairwise(("", *(args or ()))):
            equals = word.removeprefix("--config=") if word.startswith("--config=") else ""
            name = word if before == "--config" else equals
            # The parser takes what is no file for the text of one. A pipe is as good as a file.
            if name and "=" not in name and not _is_there(name):
                self.error(f"config={name} must be an existing TOML file")
        try:
            words: Namespace = super().parse_args(args)
        except RecursionError:
            self.error("options must be nested less deep")
        return words

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:  # noqa: ARG002
        """Print the fault in one line, with what may be meant; exit with status 2."""
        places = [action.dest for action in self._actions if not action.option_strings]
        line = explain(message, prog=self.prog, known=self.shown_options, places=places)
        self.exit(2, f"error: {line}\n")


class _HelpAll(argparse.Action):
    """Print the whole help, as `--help` prints its first part."""

    def __init__(self, option_strings: Sequence[str], dest: str, **others: Any) -> None:  # noqa: ANN401 - what argparse passes
        del dest
        super().__init__(option_strings, argparse.SUPPRESS, default=argparse.SUPPRESS, **others)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print it, and end."""
        if isinstance(parser, OptionParser):
            sys.stdout.write(parser.format_help(is_all=True))
        parser.exit()


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists() and not Path(name).is_dir()
    except OSError:  # such as a name that is too long
        return False


def add_options(
    parser: ArgumentParser,
    config_class: type[Any],
    *,
    skip: Collection[str] = (),
    prefix: str = "",
    defaults: object = None,
    texts: Mapping[str, str] | None = None,
    also: Mapping[str, str] | None = None,
) -> None:
    """Add an option for every field of a configuration.

    Parameters
    ----------
    parser : ArgumentParser
        Gets the options.
    config_class : dataclass type
        Its numpydoc docstring describes every field.
    skip : collection of str
        Fields that get no option.
    prefix : str
        Put before the names; nested configurations use "field.".
    defaults : dataclass instance, optional
        Gives the defaults; the class does if None.
    texts : mapping of str to str, optional
        By field, what `--help` says where the docstring cannot know: the entries of a registry.
    also : mapping of str to str, optional
        By field, a second name of its option: ``--layout``.
    """
    hints = typing.get_type_hints(config_class)
    documented = parse(config_class.__doc__ or "").params
    said = {entry.arg_name: entry.description for entry in documented} | dict(texts or {})
    for field in dataclasses.fields(config_class):
        if field.name in skip:
            continue
        hint = hints[field.name]
        default = _default(field) if defaults is None else getattr(defaults, field.name)
        if dataclasses.is_dataclass(hint):
            nested = typing.cast("type[Any]", hint)
            add_options(parser, nested, prefix=f"{prefix}{field.name}.", defaults=default)
            continue
        extra: dict[str, Any] = {"type": hint, "default": default}
        if Address in typing.get_args(hint):
            extra["type"] = place
        if typing.get_origin(hint) is tuple:
            of = typing.get_args(hint)[0]
            extra = {"type": of, "nargs": "+", "default": list(typing.cast("Any", default))}
        names = [f"--{prefix}{field.name}".replace("_", "-"), (also or {}).get(field.name, "")]
        parser.add_argument(*filter(None, names), help=said.get(field.name), **extra)


def add_plugins(parser: OptionParser) -> None:
    """Add ``--plugin``, which may be given several times.

    Parameters
    ----------
    parser : OptionParser
        Its `read` loads what is named.
    """
    parser.add_argument(
        "--plugin",
        action="append",
        default=[],
        metavar="MODULE",
        help="A module or a .py file that registers layouts, architectures, losses, aggregations "
        "or metrics of its own; several are named one by one.",
    )


def add_shelf(parser: OptionParser) -> None:
    """Add ``--backbones``, the folder of pre-trained networks.

    Parameters
    ----------
    parser : OptionParser
        Gets the option.
    """
    from genre.backbones.shelf import DEFAULT_SHELF  # what others do without

    parser.add_argument(
        "--backbones", type=Path, default=DEFAULT_SHELF, help="Folder of pre-trained networks."
    )


def add_min_score(parser: OptionParser) -> None:
    """Add ``--min-score``, below which a model of exclusive genres has no answer.

    Parameters
    ----------
    parser : OptionParser
        Gets the option.
    """
    parser.add_argument(
        "--min-score",
        type=float | None,
        default=None,
        help="For a model that says which one (--task exclusive): no genre is the answer where the "
        "best scores less, from 0 to 1; by default there always is one. The report says what "
        "share of the tracks then has an answer, and how many of these are right.",
    )


def add_shard(parser: OptionParser, rule: str) -> None:
    """Add ``--shard``, the part of a job that is done.

    Parameters
    ----------
    parser : OptionParser
        Gets the option.
    rule : str
        What decides of which part something is, for ``--help``.
    """
    parser.add_argument(
        "--shard",
        type=str,
        default="0/1",
        metavar="I/N",
        help="Which of how many parts, from 0 as the jobs of a batch system count: 0/16 to 15/16. "
        f"{rule}, so that no part needs to know of another.",
    )


def take(config_class: type[Config], words: Namespace, **fields: object) -> Config:
    """Build a configuration from parsed words.

    Parameters
    ----------
    config_class : dataclass type
        Of the configuration to build.
    words : Namespace
        Holds the fields that `add_options` added; absent ones keep their default.
    **fields
        Values that stand for what was skipped.
    """
    values: dict[str, Any] = dict(fields)
    for field in dataclasses.fields(typing.cast("Any", config_class)):
        if field.name in values or field.name not in words:
            continue
        value = words[field.name]
        if isinstance(value, Namespace):
            hint = typing.get_type_hints(config_class)[field.name]
            value = take(hint, value)
        values[field.name] = tuple(value) if isinstance(value, list) else value
    return config_class(**values)


def _default(field: "dataclasses.Field[Any]") -> object:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return None
