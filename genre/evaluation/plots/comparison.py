"""Pictures of a comparison: contrasts, bootstrap densities, p against B, genres side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from scipy.stats import gaussian_kde

from genre.evaluation.metrics import title_of
from genre.evaluation.plots.style import (
    GREY,
    WIDTH,
    colour,
    light_grid,
    line_style,
    literal,
    marker,
    new_figure,
)

SMALLEST_P = 1e-60
"""Smaller p-values are drawn here, at the lower edge: the eye needs no more."""


def plot_forest(contrasts: pd.DataFrame, *, rope: float) -> Figure:
    """Draw every contrast with its interval, the zero line and the region of equivalence.

    Parameters
    ----------
    contrasts : DataFrame
        Columns contrast, metric, delta, ci_low, ci_high; at least one row. Metrics of one contrast
        lie below each other.
    rope : float
        Half width of the region of practical equivalence, in points.
    """
    metrics = list(dict.fromkeys(contrasts["metric"]))
    names = list(dict.fromkeys(contrasts["contrast"]))
    per_name = 0.2 + 0.2 * max(len(metrics), 2)
    figure = new_figure(WIDTH, 1.2 + per_name * len(names))
    axes = figure.axes[0]
    axes.axvspan(-rope, rope, color="#dddddd", label=f"equivalent: within {rope:g}")
    axes.axvline(0, color="black", linewidth=1)
    for index, metric in enumerate(metrics):
        rows = contrasts[contrasts["metric"] == metric].set_index("contrast").reindex(names)
        delta = rows["delta"].to_numpy(dtype=np.float64)
        low, high = rows["ci_low"].to_numpy(float), rows["ci_high"].to_numpy(float)
        places = np.arange(len(names)) + 0.26 * (index - (len(metrics) - 1) / 2)
        look: dict[str, Any] = {"color": colour(index), "label": title_of(metric)}
        axes.hlines(places, low, high, color=colour(index), linewidth=2)
        axes.plot(delta, places, marker(index), markersize=6, **look)
    one = f" in {title_of(metrics[0])}" if len(metrics) == 1 else ""
    axes.set(xlabel=f"Difference{one} (of 1)", ylabel="Contrast, A - B")
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(np.arange(len(names)), [_short(name) for name in names])
    # Few enough that the labels, such as -0.075, do not run into each other.
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
    light_grid(axes, axis="x")
    figure.legend(loc="outside upper right", ncols=3, frameon=False, fontsize="small")
    return figure


def plot_bootstrap_densities(
    replicates: Mapping[str, NDArray[Any]],
    seed_values: Mapping[str, NDArray[Any]],
    *,
    metric: str,
) -> Figure:
    """Draw the bootstrap distribution of each configuration, with a dot per seed.

    Parameters
    ----------
    replicates : mapping of configuration to ndarray of shape (n_replicates,)
        Bootstrap values of the mean over seeds.
    seed_values : mapping of configuration to ndarray of shape (n_seeds,)
        The value of each seed on the test set.
    metric : str
        Which number these are: a key of `genre.evaluation.metrics.METRICS`.
    """
    figure = new_figure(WIDTH, 1.1 + 0.8 * len(replicates))
    axes = figure.axes[0]
    for index, (name, values) in enumerate(replicates.items()):
        _draw_density(axes, np.asarray(values, dtype=np.float64), -index, colour(index))
        dots = seed_values[name]
        axes.plot(
            dots,
            np.full(len(dots), -index - 0.12),
            marker(index),
            color=colour(index),
            markeredgecolor="black",
        )
    axes.set_yticks(-np.arange(len(replicates)), [literal(name) for name in replicates])
    axes.set_ylim(0.65 - len(replicates), 0.95)
    axes.set_xlabel(f"Test {title_of(metric)} (0 to 1); dots: one per seed, on the full test set")
    axes.set_ylabel("Density (of its peak)")
    light_grid(axes, axis="x")
    return figure


def plot_legacy_p(curve: pd.DataFrame) -> Figure:
    """Draw the p-value of the customary t-test against the number of replicates.

    Parameters
    ----------
    curve : DataFrame
        Columns contrast, n_replicates, p.
    """
    figure = new_figure(WIDTH, 4.8)
    axes = figure.axes[0]
    for index, name in enumerate(dict.fromkeys(curve["contrast"])):
        rows = curve[curve["contrast"] == name]
        axes.plot(
            rows["n_replicates"],
            rows["p"].clip(lower=SMALLEST_P),
            color=colour(index),
            linestyle=line_style(index),
            marker=marker(index),
            markersize=4,
            label=literal(name),
        )
    axes.axhline(0.05, color=GREY, linestyle=":", label="p = 0.05")
    axes.set(xscale="log", yscale="log", xlabel="Number of bootstrap replicates B")
    axes.set_ylabel("p of the paired t-test (0 to 1)")
    axes.set_ylim(bottom=SMALLEST_P / 30)
    axes.set_title("Invalid: p depends on B (below 1e-60 drawn at the edge)", fontsize="medium")
    light_grid(axes)
    figure.legend(loc="outside lower center", ncols=1, fontsize="small", frameon=False)
    return figure


def plot_dumbbell(
    genres: Sequence[str], values: Mapping[str, NDArray[Any]], *, metric: str
) -> Figure:
    """Draw each genre's value under every configuration on one line.

    Parameters
    ----------
    genres : sequence of str, length n_labels
        Names of the lines.
    values : mapping of configuration to ndarray of shape (n_labels,), in [0, 1]
        NaN where undefined.
    metric : str
        What the values are.
    """
    figure = new_figure(WIDTH, 1.7 + 0.3 * max(len(genres), 4))
    axes = figure.axes[0]
    positions = np.arange(len(genres))
    table = np.stack([np.asarray(column, dtype=np.float64) for column in values.values()])
    known = ~np.isnan(table).all(axis=0)
    low, high = np.nanmin(table[:, known], axis=0), np.nanmax(table[:, known], axis=0)
    axes.hlines(positions[known], low, high, color="#bbbbbb", linewidth=3)
    for index, (name, column) in enumerate(values.items()):
        axes.plot(column, positions, marker(index), color=colour(index), label=literal(name))
    axes.set_yticks(positions, [literal(genre) for genre in genres])
    axes.set_ylabel("Genre")
    axes.set_ylim(len(genres) - 0.4, -0.6)
    axes.set(xlim=(0, 1.02), xlabel=f"{metric} (0 to 1)")
    light_grid(axes, axis="x")
    figure.legend(loc="outside lower center", ncols=2, fontsize="small", frameon=False)
    return figure


def _draw_density(axes: Axes, values: NDArray[np.float64], base: float, ink: str) -> None:
    if np.ptp(values) < 1e-9:
        axes.plot([values[0]] * 2, [base, base + 0.8], color=ink)
        return
    grid = np.linspace(values.min(), values.max(), 200)
    density = gaussian_kde(values)(grid)
    axes.fill_between(grid, base, base + 0.8 * density / density.max(), color=ink, alpha=0.6)
    axes.plot([values.mean()] * 2, [base, base + 0.8], color="black", linewidth=0.8)


def _short(name: str) -> str:
    """Break a long name of a contrast into two lines."""
    name = literal(name)
    if len(name) < 30:
        return name
    first, separator, rest = name.partition(" - ")
    return f"{first}\n{separator.strip()} {rest}" if rest else name
