"""From a feature map to one vector: what is kept of frequency, and what is said of time.

`GlobalMean` averages over bands and frames. `BandStatistics` keeps a few bands apart and describes
each channel there by its mean, deviation and maximum over time: where a sound lies in frequency
and how it comes and goes tell more than how much of it there is.
"""

import torch
from torch import nn

N_STATISTICS = 3


class GlobalMean(nn.Module):
    """Average each channel over the whole map."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Pool.

        Parameters
        ----------
        features : Tensor of shape (batch, channels, mels, frames)
            What the last block has computed.

        Returns
        -------
        Tensor of shape (batch, channels), at least float32
        """
        return _precise(features).mean(dim=(2, 3))


class BandStatistics(nn.Module):
    """Describe each channel in each kept band by mean, deviation and maximum over time.

    Parameters
    ----------
    n_bands : int
        Bands to keep apart; a map with more is averaged down to them.
    """

    def __init__(self, n_bands: int) -> None:
        super().__init__()
        self.n_bands = n_bands

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Pool.

        Parameters
        ----------
        features : Tensor of shape (batch, channels, mels, frames)
            What the last block has computed.

        Returns
        -------
        Tensor of shape (batch, 3 * channels * n_bands), at least float32
            All means, then all deviations, then all maxima; bands run fastest.
        """
        features = _precise(features)
        if features.shape[2] != self.n_bands:
            features = _bands(int(features.shape[2]), self.n_bands).to(features) @ features
        mean = features.mean(dim=3)
        # In two passes: half the time of `var_mean` in a training step on the CPU.
        variance = (features - mean[..., None]).square().mean(dim=3)
        # The root's slope is infinite at 0, where a channel is silent all along.
        deviation = (variance + 1e-5).sqrt()
        # With indices it takes half the time of `amax` in a training step on the CPU.
        maximum = features.max(dim=3).values
        return torch.cat([part.flatten(1) for part in (mean, deviation, maximum)], dim=1)


def _bands(n_rows: int, n_bands: int) -> torch.Tensor:
    """Make the matrix that averages rows as `adaptive_avg_pool2d` does, which ONNX lacks."""
    ends = [
        (band * n_rows // n_bands, -(-(band + 1) * n_rows // n_bands)) for band in range(n_bands)
    ]
    return torch.tensor(
        [[(first <= row < end) / (end - first) for row in range(n_rows)] for first, end in ends]
    )


def _precise(features: torch.Tensor) -> torch.Tensor:
    """Widen what autocast made narrow: differences of sums need the digits."""
    narrow = features.dtype in (torch.float16, torch.bfloat16)
    return features.float() if narrow else features
