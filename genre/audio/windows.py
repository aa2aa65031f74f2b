"""Windows: the fixed excerpts in which a track is learned and scored.

Starts lie at every step; where enough sound is left over behind the last one, one more window
ends exactly at the end of the track. A track shorter than a window is padded with silence.
"""

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from genre.audio.sound import SoundFacts
from genre.errors import ConfigError

FLAG_SHORT = "short"
"""Of a track that is shorter than a window."""

Floating = TypeVar("Floating", bound=np.floating)


class Frames(Protocol):
    """What a track is counted in: the frames of a `MelConfig`, as a rule."""

    @property
    def n_mels(self) -> int:
        """Numbers of a frame."""

    @property
    def frames_per_second(self) -> float:
        """Number of frames in a second of sound."""

    @property
    def silence(self) -> float:
        """The value where nothing sounds."""


@dataclass(frozen=True, kw_only=True)
class WindowConfig:
    """Where the windows of a track lie.

    Parameters
    ----------
    window_seconds : float, in seconds
        Length of a window.
    step_seconds : float, in seconds, at most window_seconds
        Distance between the starts of two windows.
    min_tail_seconds : float, in seconds
        Shortest leftover at the end of a track that gets a window of its own.
    """

    window_seconds: float = 4.0
    step_seconds: float = 2.0
    min_tail_seconds: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.window_seconds < float("inf"):
            raise ConfigError(f"window_seconds={self.window_seconds} must be above 0 s")
        if not 0 < self.step_seconds <= self.window_seconds:
            raise ConfigError(
                f"step_seconds={self.step_seconds} must be above 0 s and at most "
                f"window_seconds={self.window_seconds}, so that no sound is skipped"
            )
        if not self.min_tail_seconds > 0:
            raise ConfigError(f"min_tail_seconds={self.min_tail_seconds} must be above 0 s")


def window_frames(windows: WindowConfig, mel: Frames) -> int:
    """Return the length of a window.

    Returns
    -------
    int
        Number of spectrogram frames, at least 1.
    """
    return to_frames(windows.window_seconds, mel)


def window_starts(n_frames: int, windows: WindowConfig, mel: Frames) -> NDArray[np.int64]:
    """Place the windows of one track.

    Parameters
    ----------
    n_frames : int
        Length of the track's spectrogram.
    windows : WindowConfig
        The settings of the windows.
    mel : Frames
        The settings of the spectrogram, which fix the length of a frame.

    Returns
    -------
    ndarray of shape (n_windows,)
        First frame of every window, ascending, at least one; a track shorter than a window has
        the one start 0 and must be padded (`pad_to_window`).
    """
    if n_frames < 1:
        raise ConfigError(f"n_frames={n_frames} must be at least 1")
    length = window_frames(windows, mel)
    last = max(0, n_frames - length)
    starts = np.arange(0, last + 1, to_frames(windows.step_seconds, mel), dtype=np.int64)
    if last - starts[-1] >= to_frames(windows.min_tail_seconds, mel):
        starts = np.append(starts, np.int64(last))
    return starts


def pad_to_window(
    mel: NDArray[Floating], windows: WindowConfig, mel_config: Frames
) -> NDArray[Floating]:
    """Lengthen a short spectrogram to one window with silence at its end.

    Parameters
    ----------
    mel : ndarray of shape (n_frames, n_mels), in dB
        A track's spectrogram.
    windows : WindowConfig
        The settings of the windows.
    mel_config : Frames
        The settings of the spectrogram.

    Returns
    -------
    ndarray of shape (max(n_frames, window_frames), n_mels), in dB
        The same array where it is long enough already, else a padded copy of its type.
    """
    missing = window_frames(windows, mel_config) - mel.shape[0]
    if missing <= 0:
        return mel
    return np.pad(mel, ((0, missing), (0, 0)), constant_values=mel_config.silence)


def flags_of(facts: SoundFacts, windows: WindowConfig, frames: Frames) -> tuple[str, ...]:
    """List what is odd about a track to a network that hears it in windows.

    Parameters
    ----------
    facts : SoundFacts
        What decoding told about it.
    windows : WindowConfig
        Those of the network.
    frames : Frames
        What its windows are cut from.

    Returns
    -------
    tuple of str
        The flags of the file; and ``short`` where it is shorter than a window, and was padded with
        silence.
    """
    # The first frame is centred on the beginning, and there is one more at every step.
    n_frames = int(facts.duration_seconds * frames.frames_per_second) + 1
    is_short = n_frames < window_frames(windows, frames)
    return (*facts.flags, *([FLAG_SHORT] if is_short else []))


def to_frames(seconds: float, mel: Frames) -> int:
    """Convert a stretch of time to frames of the spectrogram, at least 1."""
    return max(1, round(seconds * mel.frames_per_second))
