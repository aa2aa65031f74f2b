"""The log-mel spectrogram on axes in seconds and hertz, for pictures that lay something over it."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

TICKS_HZ = (125, 500, 1000, 2000, 4000, 8000)


def draw_mel(
    axes: Axes,
    mel: NDArray[Any],
    band_hz: NDArray[Any],
    frames_per_second: float,
    *,
    cmap: str = "magma",
    limits: tuple[float, float] | None = None,
) -> Any:  # noqa: ANN401 - matplotlib's image
    """Draw a spectrogram; bands keep their own scale, frequencies are written beside them.

    Parameters
    ----------
    axes : Axes
        Where.
    mel, band_hz : ndarray of shape (n_frames, n_mels), and of shape (n_mels,), Hz
        The spectrogram and the centre of each band, rising.
    frames_per_second : float
        Columns of the spectrogram in a second.
    cmap : str
        Name of matplotlib's colour map.
    limits : tuple of float, optional
        Which values are darkest and brightest.
    """
    n_mels = mel.shape[1]
    low, high = limits or (None, None)
    image = axes.imshow(
        np.asarray(mel, dtype=np.float32).T,
        origin="lower",
        aspect="auto",
        extent=extent_of(mel, frames_per_second),
        cmap=cmap,
        interpolation="nearest",
        vmin=low,
        vmax=high,
    )
    shown = [hertz for hertz in TICKS_HZ if band_hz[0] <= hertz <= band_hz[-1]]
    axes.set_yticks(np.interp(shown, band_hz, np.arange(n_mels)), [str(hertz) for hertz in shown])
    return image


def extent_of(mel: NDArray[Any], frames_per_second: float) -> tuple[float, float, float, float]:
    """Find the edges of a spectrogram: seconds from left to right, bands from bottom to top.

    Parameters
    ----------
    mel : ndarray of shape (n_frames, n_mels)
        The spectrogram.
    frames_per_second : float
        Columns of the spectrogram in a second.
    """
    return (0.0, len(mel) / frames_per_second, -0.5, mel.shape[1] - 0.5)
