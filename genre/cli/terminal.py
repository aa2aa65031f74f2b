"""Standard output for what was asked for, standard error for the rest, and a bar between them."""

import sys
import typing

from tqdm import tqdm

if typing.TYPE_CHECKING:
    from genre.cli.options import OptionParser
from genre.execution.log_lines import is_json_wanted, json_line


def put(text: str) -> None:
    """Write text to standard output as it is, above a progress bar where both are on a terminal."""
    if text and sys.stdout.isatty():
        tqdm.write(text, file=sys.stdout, end="")
    else:
        sys.stdout.write(text)


def note(message: str) -> None:
    """Write a message to standard error, above a progress bar; an empty one is not written."""
    if message:
        _write(json_line(message, level="info") if is_json_wanted() else message)


def complain(message: str) -> None:
    """Write why a command ends to standard error; as JSON where the log is JSON."""
    _write(json_line(message, level="error") if is_json_wanted() else message)


def _write(line: str) -> None:
    tqdm.write(line, file=sys.stderr)


def add_log_json(parser: "OptionParser") -> None:
    """Add ``--log-json``, for programs that read what is said on the way.

    Parameters
    ----------
    parser : OptionParser
        Gets the option; whoever reads it calls `genre.execution.log_lines.log_as_json`.
    """
    parser.add_argument(
        "--log-json",
        type=bool,
        default=False,
        help="Write what is said on the way as lines of JSON, one object each, to the standard "
        "error: time, level, message and figures. There is no bar then.",
    )
