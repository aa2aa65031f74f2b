"""Pictures of one track: its log-mel, its windows, where a model looks, scores over time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from genre.evaluation.plots.style import colour, light_grid, line_style, marker, new_figure

TICKS_HZ = (125, 250, 500, 1000, 2000, 4000, 8000)


def plot_mel_windows(
    mel: NDArray[Any],
    band_hz: NDArray[Any],
    *,
    frames_per_second: float,
    window_starts: NDArray[Any],
    window_frames: int,
    title: str = "",
) -> Figure:
    """Draw a log-mel spectrogram and the windows it is cut into.

    Parameters
    ----------
    mel, band_hz : ndarray of shape (n_frames, n_mels), dB, and of shape (n_mels,), Hz
        The spectrogram and the centre of each band, rising.
    window_starts : ndarray of shape (n_windows,), int
        First frame of each window of `window_frames` frames.
    """
    figure = new_figure(10, 4.2)
    axes = figure.axes[0]
    image = _draw_mel(axes, mel, band_hz, frames_per_second)
    figure.colorbar(image, ax=axes, label="Power (dB)", pad=0.01)
    axes.set_title(title)
    starts = np.asarray(window_starts, dtype=np.float64) / frames_per_second
    _draw_windows(axes, starts, window_frames / frames_per_second, mel.shape[1])
    return figure


def plot_attention_map(
    mel: NDArray[Any],
    band_hz: NDArray[Any],
    attention: NDArray[Any],
    *,
    frames_per_second: float,
    title: str = "",
) -> Figure:
    """Draw a log-mel spectrogram, and below it the same with the spatial attention laid over.

    Parameters
    ----------
    mel, band_hz : ndarray of shape (n_frames, n_mels), dB, and of shape (n_mels,), Hz
        The spectrogram and the centre of each band, rising.
    attention : ndarray of shape (n_cells_time, n_cells_band), in [0, 1]
        A map of any resolution over the same time and bands.
    """
    figure = new_figure(10, 6.4, n_rows=2)
    upper, lower = figure.axes
    image = _draw_mel(upper, mel, band_hz, frames_per_second)
    figure.colorbar(image, ax=upper, label="Power (dB)", pad=0.01)
    _draw_mel(lower, mel, band_hz, frames_per_second, cmap="gray")
    extent = (0.0, len(mel) / frames_per_second, -0.5, mel.shape[1] - 0.5)
    overlay = lower.imshow(
        attention.T, origin="lower", aspect="auto", extent=extent, cmap="viridis", alpha=0.55
    )
    bar = figure.colorbar(overlay, ax=lower, label="Spatial attention (0 to 1)", pad=0.01)
    bar.solids.set_alpha(1)  # type: ignore[union-attr]  # an image always has solids
    upper.set_xlabel("")
    upper.set_title(title)
    return figure


def plot_track_timeline(
    window_score: NDArray[Any],
    start_seconds: NDArray[Any],
    *,
    window_seconds: float,
    genres: Sequence[str],
    n_shown: int = 5,
    title: str = "",
) -> Figure:
    """Draw the scores of a track's windows over time, for its highest genres.

    Parameters
    ----------
    window_score : ndarray of shape (n_windows, n_labels), in [0, 1]
        Scores; the `n_shown` genres with the highest mean are drawn.
    start_seconds : ndarray of shape (n_windows,)
        Where each window starts; its score is drawn at its middle.
    """
    figure = new_figure(10, 3.8)
    axes = figure.axes[0]
    middle = np.asarray(start_seconds, dtype=np.float64) + window_seconds / 2
    for index, label in enumerate(np.argsort(-window_score.mean(axis=0))[:n_shown]):
        axes.plot(
            middle,
            window_score[:, label],
            color=colour(index),
            linestyle=line_style(index),
            marker=marker(index),
            markersize=4,
            label=genres[int(label)],
        )
    axes.set(xlabel="Time (s)", ylabel="Score (0 to 1)", ylim=(0, 1.02), title=title)
    axes.set_xlim(left=0)
    light_grid(axes)
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def _draw_windows(
    axes: Axes, starts: NDArray[np.float64], length_seconds: float, n_mels: int
) -> None:
    # Neighbouring windows overlap: their boxes take turns in height.
    for index, start in enumerate(starts):
        inset = 1.5 + 3.0 * (index % 3)
        box = Rectangle(
            (float(start), inset),
            length_seconds,
            n_mels - 2 * inset,
            fill=False,
            linewidth=1.6,
            edgecolor=("white", "#E69F00", "#56B4E9")[index % 3],
            linestyle=("-", "--", "-.")[index % 3],
        )
        axes.add_patch(box)


def _draw_mel(
    axes: Axes,
    mel: NDArray[Any],
    band_hz: NDArray[Any],
    frames_per_second: float,
    *,
    cmap: str = "magma",
) -> Any:  # noqa: ANN401 - matplotlib's image
    n_frames, n_mels = mel.shape
    extent = (0.0, n_frames / frames_per_second, -0.5, n_mels - 0.5)
    image = axes.imshow(
        np.asarray(mel, dtype=np.float32).T,
        origin="lower",
        aspect="auto",
        extent=extent,
        cmap=cmap,
        interpolation="nearest",
    )
    shown = [hertz for hertz in TICKS_HZ if band_hz[0] <= hertz <= band_hz[-1]]
    positions = np.interp(shown, band_hz, np.arange(n_mels))
    axes.set_yticks(positions, [str(hertz) for hertz in shown])
    axes.set(xlabel="Time (s)", ylabel="Frequency (Hz, mel scale)")
    return image
