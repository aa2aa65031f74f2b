"""Pictures of many tracks: a map of what the network makes of them, and single ones' scores."""

from collections.abc import Sequence
from textwrap import shorten
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from genre.evaluation.plots.style import (
    GREY,
    PALETTE,
    WIDTH,
    colour,
    highest_and_own,
    literal,
    marker,
    new_figure,
)

MOST_COLOURED = 2 * len(PALETTE)
"""So many genres can be told apart in a map, by colour and marker: the most frequent ones."""
NO_GENRE = "none of these"


def plot_track_map(
    points: NDArray[Any],
    y_true: NDArray[np.bool_],
    genres: Sequence[str],
    *,
    axis_labels: tuple[str, str],
) -> Figure:
    """Draw tracks as points, coloured by genre; near ones are alike to the network.

    Parameters
    ----------
    points : ndarray of shape (n_tracks, 2)
        Where each track lies, from `genre.evaluation.projection.project`.
    y_true : ndarray of shape (n_tracks, n_labels), bool
        A track with several genres has the marker of the most frequent one and an edge in the
        colour of the next.
    genres : sequence of str, length n_labels
        Beyond 14 the rarest are grey.
    axis_labels : tuple of two str
        What the axes are, with their unit.
    """
    figure = new_figure(9, 6.2)
    axes = figure.axes[0]
    frequent = np.argsort(-y_true.sum(axis=0), kind="stable")[:MOST_COLOURED]
    frequent = frequent[y_true[:, frequent].any(axis=0)]
    has = y_true[:, frequent]
    # Places in `frequent`: first those that a track has.
    order = np.argsort(~has, axis=1, kind="stable")
    n_has = has.sum(axis=1)
    for index, label in enumerate(frequent):
        rows = np.flatnonzero((n_has > 0) & (order[:, 0] == index))
        next_ones = [int(order[row, 1]) if n_has[row] > 1 else None for row in rows]
        _draw_group(axes, points[rows], index, next_ones, literal(genres[int(label)]))
    rest = points[n_has == 0]
    if len(rest):
        axes.scatter(rest[:, 0], rest[:, 1], s=30, color=GREY, marker=".", label=NO_GENRE)
    axes.set(xlabel=axis_labels[0], ylabel=axis_labels[1])
    axes.margins(0.05)
    title = "Genre\n(edge: the second one)"
    figure.legend(loc="outside right upper", frameon=False, fontsize="small", title=title)
    return figure


def _draw_group(
    axes: Axes, points: NDArray[Any], index: int, next_ones: Sequence[int | None], name: str
) -> None:
    look: dict[str, Any] = {"marker": marker(index), "color": colour(index)}
    axes.scatter(
        points[:, 0],
        points[:, 1],
        s=60,
        edgecolors=["white" if one is None else colour(one) for one in next_ones],
        linewidths=[0.3 if one is None else 1.8 for one in next_ones],
        **look,
    )
    axes.plot([], [], linestyle="", markersize=8, label=name, **look)  # for the legend alone


def plot_track_scores(
    y_score: NDArray[Any],
    y_true: NDArray[np.bool_],
    thresholds: NDArray[Any],
    genres: Sequence[str],
    *,
    titles: Sequence[str],
    n_shown: int = 7,
) -> Figure:
    """Draw the scores of a few tracks, with what each has and what it would be given.

    Parameters
    ----------
    y_score, y_true : ndarray of shape (n_tracks, n_labels), in [0, 1] and bool
        A panel for each track.
    thresholds : ndarray of shape (n_labels,) or (n_tracks, n_labels), in [0, 1]
        A genre is given where the bar reaches the line.
    genres : sequence of str, length n_labels
        Names of the columns.
    titles : sequence of str, length n_tracks
        Names of the tracks.
    n_shown : int
        So many bars each: the highest genres, and below them those that the track has.
    """
    n_columns = min(2, len(y_score))
    n_rows = -(-len(y_score) // n_columns)
    shown = [highest_and_own(*both, n_shown) for both in zip(y_score, y_true, strict=True)]
    n_bars = max(map(len, shown))
    figure = new_figure(
        max(WIDTH / 2 * n_columns, 4.8),
        0.7 + n_rows * (0.9 + 0.23 * n_bars),
        n_rows=n_rows,
        n_columns=n_columns,
    )
    cuts = np.broadcast_to(thresholds, y_score.shape)
    for row, axes in enumerate(figure.axes):
        if row >= len(y_score):
            axes.set_visible(False)
            continue
        at = (row, shown[row])
        names = [literal(genres[int(label)]) for label in shown[row]]
        _draw_scores(axes, y_score[at], y_true[at], cuts[at], names)
        axes.set_title(
            literal(shorten(titles[row], 38, placeholder=" …")), fontsize="small", loc="right"
        )
        axes.set_xlabel("Score (0 to 1)" if row + n_columns >= len(y_score) else "")
        axes.set_ylabel("Genre" if row % n_columns == 0 else "")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
    return figure


def _draw_scores(
    axes: Axes,
    scores: NDArray[Any],
    truth: NDArray[np.bool_],
    cuts: NDArray[Any],
    names: Sequence[str],
) -> None:
    positions = np.arange(len(scores))
    for is_true, ink, words in ((True, colour(0), "has it"), (False, "#bbbbbb", "has it not")):
        chosen = truth == is_true
        axes.barh(positions[chosen], scores[chosen], color=ink, label=words)
    axes.vlines(cuts, positions - 0.4, positions + 0.4, color="black", label="threshold")
    axes.set_yticks(positions, names)
    axes.set(xlim=(0, 1), ylim=(len(scores) - 0.4, -0.6))
    axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
