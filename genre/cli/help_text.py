"""What `genre COMMAND --help` prints: few options first, all of them with `--help-all`, in groups.

Types are words, and every command ends with examples.
"""

import argparse
import shutil
import textwrap
import types
import typing
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from genre.addresses import place
from genre.cli.examples import EXAMPLES
from genre.cli.help_groups import GROUPS, RARELY_NEEDED, first_options
from genre.wording import counted

_COLUMN = 24
_NARROWEST = 20  # of what an option does, on however narrow a terminal
_WIDEST = 100
_WORDS = {int: "NUMBER", float: "NUMBER", Path: "PATH", place: "PATH", str: "TEXT"}
_LONGEST_CHOICE = 40
_OF_THE_HELP = {"--help", "--help-all", "--print_config"}
_LAST = "files and plug-ins"


def help_text(parser: argparse.ArgumentParser, command: str, *, is_all: bool) -> str:
    """Write the help of a command.

    Parameters
    ----------
    parser : ArgumentParser
        With all its arguments.
    command : str
        Its name behind ``genre``, which finds its groups and its examples.
    is_all : bool
        Whether options that few people need are listed too.

    Returns
    -------
    str
        Lines of at most the terminal's width.
    """
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    groups, n_hidden = _grouped(parser, command, is_all=is_all)
    parts = [_usage(parser), _wrapped(parser.description or "", width)]
    parts += [
        "\n".join((f"{title}:", *(_entry(action, width) for action in actions)))
        for title, actions in groups
    ]
    if is_all and parser.epilog:
        parts.append(parser.epilog.strip("\n"))
    if n_hidden:
        parts.append(f"`{parser.prog} --help-all` explains {counted(n_hidden, 'more option')}.")
    if examples := EXAMPLES.get(command):
        lines = (f"  {line}\n      {what}" for line, what in examples)
        parts.append("\n".join(("examples:", *lines)))
    return "\n\n".join(part for part in parts if part) + "\n"


def values_of(action: argparse.Action) -> tuple[str, ...]:
    """List the values that an argument can have, where they are few and known.

    Parameters
    ----------
    action : Action
        Of a parser.

    Returns
    -------
    tuple of str
        Empty where any text, number or path may be one.
    """
    if action.choices is not None:
        return tuple(map(str, action.choices))
    hint = _hint(action)
    if typing.get_origin(hint) is typing.Literal:
        return tuple(map(str, typing.get_args(hint)))
    return ("true", "false") if hint is bool else ()


def takes_value(action: argparse.Action) -> bool:
    """Whether a word has to follow an option.

    Parameters
    ----------
    action : Action
        Of a parser.
    """
    return action.nargs != 0 and not _is_print_config(action)


def is_path(action: argparse.Action) -> bool:
    """Whether an argument is a file or a folder.

    Parameters
    ----------
    action : Action
        Of a parser.
    """
    return _hint(action) in (Path, place) or "--config" in action.option_strings


def _grouped(
    parser: argparse.ArgumentParser, command: str, *, is_all: bool
) -> tuple[list[tuple[str, list[argparse.Action]]], int]:
    """Sort arguments into groups, and count those that are left for `--help-all`."""
    tables = {**RARELY_NEEDED, **GROUPS.get(command, {})}
    title_of = {dest: title for title, dests in tables.items() for dest in dests}
    order = ["arguments", *GROUPS.get(command, {}), "options", *RARELY_NEEDED]
    found: dict[str, list[argparse.Action]] = {title: [] for title in order}
    first = first_options(command)
    n_hidden = 0
    for action in parser._actions:
        if argparse.SUPPRESS in str(action.help):
            continue
        title = title_of.get(action.dest, "options")
        if not action.option_strings:
            title = "arguments"
        elif {*action.option_strings} & _OF_THE_HELP:
            if not is_all:
                continue
            title = _LAST
        elif not is_all and not _is_first(action, title, first):
            n_hidden += 1
            continue
        found[title].append(action)
    for title, actions in found.items():
        place_of = {dest: number for number, dest in enumerate(tables.get(title, ()))}
        actions.sort(key=lambda action: place_of.get(action.dest, len(place_of)))
    return [(title, actions) for title, actions in found.items() if actions], n_hidden


def _is_first(action: argparse.Action, title: str, first: frozenset[str]) -> bool:
    if action.required:
        return True
    if first:
        return action.dest in first
    return title not in RARELY_NEEDED


def _is_print_config(action: argparse.Action) -> bool:
    return "--print_config" in action.option_strings


def _usage(parser: argparse.ArgumentParser) -> str:
    given = [action for action in parser._actions if not action.option_strings]
    needed = [action for action in parser._actions if action.option_strings and action.required]
    words = [parser.prog, *map(_place, given)]
    words += [f"{action.option_strings[-1]} {_word(action)}" for action in needed]
    return f"usage: {' '.join(words)} [options]"


def _place(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest).upper()
    forms = {"+": f"{name} [{name} ...]", "*": f"[{name} ...]", "?": f"[{name}]"}
    return forms.get(str(action.nargs), name)


def _entry(action: argparse.Action, width: int) -> str:
    """Write an argument's names and values, and what they do beside or below."""
    if action.option_strings:
        word = _word(action)
        head = f"  {', '.join(action.option_strings)}{f' {word}' if word else ''}"
    else:
        head = f"  {str(action.metavar or action.dest).upper()}"
    text = " ".join(str(action.help or "").split())
    if said := ", ".join(_facts(action)):
        text = f"{text} ({said})"
    beside = max(width - _COLUMN, _NARROWEST)
    lines = textwrap.wrap(text, beside, break_long_words=False, break_on_hyphens=False)
    indented = [f"{'':{_COLUMN}}{line}" for line in lines]
    if len(head) <= _COLUMN - 2 and indented:
        indented[0] = f"{head:{_COLUMN}}{lines[0]}"
        return "\n".join(indented)
    return "\n".join((head, *indented))


def _word(action: argparse.Action) -> str:
    """Name the values of an option: ``NUMBER``, ``PATH``, ``artist|track``."""
    if not takes_value(action):
        return "[=FLAGS]" if _is_print_config(action) else ""
    if isinstance(action.metavar, tuple):
        return " ".join(action.metavar)
    values = "|".join(values_of(action))
    if 0 < len(values) <= _LONGEST_CHOICE:
        word = values
    else:
        word = action.metavar or ("PATH" if is_path(action) else _WORDS.get(_hint(action), "TEXT"))
    return f"{word} [...]" if action.nargs in ("+", "*") else word


def _facts(action: argparse.Action) -> Iterator[str]:
    if _hint(action) is int and action.option_strings:
        yield "a whole number"
    values = values_of(action)
    if len("|".join(values)) > _LONGEST_CHOICE:
        yield f"one of {', '.join(values)}"
    default = action.default
    told = _written(default)
    if told and action.option_strings and takes_value(action):
        yield f"default: {told}"


def _written(default: object) -> str:
    if default is None or default == argparse.SUPPRESS:
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, Sequence) and not isinstance(default, str):
        return " ".join(map(_written, default))
    return f"{default:g}" if isinstance(default, float) else str(default)


def _hint(action: argparse.Action) -> Any:  # noqa: ANN401 - any type can stand there
    """Find the type of an argument's value, without the None that means nothing was given."""
    hint = getattr(action, "_typehint", None) or action.type
    hint = getattr(hint, "_type", hint)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kinds: Iterable[Any] = typing.get_args(hint)
        hint = next(kind for kind in kinds if kind is not type(None))
    return hint


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(" ".join(text.split()), width, break_on_hyphens=False)
