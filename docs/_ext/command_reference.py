"""The reference of the commands: what `--help-all` prints, laid out as a page."""

import contextlib
import io
import os
import re
from collections.abc import Iterator
from unittest import mock

from genre.cli import COMMANDS, main

# What holds for all commands is said once, at the top of the page.
EVERYWHERE = {"-h", "--help", "--help-all", "--config", "--print_config", "--print_shtab"}
_PLAIN_GROUPS = ("options", "arguments", "positional arguments")
_WIDTH = "100"


def commands() -> str:
    """Write every command with its options as Markdown.

    Returns
    -------
    str
    """
    return "\n".join(line for command in COMMANDS for line in _command(command))


def help_of(command: str) -> str:
    """Read what a command says of itself.

    Parameters
    ----------
    command : str
        One of `genre.cli.COMMANDS`.

    Returns
    -------
    str
        With all options.
    """
    for option in ("--help-all", "--help"):
        out = io.StringIO()
        with (
            mock.patch.dict(os.environ, {"COLUMNS": _WIDTH}),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(io.StringIO()),
            contextlib.suppress(SystemExit),
        ):
            main([command, option])
        if out.getvalue():
            return out.getvalue()
    raise LookupError(f"genre {command} has no help")


def _command(name: str) -> Iterator[str]:
    yield from (f"## genre {name}", "", f"```{{program}} genre {name}", "```", "")
    usage, *parts = help_of(name).strip().split("\n\n")
    if usage.startswith("usage:") and "[options]" in usage:
        yield from (f"`{usage.removeprefix('usage: ')}`", "")
    for part in parts:
        title, _, body = part.partition("\n")
        if title == "examples:":
            yield from ("**Examples**", "", "```text", body, "```", "")
        elif re.fullmatch(r"\S.*:", title) and body.startswith("  "):
            yield from _group(title.removesuffix(":"), body)
        elif part.startswith("  "):
            yield from ("```text", part, "```", "")
        else:
            yield from (_escaped(part), "")


def _group(title: str, body: str) -> Iterator[str]:
    entries = [
        one for one in _entries(body) if not EVERYWHERE & {*re.findall(r"--?[\w-]+", one[0])}
    ]
    if entries and title not in _PLAIN_GROUPS:
        yield from (f"**{_escaped(title[:1].upper() + title[1:])}**", "")
    for head, text in entries:
        yield from (f"````{{option}} {head}", _escaped(text), "````", "")


def _entries(body: str) -> Iterator[tuple[str, str]]:
    """Cut a group into its options: a head is two spaces in, its text further."""
    found: list[list[str]] = []
    for line in body.splitlines():
        if re.match(r"  \S", line):
            found.append(re.split(r" {2,}", line.strip(), maxsplit=1))
        elif found:
            found[-1].append(line.strip())
    for head, *text in found:
        yield head, " ".join(text)


def _escaped(text: str) -> str:
    """Keep signs from acting as Markdown, but for code between backticks."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(
        part if part.startswith("`") else re.sub(r"([\\*_<>\[\]|#$])", r"\\\1", part)
        for part in parts
    )
