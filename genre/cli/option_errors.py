"""What is said of words that a command does not understand: one line, with what may be meant."""

import re
from collections.abc import Sequence
from pathlib import Path

from genre.suggestions import did_you_mean

_KINDS = {"int": "a whole number", "float": "a number", "bool": "true or false", "str": "text"}
_FEW = 12


def explain(message: str, *, prog: str, known: Sequence[str], places: Sequence[str]) -> str:
    """Put what the parser says into the words of all other messages.

    Parameters
    ----------
    message : str
        The parser's own.
    prog : str
        The command as the user calls it.
    known : sequence of str
        Its options, ``--epochs``.
    places : sequence of str
        The names of the values that stand alone, such as ``bundle``.

    Returns
    -------
    str
        One line.
    """
    line = " ".join(message.split())
    if missing := re.search(r"arguments are required: (.*)", line):
        return _missing(missing[1].split(", "), prog=prog, places=places)
    if found := re.search(r"nrecognized arguments: (\S+)", line):
        return f"{line}{_unknown(found[1], prog=prog, known=known, places=places)}"
    if found := re.search(r"Option '([\w.-]+)' is not accepted", line):
        name = found[1]
        keys = [option.removeprefix("--").replace("-", "_") for option in known]
        # a key of a table that is none here, as epochs below [training]
        meant = did_you_mean(name, keys) or did_you_mean(name.rpartition(".")[2], keys)
        return f"key={name} must be an option of {prog}{meant}{_listed(prog, known, meant)}"
    return _value(line)


def _unknown(word: str, *, prog: str, known: Sequence[str], places: Sequence[str]) -> str:
    """Guess what an unknown word may stand for."""
    option = word.partition("=")[0]
    if option[:2] != "--" or option == "--":
        meant = f"; did you mean --data {word}?" if "--data" in known and word[0] != "-" else ""
    elif option.removeprefix("--") in places:
        meant = f"; leave {option} out: its value stands alone"
    else:
        # In full, as in a file: a later version may have another option that begins like this.
        meant = did_you_mean(option.replace("_", "-"), known)
    return f"{meant}{_listed(prog, known, meant)}"


def _listed(prog: str, known: Sequence[str], meant: str) -> str:
    if meant.endswith("?"):
        return f" See {prog} --help-all"
    if meant or len(known) > _FEW:
        return f"; see {prog} --help-all"
    return f"; known options: {' '.join(known)}"


def _missing(names: Sequence[str], *, prog: str, places: Sequence[str]) -> str:
    usage = " ".join((prog, *(name.upper() for name in places)))
    line = f"{' and '.join(names)} must be given: {usage}"
    if "bundle" not in places:
        return line
    from genre.cli.bundles import models_here  # which nothing but this mistake needs

    return f"{line}; the model comes first; {models_here(Path())}"


def _value(line: str) -> str:
    wrong = re.fullmatch(r'Parser key "(.+?)": Expected an? (.+)\. Got value: (.*)', line)
    wrong = wrong or re.fullmatch(
        r'Parser key "(.+?)": Does not validate against any of the Union subtypes Subtypes: '
        r"\[(.+?)\] Errors: .* Given value: (.*)",
        line,
    )
    if choice := re.fullmatch(r"argument (\S+): invalid choice: '(.*)' \(choose from (.*)\)", line):
        name, value, kind = choice.groups()
        kind = f"typing.Literal[{kind}]"
        key = name.rpartition("/")[2].removeprefix("--").replace("-", "_")
    elif wrong is not None:
        key, kind, value = wrong.groups()
    else:
        return line
    if key == "config":
        return f"config={value} must be a TOML file"
    if legal := re.search(r"Literal\[(.*?)\]", kind):
        names = [name.strip(" '\"") for name in legal[1].split(",")]
        return f"{key}={value} must be one of: {', '.join(names)}{did_you_mean(value, names)}"
    kinds = re.findall(r"<class '(.+?)'>", kind) or [kind]
    said = [_KINDS.get(name, name) for name in kinds if name != "NoneType"]
    return f"{key}={value} must be {' or '.join(said)}"
