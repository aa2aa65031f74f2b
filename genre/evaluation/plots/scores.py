"""Pictures of how good scores are, genre by genre, and of how far they can be trusted."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve

from genre.evaluation.calibration import CoverageCurve, judge_calibration
from genre.evaluation.metrics.calibration import score_bins
from genre.evaluation.metrics.confusion import confusion
from genre.evaluation.plots.dataset import matrix_figure
from genre.evaluation.plots.style import (
    GREY,
    LINE_STYLES,
    WIDTH,
    colour,
    light_grid,
    line_style,
    literal,
    marker,
    new_figure,
)
from genre.tasks import Task

BARS = (("precision", "Precision"), ("recall", "Recall"), ("f1", "F1"), ("ap", "AP"))


def plot_per_genre_scores(table: pd.DataFrame, *, title: str = "") -> Figure:
    """Draw precision, recall, F1 and average precision of every genre, with their intervals.

    Parameters
    ----------
    table : DataFrame
        From `per_class_table`: genre, n_pos_tracks, precision, recall, f1, ap; where there are
        columns such as f1_low and f1_high, a line goes from one to the other.
    title : str
        Which run this is.
    """
    figure = new_figure(WIDTH + 0.4, 1.4 + 0.27 * max(len(table), 4), n_columns=4)
    positions = np.arange(len(table))
    names = [
        f"{literal(genre)} ({count})"
        for genre, count in zip(table["genre"], table["n_pos_tracks"], strict=True)
    ]
    for index, (axes, (column, label)) in enumerate(zip(figure.axes, BARS, strict=True)):
        axes.barh(positions, table[column].fillna(0), color=colour(index), alpha=0.75)
        if f"{column}_low" in table:
            low, high = table[f"{column}_low"], table[f"{column}_high"]
            axes.hlines(positions, low, high, color="black", linewidth=1.2)
        axes.set(xlim=(0, 1), xlabel=f"{label} (0 to 1)", ylim=(len(table) - 0.4, -0.6))
        axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
        axes.set_yticks(positions, names if index == 0 else [""] * len(table))
        light_grid(axes, axis="x")
    figure.axes[0].set_ylabel("Genre (number of test tracks)")
    figure.suptitle(literal(title))
    return figure


def plot_precision_recall(
    y_true: NDArray[np.bool_], y_scores: Mapping[str, NDArray[Any]], genres: Sequence[str]
) -> Figure:
    """Draw the precision-recall curve of every genre, one line per model.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The truth; a genre without positives has no panel.
    y_scores : mapping of model to ndarray of shape (n_tracks, n_labels), in [0, 1]
        Scores of the same tracks.
    genres : sequence of str, length n_labels
        Names of the panels.
    """
    labels = np.flatnonzero(y_true.any(axis=0))
    n_columns = min(3, max(len(labels), 1))
    n_rows = max(1, -(-len(labels) // n_columns))
    figure = new_figure(WIDTH, 2.25 * n_rows + 0.9, n_rows=n_rows, n_columns=n_columns)
    for axes in figure.axes[len(labels) :]:
        axes.set_visible(False)
    for panel, (axes, label) in enumerate(zip(figure.axes, labels, strict=False)):
        truth = y_true[:, label]
        _draw_precision_recall(axes, truth, {k: v[:, label] for k, v in y_scores.items()})
        name = literal(genres[int(label)])
        axes.set_title(f"{name}\n({int(truth.sum())} tracks)", fontsize="small")
        if panel % n_columns == 0:
            axes.set_ylabel("Precision (0 to 1)")
        if panel + n_columns >= len(labels):
            axes.set_xlabel("Recall (0 to 1)")
    handles, names = figure.axes[0].get_legend_handles_labels()
    if handles:
        figure.legend(
            handles, names, loc="outside lower center", ncols=2, fontsize="small", frameon=False
        )
    return figure


def _draw_precision_recall(
    axes: Axes, truth: NDArray[np.bool_], scores: Mapping[str, NDArray[Any]]
) -> None:
    for index, (name, values) in enumerate(scores.items()):
        precision, recall, _ = precision_recall_curve(truth, values)
        style = LINE_STYLES[index % len(LINE_STYLES)]
        axes.plot(
            recall,
            precision,
            color=colour(index),
            linestyle=style,
            drawstyle="steps-pre",
            label=literal(name),
        )
    axes.axhline(truth.mean(), color=GREY, linewidth=0.8, linestyle=":", label="by chance")
    axes.set(xlim=(0, 1.02), ylim=(0, 1.05))
    light_grid(axes)


def plot_confusion(
    y_true: NDArray[np.bool_], decisions: NDArray[np.bool_], genres: Sequence[str]
) -> Figure:
    """Draw which genres the tracks of each genre are given: how many, and their share of the row.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_tracks, n_labels), bool
        Truth and what was assigned, counted as by `genre.evaluation.metrics.confusion`.
    genres : sequence of str, length n_labels
        Names of rows and columns.
    """
    found = confusion(y_true, decisions)
    label = "Share of the row's tracks (0 to 1)"
    figure = matrix_figure(found.shares, genres, bar_label=label, counts=found.counts)
    figure.axes[0].set(xlabel="Genre assigned", ylabel="True genre")
    return figure


def plot_reliability(y_true: NDArray[np.bool_], y_scores: Mapping[str, NDArray[Any]]) -> Figure:
    """Draw how often tracks with a score have the genre, all genres pooled, bin by bin.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The truth.
    y_scores : mapping of model to ndarray of shape (n_tracks, n_labels), in [0, 1]
        Scores of the same tracks.
    """
    figure = new_figure(WIDTH, 5.6)
    axes = figure.axes[0]
    axes.plot([0, 1], [0, 1], color=GREY, linestyle=":", label="scores mean what they say")
    for index, (name, scores) in enumerate(y_scores.items()):
        mean_score, share = score_bins(y_true.ravel(), scores.ravel())
        axes.plot(
            mean_score,
            share,
            color=colour(index),
            linestyle=line_style(index),
            marker=marker(index),
            markersize=4,
            label=literal(name),
        )
    axes.set(xlabel="Mean score of the bin (0 to 1)", ylabel="Share that has the genre (0 to 1)")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    light_grid(axes)
    figure.legend(loc="outside lower center", ncols=2, fontsize="small", frameon=False)
    return figure


def plot_calibration(
    y_true: NDArray[np.bool_], before: NDArray[Any], after: NDArray[Any], *, temperature: float
) -> Figure:
    """Draw scores against the share that is right, before and after calibration.

    Parameters
    ----------
    y_true, before, after : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        Test tracks.
    temperature : float
        Fitted on validation tracks; of several folds, their geometric mean.
    """
    found = judge_calibration(y_true, before, after, temperature=temperature)
    return plot_reliability(
        y_true,
        {
            f"before, ECE {found.ece_before:.3f}": before,
            f"after, T = {temperature:.2f}, ECE {found.ece_after:.3f}": after,
        },
    )


_COVERAGE_WORDS: Mapping[Task, tuple[str, str, str]] = {
    "multilabel": (
        "Share of tracks that get a genre (0 to 1)",
        "Share of the genres given that is right (0 to 1)",
        "Marker: thresholds as fitted; to the left: more cautious",
    ),
    "exclusive": (
        "Share of tracks that get an answer (0 to 1)",
        "Share of the answers that is right (0 to 1)",
        "Marker: as decided; to the left: no answer below a higher score",
    ),
}


def plot_coverage(curves: Mapping[str, CoverageCurve], *, task: Task = "multilabel") -> Figure:
    """Draw the share of right genres against the share of tracks that get any.

    Parameters
    ----------
    curves : mapping of model to CoverageCurve
        A marker stands where thresholds are as fitted.
    task : multilabel or exclusive
        Whether a track gets genres, or one answer.
    """
    figure = new_figure(WIDTH, 5)
    axes = figure.axes[0]
    for index, (name, curve) in enumerate(curves.items()):
        style = {"color": colour(index), "linestyle": LINE_STYLES[index % len(LINE_STYLES)]}
        axes.plot(curve.coverage, curve.precision, label=literal(name), **style)  # type: ignore[arg-type]
        coverage, precision = curve.at(0.0)
        axes.plot([coverage], [precision], marker(index), color=colour(index), markersize=8)
    covered, right, title = _COVERAGE_WORDS[task]
    axes.set(xlim=(0, 1.02), ylim=(0, 1.05), xlabel=covered, ylabel=right)
    axes.set_title(title, fontsize="medium")
    light_grid(axes)
    figure.legend(loc="outside lower center", ncols=2, fontsize="small", frameon=False)
    return figure
