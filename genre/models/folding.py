"""Fold batch norms into the convolutions before them: the same function in fewer passes.

In evaluation mode a batch norm is a fixed scale and offset per channel, which the weights and the
bias of the convolution in front of it can carry.
"""

import copy
from itertools import pairwise

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def folded(network: nn.Module) -> nn.Module:
    """Copy a network for inference, with its batch norms folded.

    Parameters
    ----------
    network : Module
        Any; what is folded are convolutions followed by a batch norm inside an `nn.Sequential`.

    Returns
    -------
    Module
        A copy in evaluation mode that gives the same output to rounding, for inference only; the
        very network where it holds nothing to fold and is in evaluation mode already.
    """
    if not network.training and not any(_pairs(layers) for layers in _sequences(network)):
        return network
    copied = copy.deepcopy(network).eval()
    for layers in _sequences(copied):
        for place, convolution, norm in _pairs(layers):
            layers[place] = fuse_conv_bn_eval(convolution, norm)
            layers[place + 1] = nn.Identity()
            if place + 2 < len(layers) and isinstance(after := layers[place + 2], nn.ReLU):
                after.inplace = True  # nobody else reads the convolution's output
    return copied


def _sequences(network: nn.Module) -> list[nn.Sequential]:
    return [module for module in network.modules() if isinstance(module, nn.Sequential)]


def _pairs(layers: nn.Sequential) -> list[tuple[int, nn.Conv2d, nn.BatchNorm2d]]:
    """Find the convolutions that a batch norm follows, with their places."""
    return [
        (place, first, second)
        for place, (first, second) in enumerate(pairwise(layers))
        if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d)
    ]
