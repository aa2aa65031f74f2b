"""Pictures of how far scores can be trusted: calibration, and precision against coverage."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from genre.evaluation.calibration import CoverageCurve, judge_calibration
from genre.evaluation.plots.scores import plot_reliability
from genre.evaluation.plots.style import (
    LINE_STYLES,
    colour,
    light_grid,
    literal,
    marker,
    new_figure,
)


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


def plot_coverage(curves: Mapping[str, CoverageCurve]) -> Figure:
    """Draw the share of right genres against the share of tracks that get any.

    Parameters
    ----------
    curves : mapping of model to CoverageCurve
        A marker stands where thresholds are as fitted.
    """
    figure = new_figure(6.4, 4.8)
    axes = figure.axes[0]
    for index, (name, curve) in enumerate(curves.items()):
        style = {"color": colour(index), "linestyle": LINE_STYLES[index % len(LINE_STYLES)]}
        axes.plot(curve.coverage, curve.precision, label=literal(name), **style)  # type: ignore[arg-type]
        coverage, precision = curve.at(0.0)
        axes.plot([coverage], [precision], marker(index), color=colour(index), markersize=8)
    axes.set(xlim=(0, 1.02), ylim=(0, 1.05), xlabel="Share of tracks that get a genre (0 to 1)")
    axes.set_ylabel("Share of the genres given that is right (0 to 1)")
    axes.set_title("Marker: thresholds as fitted; to the left: more cautious", fontsize="medium")
    light_grid(axes)
    figure.legend(loc="outside lower center", ncols=2, fontsize="small", frameon=False)
    return figure
