"""From a track's log-mel to the standardised windows that a network takes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genre.audio.windows import Frames, WindowConfig, pad_to_window, window_frames, window_starts
from genre.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Standardisation:
    """Mean and deviation of each mel band over the training tracks.

    Parameters
    ----------
    mean : tuple of float, n_mels values or one for all, in dB
        What is taken off each band.
    deviation : tuple of float, as many values above 0, in dB
        What each band is divided by.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.mean) != len(self.deviation) or min(self.deviation) <= 0:
            raise ConfigError(
                f"deviation={self.deviation} must have {len(self.mean)} values above 0"
            )

    def __call__(self, windows: NDArray[np.floating]) -> NDArray[np.float32]:
        """Standardise windows and bring them into the network's shape.

        Parameters
        ----------
        windows : ndarray of shape (n_windows, window_frames, n_mels), in dB
            As the front end computes them.

        Returns
        -------
        ndarray of shape (n_windows, 1, n_mels, window_frames), float32
        """
        standard = windows.astype(np.float32)
        standard -= np.array(self.mean, dtype=np.float32)
        standard /= np.array(self.deviation, dtype=np.float32)
        return np.ascontiguousarray(standard.transpose(0, 2, 1))[:, None]


@dataclass(frozen=True, kw_only=True)
class Windowing:
    """What turns a track's log-mel into a network's windows.

    Parameters
    ----------
    mel : Frames
        The front end's spectrogram, for its frame rate and silence; or its whole windows.
    windows : WindowConfig
        Length and step of the windows.
    standardisation : Standardisation
        Statistics of the training tracks.
    """

    mel: Frames
    windows: WindowConfig
    standardisation: Standardisation

    @property
    def n_frames(self) -> int:
        """Frames of one window."""
        return window_frames(self.windows, self.mel)

    def starts_seconds(self, n_frames: int) -> NDArray[np.float64]:
        """List where the windows of a track begin.

        Parameters
        ----------
        n_frames : int
            Length of the track's spectrogram.

        Returns
        -------
        ndarray of shape (n_windows,), in seconds
        """
        return window_starts(n_frames, self.windows, self.mel) / self.mel.frames_per_second

    def cut(self, mel: NDArray[np.floating]) -> NDArray[np.floating]:
        """Cut a track into its windows.

        Parameters
        ----------
        mel : ndarray of shape (n_frames, n_mels), in dB
            The whole track.

        Returns
        -------
        ndarray of shape (n_windows, window_frames, n_mels)
        """
        return np.stack(list(self.views(mel)))

    def views(self, mel: NDArray[np.floating], *, most: int = 0) -> Iterator[NDArray[np.floating]]:
        """Look at the windows of a track one by one, without a copy of its sound.

        Parameters
        ----------
        mel : ndarray of shape (n_frames, n_mels), in dB
            The whole track.
        most : int
            Of a track with more, so many, evenly spread from its first to its last; 0 takes all.

        Yields
        ------
        ndarray of shape (window_frames, n_mels)
        """
        padded = pad_to_window(mel, self.windows, self.mel)
        starts = window_starts(len(padded), self.windows, self.mel)
        if 0 < most < len(starts):
            starts = starts[np.linspace(0, len(starts) - 1, most).round().astype(int)]
        for start in starts:
            yield padded[start : start + self.n_frames]
