"""Tables and numbers as text."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from genre.wording import printable

# A line between letters emphasises nothing and stays, so that names can be read in the file too.
MARKUP = re.compile(r"([\\`*<>\[\]#~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def number(value: float, *, digits: int = 3) -> str:
    """Write a number with a fixed number of decimals; a dash where there is none.

    Parameters
    ----------
    value : float
        NaN where there is none.
    digits : int
        Decimals.
    """
    return "-" if np.isnan(value) else f"{value:.{digits}f}"


def signed(value: float, *, digits: int = 3) -> str:
    """Write a number with its sign; a dash where there is none.

    Parameters
    ----------
    value : float
        NaN where there is none.
    digits : int
        Decimals.
    """
    # Adding zero turns the -0.0 that rounding leaves into 0.0.
    return "-" if np.isnan(value) else f"{round(value, digits) + 0.0:+.{digits}f}"


def p_text(value: float) -> str:
    """Write a p-value with three decimals, without pretending to more.

    Parameters
    ----------
    value : float, in [0, 1]
        NaN where there was no test.
    """
    if np.isnan(value):
        return "-"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def p_phrase(value: float) -> str:
    """Write a p-value for a sentence: ``p = 0.012`` or ``p < 0.001``.

    Parameters
    ----------
    value : float, in [0, 1]
        NaN where there was no test.
    """
    text = p_text(value)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def tiny_p_text(value: float) -> str:
    """Write a p-value with its order of magnitude, however small.

    Parameters
    ----------
    value : float, in [0, 1]
        NaN where there was no test.
    """
    if np.isnan(value):
        return "-"
    return f"{value:.1e}" if value > 0 else "< 1e-300"


def span(low: float, high: float, *, with_sign: bool = False) -> str:
    """Write an interval in words; a dash where there is none.

    Parameters
    ----------
    low, high : float
        The ends; NaN where there is none.
    with_sign : bool
        Whether the ends have their signs, as those of a difference.
    """
    if np.isnan(low) or np.isnan(high):
        return "-"
    write = signed if with_sign else number
    return f"{write(low)} to {write(high)}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table: the first column to the left, all others to the right.

    Parameters
    ----------
    header : sequence of str
        Names of the columns.
    rows : iterable of sequence of str
        Each as long as the header.
    """
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    # A bar inside a cell would open another cell.
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def bullets(lines: Iterable[str]) -> str:
    """Write a Markdown list.

    Parameters
    ----------
    lines : iterable of str
        A line each.
    """
    return "\n".join(f"- {line}" for line in lines)


def plain(text: str) -> str:
    """Write a name so that nothing in it is read as Markdown or HTML, and all of it is seen.

    Parameters
    ----------
    text : str
        Anybody's name.
    """
    return MARKUP.sub(r"\\\1", printable(text))
