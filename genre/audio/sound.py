"""What every reader of sound files offers, whatever decodes behind it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Buffer = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """What a file says about its length.

    Parameters
    ----------
    declared : int or None
        Frames that its header promises; None where it does not say.
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
    """An open file that gives its frames once, from the first to the last."""

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
            Number of frames read, 0 at the end; and what stopped or disturbed the decoding, told
            once, with the last frames.
        """

    def close(self) -> None:
        """Give back what is held; may be called twice."""
