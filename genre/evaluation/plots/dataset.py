"""Pictures of a data set: how many tracks and artists each genre has, and which go together."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from genre.evaluation.plots.style import colour, light_grid, literal, new_figure
from genre.wording import percent

HATCHES = ("", "//", "..", "xx")
LEGIBLE_CELLS = 16
"""Up to so many genres a matrix has a number written into every cell."""
LEGIBLE_COUNTS = 50
"""Up to so many, counts and shares are written into the cells that are not empty."""


def plot_genre_counts(genres: Sequence[str], counts: Mapping[str, NDArray[Any]]) -> Figure:
    """Draw the tracks of each genre, stacked by the part of the split they are in.

    Parameters
    ----------
    genres : sequence of str, length n_labels
        Names of the bars.
    counts : mapping of part (training, validation, test) to ndarray of shape (n_labels,)
        Number of tracks.
    """
    figure, axes = _bars(genres)
    left = np.zeros(len(genres))
    for index, (part, values) in enumerate(counts.items()):
        axes.barh(
            np.arange(len(genres)),
            values,
            left=left,
            color=colour(index),
            hatch=HATCHES[index % len(HATCHES)],
            edgecolor="white",
            linewidth=0.5,
            label=part,
        )
        left += np.asarray(values, dtype=np.float64)
    axes.set_xlabel("Number of tracks")
    figure.legend(loc="outside upper center", ncols=max(len(counts), 1), frameon=False)
    return figure


def plot_artists_per_genre(
    genres: Sequence[str], n_artists: NDArray[Any], largest_share: NDArray[Any]
) -> Figure:
    """Draw how many artists each genre has, and the share of its most frequent one.

    Parameters
    ----------
    genres : sequence of str, length n_labels
        Names of the bars.
    n_artists : ndarray of shape (n_labels,), int
        Number of artists.
    largest_share : ndarray of shape (n_labels,), in [0, 1]
        Share of the genre's tracks that its most frequent artist made.
    """
    figure = new_figure(9, _height(len(genres)), n_columns=2)
    left, right = figure.axes
    positions = np.arange(len(genres))
    left.barh(positions, n_artists, color=colour(0))
    right.barh(positions, largest_share, color=colour(1), hatch="//", edgecolor="white")
    _name_rows(left, genres)
    _name_rows(right, [""] * len(genres))
    left.set(xlabel="Number of artists", ylabel="Genre")
    left.xaxis.set_major_locator(MaxNLocator(integer=True))
    right.set_xlabel("Share of tracks by the top artist (0 to 1)")
    right.set_xlim(0, 1)
    return figure


def plot_genre_cooccurrence(genres: Sequence[str], y_true: NDArray[np.bool_]) -> Figure:
    """Draw how many tracks have both of two genres.

    Parameters
    ----------
    genres : sequence of str, length n_labels
        Names of rows and columns.
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The genres of each track.
    """
    counts = y_true.T.astype(int) @ y_true.astype(int)
    figure = matrix_figure(counts, genres, bar_label="Number of tracks with both genres")
    figure.axes[0].set(xlabel="Genre", ylabel="Genre")
    return figure


def matrix_figure(
    values: NDArray[Any],
    names: Sequence[str],
    *,
    bar_label: str,
    counts: NDArray[np.integer[Any]] | None = None,
) -> Figure:
    """Draw a square matrix with a colour bar, and with numbers where they can be read.

    Parameters
    ----------
    values : ndarray of shape (n_labels, n_labels)
        Not negative.
    names : sequence of str, length n_labels
        Names of rows and columns.
    bar_label : str
        What the colours mean, with its unit.
    counts : ndarray of shape (n_labels, n_labels), int, optional
        What the values are shares of something of: then the cells hold both.
    """
    n_labels, has_shares = len(names), counts is not None
    is_large = n_labels > LEGIBLE_CELLS
    per_cell = (0.42 if has_shares else 0.28) if is_large else 0.5
    side = max(4.6, 2 + per_cell * n_labels)  # room for the words beside the colour bar
    figure = new_figure(side + 1, side)
    figure.set_layout_engine("compressed")  # the other may cut what stands beside squares
    axes = figure.axes[0]
    # Of shares, nearly all lie on the diagonal: the root lets the eye find the small ones.
    norm = PowerNorm(0.5 if has_shares else 1.0, vmin=0, vmax=float(np.max(values, initial=0)))
    # Nothing is as white as the ground, and as dark as it on a dark page.
    image = axes.imshow(values, cmap="Blues", norm=norm)
    shown = [literal(name) for name in names]
    axes.set_xticks(np.arange(n_labels), shown, rotation=90)
    axes.set_yticks(np.arange(n_labels), shown)
    figure.colorbar(image, ax=axes, label=bar_label, shrink=0.8)
    size = 6 if is_large else 8
    for (row, column), value in np.ndenumerate(values):
        text = _cell_text(value, None if counts is None else int(counts[row, column]), n_labels)
        if text:
            ink = "white" if norm(value) > 0.7 else "black"
            axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=size)
    return figure


def _cell_text(value: float, count: int | None, n_labels: int) -> str:
    """Write what can be read in a cell of a matrix for so many genres."""
    is_large = n_labels > LEGIBLE_CELLS
    if count is None:
        return "" if is_large else f"{value:.0f}"
    if not count:
        return "" if is_large else "0"
    share = percent(value) if value >= 0.01 else "<1 %"
    return f"{count}\n{share}" if n_labels <= LEGIBLE_COUNTS else ""


def _bars(genres: Sequence[str]) -> tuple[Figure, Axes]:
    figure = new_figure(8, _height(len(genres)))
    _name_rows(figure.axes[0], genres)
    figure.axes[0].set_ylabel("Genre")
    return figure, figure.axes[0]


def _height(n_rows: int) -> float:
    return 1.4 + 0.28 * max(n_rows, 4)


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(np.arange(len(names)), [literal(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    light_grid(axes, axis="x")
