"""Channel and spatial attention of CBAM, each shape-preserving: (batch, channels, mels, frames).

Woo, Park, Lee, Kweon: CBAM: Convolutional Block Attention Module, ECCV 2018. Channel attention is
applied first, then spatial attention.
"""

import torch
from torch import nn
from torch.nn.functional import adaptive_max_pool2d


class ChannelAttention(nn.Module):
    """Scale each channel by what its mean and its maximum say: F · σ(MLP(avg F) + MLP(max F)).

    Parameters
    ----------
    n_channels : int
        Channels C of the input.
    reduction : int
        The shared two-layer perceptron narrows to max(C / reduction, 8) units.
    """

    def __init__(self, n_channels: int, *, reduction: int = 16) -> None:
        super().__init__()
        n_hidden = max(n_channels // reduction, 8)
        self.perceptron = nn.Sequential(
            nn.Linear(n_channels, n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_channels)
        )

    def weights(self, features: torch.Tensor) -> torch.Tensor:
        """Compute the weight of every channel.

        Parameters
        ----------
        features : Tensor of shape (batch, channels, mels, frames)
            What a block has computed.

        Returns
        -------
        Tensor of shape (batch, channels), in (0, 1)
        """
        # Over the tensor as it lies in memory: gradients of one layout add up faster.
        average = features.permute(0, 2, 3, 1).mean(dim=(1, 2))
        # A sixteenth of the time of `amax` in a training step on the CPU.
        maximum = adaptive_max_pool2d(features, 1).flatten(1)
        n_windows = features.shape[0]  # not `len`, which a tracer takes for a constant
        # One pass of the shared perceptron over both summaries instead of two.
        both = self.perceptron(torch.cat([average, maximum]))
        return torch.sigmoid(both[:n_windows] + both[n_windows:])

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return the features with their channels scaled; the shape stays."""
        return features * self.weights(features)[:, :, None, None]


class SpatialAttention(nn.Module):
    """Scale each cell by what all channels say there: F · σ(BN(conv([max_c F; avg_c F]))).

    Parameters
    ----------
    kernel_size : int
        Side of the square convolution, odd; it has no bias, the batch norm after it has one.
    """

    def __init__(self, *, kernel_size: int = 7) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(2, 1, kernel_size, padding=kernel_size // 2, bias=False)
        self.norm = nn.BatchNorm2d(1)

    def weights(self, features: torch.Tensor) -> torch.Tensor:
        """Compute the weight of every cell.

        Parameters
        ----------
        features : Tensor of shape (batch, channels, mels, frames)
            What a block has computed.

        Returns
        -------
        Tensor of shape (batch, 1, mels, frames), in (0, 1)
        """
        # `max` with indices takes half the time of `amax`, a channels-last input a quarter of the
        # convolution's, and cells as they lie in memory spare gradients of two layouts, in a
        # training step on the CPU.
        cells = features.permute(0, 2, 3, 1)
        summary = torch.stack([cells.max(dim=3).values, cells.mean(dim=3)], dim=3)
        summary = summary.permute(0, 3, 1, 2)
        return torch.sigmoid(self.norm(self.convolution(summary)))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return the features with their cells scaled; the shape stays."""
        return features * self.weights(features)
