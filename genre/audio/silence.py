"""Whether a sound is silent, found out while it passes by.

Silent is what nobody hears: no channel moves by more than `SILENCE_PEAK` (-80 dB of full scale)
around its mean, so that an offset alone is silence too; or no sample moves by more than ten times
that and no channel has more than `SILENCE_PEAK` on the average (root of the mean square), which is
the noise of a converter without an input. One channel with sound is sound.
"""

import numpy as np
from numpy.typing import NDArray

SILENCE_PEAK = 1e-4
_NOISE_PEAK = 10 * SILENCE_PEAK


class SilenceMeter:
    """Listen to the blocks of a sound until one is loud; from then on it costs nothing.

    Parameters
    ----------
    n_channels : int
        Of the sound.
    """

    def __init__(self, n_channels: int) -> None:
        self._is_loud = False
        self._n_frames = 0
        self._low = np.full(n_channels, np.inf)
        self._high = np.full(n_channels, -np.inf)
        self._sum = np.zeros(n_channels)
        self._power = np.zeros(n_channels)

    def push(self, block: NDArray[np.float32]) -> None:
        """Listen to the next frames.

        Parameters
        ----------
        block : ndarray of shape (n_frames, n_channels)
            Finite.
        """
        if self._is_loud:
            return
        self._n_frames += len(block)
        for channel, samples in enumerate(block.T.astype(np.float64)):
            self._low[channel] = min(self._low[channel], samples.min())
            self._high[channel] = max(self._high[channel], samples.max())
            self._sum[channel] += samples.sum()
            self._power[channel] += samples @ samples
        self._is_loud = bool((self._high - self._low).max() > 2 * _NOISE_PEAK)

    @property
    def is_silent(self) -> bool:
        """Whether all that was heard is silence."""
        if self._is_loud:
            return False
        if not self._n_frames or (self._high - self._low).max() < 2 * SILENCE_PEAK:
            return True
        mean = self._sum / self._n_frames
        # what the squares lose by rounding is far below the limit, also beside a large offset
        return bool((self._power / self._n_frames - mean**2).max() < SILENCE_PEAK**2)
