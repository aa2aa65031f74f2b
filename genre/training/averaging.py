"""A running average of a network's weights, which is steadier than the weights of any one step.

The statistics of its batch norms are averaged like the weights: they are themselves running means
of what the network saw with nearly these weights (as in Polyak averaging for semi-supervised
learning: Tarvainen and Valpola, NeurIPS 2017).
"""

import copy
from collections.abc import Mapping

import torch
from torch import nn

# The first steps are forgotten faster: after n of them, the average keeps (1 + n) / (10 + n).
_RAMP = 10


class WeightAverage:
    """The average of a network's weights over its steps.

    Parameters
    ----------
    network : Module
        Its present weights are the first average.
    keep : float, in [0, 1)
        Share of the average that a step keeps; with 0 the average is the network itself.
    """

    def __init__(self, network: nn.Module, *, keep: float) -> None:
        self._source, self._keep = network, keep
        self.n_steps = 0
        self.network = network if keep == 0 else copy.deepcopy(network).eval()

    def weights(self) -> dict[str, torch.Tensor]:
        """Return the average's own tensors, by name; none where it is the network itself."""
        return {} if self._keep == 0 else self.network.state_dict()

    def restore(self, weights: Mapping[str, torch.Tensor], *, n_steps: int) -> None:
        """Go on from an earlier average and the steps it has seen.

        Parameters
        ----------
        weights : mapping of str to Tensor
            What `weights` gave.
        n_steps : int
            How many steps the restored average has seen.
        """
        self.n_steps = n_steps
        if self._keep > 0:
            self.network.load_state_dict(weights)

    def update(self) -> None:
        """Take the network's present weights into the average."""
        self.n_steps += 1
        if self._keep == 0:
            return
        keep = min(self._keep, (1 + self.n_steps) / (_RAMP + self.n_steps))
        ours, theirs = (net.state_dict() for net in (self.network, self._source))
        floating = [name for name, tensor in ours.items() if tensor.is_floating_point()]
        with torch.no_grad():
            # One call for all tensors: they are many and small.
            torch._foreach_lerp_(
                [ours[name] for name in floating], [theirs[name] for name in floating], 1 - keep
            )
            for name in ours.keys() - set(floating):
                ours[name].copy_(theirs[name])
