"""Pictures of one track: its sound, its windows, and what is said of them over time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from genre.evaluation.plots.mel import draw_mel
from genre.evaluation.plots.style import (
    colour,
    highest_and_own,
    light_grid,
    line_style,
    literal,
    marker,
    new_figure,
)

MOST_MARKERS = 60
"""Above so many windows a line has no markers: they would hide it."""
EDGES = (("white", "-"), ("#E69F00", "--"), ("#56B4E9", "-."))


class SoundDisplay(Protocol):
    """What draws a waveform and a spectrogram: the module ``librosa.display``."""

    waveshow: Callable[..., Any]
    specshow: Callable[..., Any]


def plot_track(
    samples: NDArray[Any],
    mel: NDArray[Any],
    *,
    sample_rate: int,
    hop_length: int,
    band_edges_hz: tuple[float, float],
    window_starts: NDArray[Any],
    window_frames: int,
    display: SoundDisplay,
    title: str = "",
) -> Figure:
    """Draw a waveform, the log-mel spectrogram below it, and the windows it is cut into.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,), in [-1, 1]
        The sound.
    mel : ndarray of shape (n_frames, n_mels), in dB
        Its spectrogram.
    sample_rate : int
        Samples in a second.
    hop_length : int
        Samples from one frame to the next.
    band_edges_hz : tuple of two floats, in Hz
        Where the lowest band begins and the highest ends.
    window_starts : ndarray of shape (n_windows,), int
        First frame of each window; the boxes differ in height only so that they can be told apart
        where they overlap.
    window_frames : int
        Frames of a window.
    display : module
        ``librosa.display``, which this package does not import by itself.
    title : str
        Which track this is.
    """
    figure = new_figure(10, 5.8, n_rows=2, height_ratios=(1, 2.2))
    upper, lower = figure.axes
    lower.sharex(upper)
    display.waveshow(samples, sr=sample_rate, axis=None, ax=upper, color=colour(0))
    image = display.specshow(
        np.asarray(mel, dtype=np.float32).T,
        sr=sample_rate,
        hop_length=hop_length,
        fmin=band_edges_hz[0],
        fmax=band_edges_hz[1],
        x_axis="s",
        y_axis="mel",
        cmap="magma",
        ax=lower,
    )
    figure.colorbar(image, ax=figure.axes, label="Power (dB)", pad=0.01)
    _draw_windows(
        lower,
        np.asarray(window_starts) * hop_length / sample_rate,
        window_frames * hop_length / sample_rate,
    )
    upper.set(ylabel="Amplitude (-1 to 1)", title=literal(title))
    upper.tick_params(labelbottom=False)
    lower.set(xlabel="Time (s)", ylabel="Frequency (Hz, mel scale)")
    lower.set_xlim(0, len(mel) * hop_length / sample_rate)
    return figure


def plot_windows(
    windows: Mapping[str, NDArray[Any]],
    band_hz: NDArray[Any],
    *,
    frames_per_second: float,
    label: str,
    limits: tuple[float, float] | None = None,
) -> Figure:
    """Draw windows beside each other on one scale, such as one before and after augmentation.

    Parameters
    ----------
    windows : mapping of title to ndarray of shape (window_frames, n_mels)
        All of one shape.
    band_hz : ndarray of shape (n_mels,), in Hz
        The centre of each band, rising.
    frames_per_second : float
        Columns of the spectrogram in a second.
    label : str
        What the colours mean, with its unit.
    limits : tuple of float, optional
        Which values are darkest and brightest; by default the least and the greatest.
    """
    n_columns = min(3, len(windows))
    n_rows = -(-len(windows) // n_columns)
    figure = new_figure(
        3.4 * n_columns, 0.6 + 2.5 * n_rows, n_rows=n_rows, n_columns=n_columns, share=True
    )
    values = np.stack(list(windows.values()))
    limits = limits or (float(values.min()), float(values.max()))
    panels = figure.axes
    for axes, (title, window) in zip(panels, windows.items(), strict=False):
        image = draw_mel(axes, window, band_hz, frames_per_second, limits=limits)
        axes.set_title(literal(title), fontsize="small")
    for axes in panels[len(windows) :]:
        axes.set_visible(False)
    figure.supxlabel("Time (s)", fontsize="medium")
    figure.supylabel("Frequency (Hz, mel scale)", fontsize="medium")
    figure.colorbar(image, ax=panels, label=label, pad=0.01)
    return figure


def plot_track_timeline(
    window_score: NDArray[Any],
    start_seconds: NDArray[Any],
    *,
    window_seconds: float,
    genres: Sequence[str],
    thresholds: NDArray[Any] | None = None,
    y_true: NDArray[np.bool_] | None = None,
    n_shown: int = 5,
    title: str = "",
) -> Figure:
    """Draw the scores of a track's windows over time, for its highest genres and its own.

    Parameters
    ----------
    window_score : ndarray of shape (n_windows, n_labels), in [0, 1]
        Scores.
    start_seconds : ndarray of shape (n_windows,)
        Where each window starts; its score is drawn at its middle.
    window_seconds : float
        How long a window is.
    genres : sequence of str, length n_labels
        Names of the lines.
    thresholds : ndarray of shape (n_labels,), in [0, 1], optional
        What the score of the whole track must reach: marked at the right edge, once where it is
        the same for all that are drawn.
    y_true : ndarray of shape (n_labels,), bool, optional
        The genres that the track has: each has a line, however low, and says so.
    n_shown : int
        So many genres are drawn, those with the highest mean score; and below them those that the
        track has.
    title : str
        Which track this is.
    """
    figure = new_figure(10, 3.8)
    axes = figure.axes[0]
    starts = np.asarray(start_seconds, dtype=np.float64)
    end = float(starts.max()) + window_seconds
    has = np.zeros(len(genres), dtype=np.bool_) if y_true is None else y_true
    shown = highest_and_own(window_score.mean(axis=0), has, n_shown)
    for index, label in enumerate(shown):
        axes.plot(
            starts + window_seconds / 2,
            window_score[:, label],
            color=colour(index),
            linestyle=line_style(index),
            marker=marker(index) if len(starts) <= MOST_MARKERS else "",
            markersize=4,
            label=literal(genres[int(label)]) + (" (has it)" if has[label] else ""),
        )
    if thresholds is not None:
        _mark_thresholds(axes, end, thresholds[shown])
    axes.set(xlabel="Time (s)", ylabel="Score (0 to 1)", title=literal(title))
    axes.set(xlim=(0, end), ylim=(0, 1.02))
    light_grid(axes)
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def _mark_thresholds(axes: Axes, end: float, thresholds: NDArray[Any]) -> None:
    """Mark them at the right edge: one in black for all, or each in the colour of its line."""
    look: dict[str, Any] = {"linestyle": "", "marker": "<", "markersize": 9}
    if len(set(thresholds.tolist())) == 1:
        words = "threshold, of every genre"
        axes.plot([end], thresholds[:1], color="black", clip_on=False, label=words, **look)
        return
    for index, cut in enumerate(thresholds):
        edged: dict[str, Any] = {"color": colour(index), "markeredgecolor": "black"}
        axes.plot([end], [cut], clip_on=False, **edged, **look)
    # The mark of the legend is of no line's colour.
    words = "threshold, in the line's colour"
    axes.plot([], [], color="white", markeredgecolor="black", label=words, **look)


def _draw_windows(axes: Axes, starts: NDArray[np.float64], length_seconds: float) -> None:
    for index, start in enumerate(starts):
        # Neighbouring windows overlap: their boxes take turns in height, colour and line.
        inset = 0.015 + 0.03 * (index % len(EDGES))
        edge, line = EDGES[index % len(EDGES)]
        axes.add_patch(
            Rectangle(
                (float(start), inset),
                length_seconds,
                1 - 2 * inset,
                transform=axes.get_xaxis_transform(),
                fill=False,
                linewidth=1.6,
                edgecolor=edge,
                linestyle=line,
            )
        )
