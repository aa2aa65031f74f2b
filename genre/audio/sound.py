"""What every reader of sound files offers, which layouts of sound are accepted, what is learned.

Readers differ in what decodes behind them; `Sound`, `Lengths` and `SoundFacts` do not.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from genre.errors import AudioError, AudioErrorKind
from genre.wording import shown

MIN_SAMPLE_RATE = 1_000
MAX_SAMPLE_RATE = 384_000
MAX_CHANNELS = 8

Buffer = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class SoundFacts:
    """What decoding a file told about it.

    Parameters
    ----------
    container : str
        What the file is, a value of `genre.audio.containers.Container`.
    sample_rate : int, in Hz
        Of the file; of its longest part where it changes.
    n_channels : int
        Likewise.
    duration_seconds : float
        Length of the sound that was decoded.
    declared_seconds : float or None
        Length that the file's header promises; None where it does not say.
    peak : float
        Largest magnitude of a sample in any channel; full scale is 1.
    clipped_fraction : float
        Share of the frames that reach full scale in some channel, in [0, 1].
    flags : tuple of str
        What is odd about it: ``partial``, ``truncated``, ``silent``, ``opposed``.
    """

    container: str
    sample_rate: int
    n_channels: int
    duration_seconds: float
    declared_seconds: float | None
    peak: float
    clipped_fraction: float
    flags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """What a file says about its length.

    Parameters
    ----------
    declared : int or None
        Frames that its header promises; None where it does not say. Where the sample rate changes,
        all frames are counted at the first one.
    present : int or None
        Frames counted in the file without decoding; None where they cannot be counted.
    slack : int
        Frames by which a decoder may differ from either.
    is_cut : bool
        The file ends before its container says that it should.
    """

    declared: int | None = None
    present: int | None = None
    slack: int = 0
    is_cut: bool = False


class Sound(Protocol):
    """An open file that gives its frames once, from the first to the last.

    Rate and channels are those of the next frames. They change only where a read gives none: that
    is the end of the file where they stay as they are.
    """

    @property
    def samplerate(self) -> int:
        """Rate in Hz."""

    @property
    def channels(self) -> int:
        """Number of channels."""

    def read_block(self, buffer: Buffer) -> tuple[int, str | None]:
        """Read the next frames.

        Parameters
        ----------
        buffer : ndarray of shape (n_frames, n_channels)
            Filled from its start.

        Returns
        -------
        tuple of int and (str or None)
            Number of frames read, 0 at the end and where the layout changes; and what stopped or
            disturbed the decoding, told once, with the last frames.
        """

    def close(self) -> None:
        """Release what is held; may be called twice."""


def check_layout(path: Path, sample_rate: int, n_channels: int) -> None:
    """Refuse what no recording has, before anything is decoded.

    Parameters
    ----------
    path : Path
        The file, for the message.
    sample_rate : int, in Hz
        As its header has it.
    n_channels : int
        As its header has it.

    Raises
    ------
    AudioError
        Of kind ``unsupported``.
    """
    trouble = None
    if not MIN_SAMPLE_RATE <= sample_rate <= MAX_SAMPLE_RATE:
        trouble = (
            f"sample_rate={sample_rate} that must be between {MIN_SAMPLE_RATE} and "
            f"{MAX_SAMPLE_RATE} Hz; resample it"
        )
    elif not 1 <= n_channels <= MAX_CHANNELS:
        trouble = (
            f"n_channels={n_channels} that must be between 1 and {MAX_CHANNELS}; mix it to stereo"
        )
    if trouble is not None:
        raise AudioError(AudioErrorKind.UNSUPPORTED, f"{shown(path)} has {trouble}")
