"""How every picture looks, and how it is saved.

Pictures are built with matplotlib's objects alone, never with its global state, so that they can
be drawn from any thread and leave nothing behind. Colours are those of Okabe and Ito, which people
with any colour vision can tell apart; a marker or a line style goes with each.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from genre.atomic import atomic_file

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINE_STYLES = ("-", "--", "-.", ":")
GREY = "#808080"
SAVED_DPI = 200
WIDTH = 6.6
"""Inches: two such pictures stand side by side on a page, and one can be read on a telephone."""


def new_figure(
    width: float,
    height: float,
    *,
    n_rows: int = 1,
    n_columns: int = 1,
    height_ratios: Sequence[float] | None = None,
    share: bool = False,
) -> Figure:
    """Make a figure with axes, laid out so that no label is clipped.

    Parameters
    ----------
    width, height : float
        Size in inches.
    n_rows, n_columns : int
        The grid of axes; find them, row by row, in ``figure.axes``.
    height_ratios : sequence of float, length n_rows, optional
        How high the rows are; by default all alike.
    share : bool
        Whether all axes show the same range, named at the outermost only.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    figure.subplots(
        n_rows, n_columns, squeeze=False, sharex=share, sharey=share, height_ratios=height_ratios
    )
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def colour(index: int) -> str:
    """Choose the colour of the index-th thing, round and round.

    Parameters
    ----------
    index : int
        Its place, from 0.
    """
    return PALETTE[index % len(PALETTE)]


def line_style(index: int) -> str:
    """Choose a line style that changes when the colours come round again.

    Parameters
    ----------
    index : int
        Its place, from 0.
    """
    return LINE_STYLES[index // len(PALETTE) % len(LINE_STYLES)]


def marker(index: int) -> str:
    """Choose the marker of the index-th thing: another one when the colours come round again.

    Parameters
    ----------
    index : int
        Its place, from 0.
    """
    return MARKERS[(index + index // len(PALETTE)) % len(MARKERS)]


def literal(name: str) -> str:
    """Write a name so that matplotlib reads no formula between its dollar signs.

    Parameters
    ----------
    name : str
        Anything that a user may have named.
    """
    return name.replace("$", r"\$")


def highest_and_own(
    scores: NDArray[Any], truth: NDArray[np.bool_], n_shown: int
) -> NDArray[np.intp]:
    """Choose the genres of a track to draw: the highest, and further down those that it has.

    Parameters
    ----------
    scores, truth : ndarray of shape (n_labels,), in [0, 1] and bool
        Of one track.
    n_shown : int
        So many of the highest.

    Returns
    -------
    ndarray of shape (n_drawn,), int
        Columns, the highest score first.
    """
    order = np.argsort(-scores, kind="stable")
    return order[(np.arange(len(order)) < n_shown) | truth[order]]


def light_grid(axes: Axes, *, axis: str = "both") -> None:
    """Draw a faint grid behind the data.

    Parameters
    ----------
    axes : Axes
        Where.
    axis : x, y or both
        Which lines.
    """
    axes.grid(visible=True, axis=axis, color="#dddddd", linewidth=0.6)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def save_figure(figure: Figure, path: Path) -> Path:
    """Write a figure as a PNG of 200 dots per inch; it appears whole or not at all.

    Parameters
    ----------
    figure : Figure
        Any picture of this package.
    path : Path
        The file to write; its folder is made where needed.

    Returns
    -------
    Path
        The path that was given.
    """
    with atomic_file(path) as file:
        figure.savefig(file, dpi=SAVED_DPI, format="png")
    return path
