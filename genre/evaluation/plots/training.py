"""Pictures of training: curves over epochs, and the losses themselves."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from genre.evaluation.plots.style import (
    GREY,
    LINE_STYLES,
    WIDTH,
    colour,
    light_grid,
    literal,
    marker,
    new_figure,
)

PANELS = (
    ("loss", "Loss (nats)"),
    ("f1", "Weighted F1 per window (0 to 1)"),
    ("accuracy", "Subset accuracy per window (0 to 1)"),
)

MOST_LINES = 12
"""So many runs of a configuration can be told apart in a legend."""


def plot_training_curves(history: pd.DataFrame, *, title: str) -> Figure:
    """Draw loss, F1 and accuracy of training and validation over the epochs.

    Parameters
    ----------
    history : DataFrame
        A row per epoch with columns epoch, train_loss, val_loss, train_f1, val_f1,
        train_accuracy, val_accuracy, and where known val_macro_ap, whose best epoch is marked.
    title : str
        Which run this is.
    """
    figure = new_figure(11, 3.6, n_columns=3)
    best = _best_epoch(history)
    for axes, (column, label) in zip(figure.axes, PANELS, strict=True):
        for index, (part, name) in enumerate((("train", "training"), ("val", "validation"))):
            axes.plot(
                history["epoch"],
                history[f"{part}_{column}"],
                color=colour(index),
                linestyle="-" if part == "train" else "--",
                marker="o" if part == "train" else "s",
                markersize=3,
                label=name,
            )
        if best is not None:
            axes.axvline(best, color=GREY, linewidth=1, linestyle=":", label="kept epoch")
        _label_epochs(axes, label)
        axes.set_ylim(0, None if column == "loss" else 1)
    figure.axes[0].legend(fontsize="small", frameon=False)
    figure.suptitle(literal(title))
    return figure


def plot_grid_curves(histories: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw the validation curves of several runs into one picture.

    Parameters
    ----------
    histories : mapping of run name to DataFrame
        Each as in `plot_training_curves`, with val_macro_ap. Names that are equal up to the first
        "/" share colour and marker and differ in the line: seeds and folds of one configuration,
        which has one entry in the legend. Of a single configuration each seed and fold has its own,
        up to 12.
    """
    figure = new_figure(WIDTH, 6, n_rows=2, n_columns=2)
    figure.axes[-1].remove()  # the legend's place
    groups = _groups(list(histories))
    place = {group: index for index, group in enumerate(dict.fromkeys(groups))}
    panels = (
        ("val_loss", "Loss"),
        ("val_f1", "Weighted F1 per window (0 to 1)"),
        ("val_macro_ap", "Macro AP (0 to 1)"),
    )
    for axes, (column, label) in zip(figure.axes, panels, strict=True):
        for index, (group, history) in enumerate(zip(groups, histories.values(), strict=True)):
            before = groups[:index].count(group)
            axes.plot(
                history["epoch"],
                history[column],
                color=colour(place[group]),
                linestyle=LINE_STYLES[before % len(LINE_STYLES)],
                marker=marker(place[group]),
                markersize=3.5,
                markevery=max(1, len(history) // 8),
                linewidth=1,
                label=f"_{group}" if before else literal(group),
            )
        _label_epochs(axes, label)
        axes.yaxis.label.set_fontsize("small")
        if column != "val_loss":
            axes.set_ylim(0, 1)
    # Losses of different kinds lie far apart.
    figure.axes[0].set(yscale="log", ylabel="Loss (nats, log scale)")
    figure.suptitle("On validation", fontsize="medium")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower right", fontsize="small", frameon=False)
    return figure


def _groups(names: list[str]) -> list[str]:
    """Name what each run is drawn as: its configuration, or the run where there is one alone."""
    parts = [name.partition("/") for name in names]
    if len({configuration for configuration, _, _ in parts}) > 1 or len(names) > MOST_LINES:
        return [configuration for configuration, _, _ in parts]
    return [run.replace("/", ", ") or configuration for configuration, _, run in parts]


def plot_losses(logits: NDArray[np.floating], losses: Mapping[str, NDArray[np.floating]]) -> Figure:
    """Draw what each loss charges for a positive and for a negative label.

    Parameters
    ----------
    logits : ndarray of shape (n_points,)
        The logits at which the losses were computed.
    losses : mapping of name to ndarray of shape (2, n_points)
        Loss where the label is true (first row) and where it is false (second row).
    """
    figure = new_figure(9, 3.6, n_columns=2)
    titles = ("The track has the genre", "The track does not have the genre")
    for row, (axes, title) in enumerate(zip(figure.axes, titles, strict=True)):
        for index, (name, values) in enumerate(losses.items()):
            style = LINE_STYLES[index % len(LINE_STYLES)]
            axes.plot(logits, values[row], color=colour(index), linestyle=style, label=name)
        axes.set(title=title, xlabel="Logit (log odds)", ylabel="Loss (nats)")
        axes.set_ylim(bottom=0)
        light_grid(axes)
    figure.axes[0].legend(fontsize="small", frameon=False)
    return figure


def _best_epoch(history: pd.DataFrame) -> float | None:
    if "val_macro_ap" not in history or not history["val_macro_ap"].notna().any():
        return None
    # Of equal ones training keeps the last.
    backwards = history.iloc[::-1]
    best = int(np.nanargmax(backwards["val_macro_ap"].to_numpy(dtype=np.float64)))
    return float(backwards["epoch"].to_numpy()[best])


def _label_epochs(axes: Axes, label: str) -> None:
    axes.set(xlabel="Epoch", ylabel=label)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    light_grid(axes)
