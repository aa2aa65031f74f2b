"""Pictures of a network and of where it looks."""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from genre.evaluation.plots.mel import draw_mel, extent_of
from genre.evaluation.plots.style import GREY, colour, light_grid, literal, new_figure

MOST_SHEETS = 6
LONG_VECTOR = 64
"""A vector of more numbers than this is drawn long."""


def plot_maps_over_mel(
    mel: NDArray[Any],
    band_hz: NDArray[Any],
    maps: Mapping[str, NDArray[Any]],
    *,
    frames_per_second: float,
    label: str,
    title: str = "",
) -> Figure:
    """Draw a log-mel spectrogram, and maps laid over it: attention, or what speaks for a genre.

    Parameters
    ----------
    mel, band_hz : ndarray of shape (n_frames, n_mels), dB, and of shape (n_mels,), Hz
        The spectrogram and the centre of each band, rising.
    maps : mapping of title to ndarray of shape (n_cells_time, n_cells_band)
        Maps of any resolution over the same time and bands, each on its own scale with a bar of its
        own: what is weak everywhere still has a shape.
    frames_per_second : float
        Columns of the spectrogram in a second.
    label : str
        What the maps hold, with its unit.
    title : str
        Over the spectrogram alone.
    """
    n_columns = 2 if len(maps) > 1 else 1
    n_rows = -(-(len(maps) + 1) // n_columns)
    figure = new_figure(
        5.4 * n_columns, 0.7 + 2.5 * n_rows, n_rows=n_rows, n_columns=n_columns, share=True
    )
    first, *others = figure.axes
    image = draw_mel(first, mel, band_hz, frames_per_second)
    first.set_title(literal(title) or "log-mel", fontsize="small")
    _add_bar(figure, image, first, "Power (dB)")
    for axes, (name, values) in zip(others, maps.items(), strict=False):
        draw_mel(axes, mel, band_hz, frames_per_second, cmap="gray", limits=_dimmed(mel))
        overlay = _lay_over(axes, values, extent_of(mel, frames_per_second))
        axes.set_title(literal(name), fontsize="small")
        # Of the scale alone: a bar of the image itself would be as transparent as that is.
        _add_bar(figure, ScalarMappable(overlay.norm, "viridis"), axes, label)
    for axes in others[len(maps) :]:
        axes.set_visible(False)
    figure.supxlabel("Time (s)", fontsize="medium")
    figure.supylabel("Frequency (Hz, mel scale)", fontsize="medium")
    return figure


def _add_bar(figure: Figure, scale: ScalarMappable, axes: Axes, label: str) -> None:
    bar = figure.colorbar(scale, ax=axes, pad=0.01)
    bar.set_label(label, fontsize="small")
    bar.locator = MaxNLocator(nbins=5)


def _lay_over(
    axes: Axes,
    values: NDArray[Any],
    extent: tuple[float, float, float, float],
) -> AxesImage:
    low, high = float(values.min()), float(values.max())
    return axes.imshow(
        values.T,
        origin="lower",
        aspect="auto",
        extent=extent,
        cmap="viridis",
        # Little is seen through: what is low leaves the sound to be seen.
        alpha=0.05 + 0.75 * (values.T - low) / max(high - low, 1e-12),
        vmin=low,
        vmax=high,
    )


def _dimmed(mel: NDArray[Any]) -> tuple[float, float]:
    """Choose limits under which the loudest is mid grey, so that what lies over it stands out."""
    low, high = float(mel.min()), float(mel.max())
    return low, low + max(high - low, 1e-3) / 0.6


def plot_channel_weights(weights: Mapping[str, NDArray[Any]]) -> Figure:
    """Draw what channel attention multiplies each channel by, the greatest first.

    Parameters
    ----------
    weights : mapping of block to ndarray of shape (n_channels,), in [0, 1]
        One panel each.
    """
    figure = new_figure(1 + 3.2 * len(weights), 2.8, n_columns=len(weights))
    for index, (axes, (name, values)) in enumerate(zip(figure.axes, weights.items(), strict=True)):
        axes.bar(np.arange(1, len(values) + 1), np.sort(values)[::-1], color=colour(0), width=1.0)
        axes.set(xlabel="Channel, by rank", ylim=(0, 1))
        axes.set_title(f"{literal(name)}: {len(values)} channels", fontsize="small")
        axes.set_ylabel("Weight (0 to 1)" if index == 0 else "")
        if index:
            axes.tick_params(labelleft=False)
        light_grid(axes, axis="y")
    return figure


def plot_network(
    names: Sequence[str],
    shapes: Sequence[Sequence[int]],
    layers: Sequence[Sequence[str]],
    n_parameters: Sequence[int],
) -> Figure:
    """Draw a network stage by stage: maps to scale, with shapes and what each stage costs.

    Parameters
    ----------
    names : sequence of str, length n_stages
        The input first.
    shapes : sequence of tuple of int, length n_stages
        Of what comes out: channels, bands, frames; or the length of a vector.
    layers : sequence of sequence of str, length n_stages
        What is in each stage.
    n_parameters : sequence of int, length n_stages
        What each stage costs; a stage without parameters says nothing of it.
    """
    n_stages = len(names)
    n_lines = 3 + max(len(_wrapped(words).splitlines()) for words in layers)
    figure = new_figure(
        1.9 * n_stages, 2.4 + 0.16 * n_lines, n_rows=2, height_ratios=(2.1, 0.16 * n_lines)
    )
    drawing, words = figure.axes
    maps = [shape for shape in shapes if len(shape) == 3]
    tallest, longest, most = (
        max((shape[place] for shape in maps), default=1) for place in (1, 2, 0)
    )
    for place, (name, shape) in enumerate(zip(names, shapes, strict=True)):
        if len(shape) == 3:
            n_sheets = 1 + round((MOST_SHEETS - 1) * np.log2(shape[0]) / max(np.log2(most), 1))
            size = (0.72 * shape[2] / longest, 1.9 * shape[1] / tallest)
            _draw_sheets(drawing, place, *size, n_sheets)
        else:
            _draw_sheets(drawing, place, 0.07, 1.9 if shape[0] > LONG_VECTOR else 0.7, 1)
        if place:
            arrow = {"arrowstyle": "->", "linewidth": 1.2}
            drawing.annotate("", (place - 0.42, 0), (place - 0.58, 0), arrowprops=arrow)
        costs = f"{n_parameters[place]:,} parameters" if n_parameters[place] else ""
        lines = [" × ".join(map(str, shape)), costs, _wrapped(layers[place])]
        words.text(place, 1, literal(name), ha="center", va="bottom", fontweight="bold")
        below = "\n".join(line for line in lines if line)
        words.text(place, 0.96, below, ha="center", va="top", fontsize="small")
    for axes, height in ((drawing, (-1.05, 1.05)), (words, (0, 1))):
        axes.set_axis_off()
        axes.set(xlim=(-0.55, n_stages - 0.45), ylim=height)
    drawing.set_title(
        "Maps to scale, in channels × bands × frames; vectors with their length", fontsize="medium"
    )
    return figure


def _draw_sheets(axes: Axes, place: int, width: float, height: float, n_sheets: int) -> None:
    """Draw a map as sheets behind each other: more channels, more sheets."""
    for sheet in reversed(range(n_sheets)):
        shift = 0.022 * (sheet - (n_sheets - 1) / 2)
        axes.add_patch(
            Rectangle(
                (place - width / 2 + shift, -height / 2 + 2 * shift),
                width,
                height,
                facecolor="#cfe3f1",
                edgecolor=GREY if sheet else "black",
                linewidth=0.8,
                zorder=-sheet,
            )
        )


def _wrapped(layers: Sequence[str]) -> str:
    return "\n".join(fill(layer, width=26) for layer in layers)
