"""The log-mel spectrogram as matrix products, which every ONNX runtime has.

A Fourier transform of length N = P · Q is, after J. W. Cooley and J. W. Tukey (Mathematics of
Computation 19, 1965), P-point transforms over every Q-th sample, a turn of each result, and Q-point
transforms: with n = Q·p + q and k = j + P·m,

    X[k] = Σ_q (Σ_p x[n] e^(−2πi·pj/P)) e^(−2πi·qj/N) e^(−2πi·qm/Q).

For 2,048 samples the matrices are 32 and 64 wide, a tenth of the work of one matrix of all waves.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from genre.audio.mel import MelConfig, mel_filter_bank


class BlockMel(nn.Module):
    """Analyse a block of frames as `genre.audio.frontend` does, rounding to float16 included.

    Parameters
    ----------
    config : MelConfig
        Of the bundle's front end.
    n_frames : int
        How many frames a block has.
    """

    def __init__(self, config: MelConfig, n_frames: int) -> None:
        super().__init__()
        self._config, self._n_frames = config, n_frames
        n_fft = config.n_fft
        self._rows = math.ceil(n_fft / config.hop_length)
        first = max(p for p in range(1, math.isqrt(n_fft) + 1) if n_fft % p == 0)
        second = n_fft // first
        self._shape = (n_frames, first, second)
        n_kept = second // 2 + 1  # a real sound's other half is the same
        self._keep("window", 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft))
        self._keep_waves("first", np.outer(np.arange(first), np.arange(first)) / first)
        self._keep_waves("turn", np.outer(np.arange(first), np.arange(second)) / n_fft)
        self._keep_waves("second", np.outer(np.arange(second), np.arange(n_kept)) / second)
        self._keep("bank", _bank_in_order(config, first, n_kept))

    @property
    def n_samples(self) -> int:
        """How many samples a block is made of; a little more than its frames cover."""
        return (self._n_frames + self._rows - 1) * self._config.hop_length

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """Analyse.

        Parameters
        ----------
        samples : Tensor of shape (n_samples,)
            From the first sample of the block's first frame on.

        Returns
        -------
        Tensor of shape (n_frames, n_mels), in dB
        """
        rows = samples.reshape(-1, self._config.hop_length)
        parts = [rows[row : row + self._n_frames] for row in range(self._rows)]
        framed = torch.cat(parts, dim=1)[:, : self._config.n_fft] * self.get_buffer("window")
        framed = framed.reshape(self._shape)
        real = self.get_buffer("first_cos") @ framed
        imaginary = -(self.get_buffer("first_sin") @ framed)
        cos, sin = self.get_buffer("turn_cos"), self.get_buffer("turn_sin")
        real, imaginary = real * cos + imaginary * sin, imaginary * cos - real * sin
        cos, sin = self.get_buffer("second_cos"), self.get_buffer("second_sin")
        real, imaginary = real @ cos + imaginary @ sin, imaginary @ cos - real @ sin
        power = real.square() + imaginary.square()  # (n_frames, first, n_kept)
        bands = power.flatten(1) @ self.get_buffer("bank")
        decibels = 10.0 * bands.clamp(min=self._config.power_floor).log10()
        return decibels.clamp(min=self._config.floor_db).half().float()

    def _keep(self, name: str, values: NDArray[np.floating]) -> None:
        self.register_buffer(name, torch.from_numpy(values.astype(np.float32)))

    def _keep_waves(self, name: str, turns: NDArray[np.floating]) -> None:
        # Whole turns are taken off before the cosine, which then loses no digit.
        angle = 2 * np.pi * (turns % 1.0)
        self._keep(f"{name}_cos", np.cos(angle))
        self._keep(f"{name}_sin", np.sin(angle))


def _bank_in_order(config: MelConfig, first: int, n_kept: int) -> NDArray[np.float32]:
    """Arrange the filter bank for bins in the order in which the transform leaves them."""
    bank = mel_filter_bank(config)
    bins = (np.arange(first)[:, None] + first * np.arange(n_kept)).ravel()
    ordered = np.zeros((len(bins), config.n_mels), dtype=np.float32)
    is_half = bins < len(bank)
    ordered[is_half] = bank[bins[is_half]]
    return ordered
