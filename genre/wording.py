"""Words for people: counts, lists and names in a form that a terminal and a page can show."""

import os
import re
import unicodedata
from collections.abc import Sequence

from genre.addresses import Place

__all__ = ["aligned", "counted", "listed", "percent", "printable", "safe_cell", "shown"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""What spreadsheets take for the beginning of a formula, or pass over before one."""


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    r"""Lay out a table for a terminal: the first column to the left, all others to the right.

    Parameters
    ----------
    rows : sequence of sequence of str
        All equally long, the header among them; what cannot be seen is written out.

    Returns
    -------
    list of str
        A line for each row.

    Examples
    --------
    >>> print("\n".join(aligned([["genre", "tracks"], ["jazz", "9"]])))
    genre  tracks
    jazz        9
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    sides = [str.ljust, *[str.rjust] * (len(widths) - 1)]
    return [
        "  ".join(
            side(cell, width) for side, cell, width in zip(sides, row, widths, strict=True)
        ).rstrip()
        for row in cells
    ]


def counted(number: int, noun: str) -> str:
    """Count something in words: ``1 track``, ``3 tracks``.

    Parameters
    ----------
    number : int
        How many there are.
    noun : str
        In the singular; one that takes an ``s``.

    Returns
    -------
    str

    Examples
    --------
    >>> counted(1, "track"), counted(3, "track")
    ('1 track', '3 tracks')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: Sequence[str], *, limit: int, separator: str = ", ") -> str:
    """Join names; past the limit say how many more there are.

    Parameters
    ----------
    names : sequence of str
        In the order in which they are written.
    limit : int
        The most names that are written out.
    separator : str
        What stands between two names.

    Returns
    -------
    str

    Examples
    --------
    >>> listed(["blues", "jazz", "soul"], limit=2)
    'blues, jazz and 1 more'
    """
    written = separator.join(names[:limit])
    n_more = len(names) - limit
    return f"{written} and {n_more} more" if n_more > 0 else written


def percent(share: float) -> str:
    """Write a share as a whole number of per cent: ``60 %``.

    Parameters
    ----------
    share : float, in [0, 1]
        The part of the whole.
    """
    return f"{100 * share:.0f} %"


def printable(text: str) -> str:
    r"""Write what cannot be seen as an escape: control characters, marks of direction, half codes.

    A name may hold a newline, an order to the terminal, or a mark that turns the rest of the line
    around; none of them may act where the name is shown.

    Parameters
    ----------
    text : str
        The name of a file, an artist or a genre, for example.

    Returns
    -------
    str
        The same text where all of it can be seen.

    Examples
    --------
    >>> printable("AC/DC\n")
    'AC/DC\\n'
    """
    if text.isprintable():
        return text
    return "".join(
        letter
        if letter.isprintable() or unicodedata.category(letter) == "Zs"
        else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )


def safe_cell(text: str) -> str:
    """Write a cell of a table so that no spreadsheet takes it for a formula.

    Parameters
    ----------
    text : str
        Somebody else's words: a file's name, for example.

    Returns
    -------
    str
        With an apostrophe before what would be a formula; numbers below 0 stay.

    Examples
    --------
    >>> safe_cell("=1+1.mp3"), safe_cell("-3.5"), safe_cell("a=b")
    ("'=1+1.mp3", '-3.5', 'a=b')
    """
    is_number = re.fullmatch(r"-(inf|[\d.]+(e[+-]?\d+)?)", text) is not None
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not is_number else text


def shown(path: Place) -> str:
    """Write a path so that any terminal and any file can hold it.

    Parameters
    ----------
    path : Path or Address
        Its name may be no text at all; what cannot be decoded becomes a replacement character.

    Returns
    -------
    str
    """
    return os.fsencode(str(path)).decode("utf-8", "replace")
