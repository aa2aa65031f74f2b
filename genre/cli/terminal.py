"""Standard output for what was asked for, standard error for the rest, and a bar between them."""

import sys

from tqdm import tqdm


def put(text: str) -> None:
    """Write text to standard output as it is, above a progress bar where both are on a terminal."""
    if text and sys.stdout.isatty():
        tqdm.write(text, file=sys.stdout, end="")
    else:
        sys.stdout.write(text)


def note(message: str) -> None:
    """Write a message to standard error, above a progress bar; an empty one is not written."""
    if message:
        tqdm.write(message, file=sys.stderr)
