"""Folding: the same output with fewer layers, and the network itself untouched."""

import copy

import pytest
import torch
from torch import nn

from genre.models.folding import folded
from genre.models.registry import MODELS


@pytest.fixture(params=sorted(MODELS))
def network(request: pytest.FixtureRequest) -> nn.Module:
    """Build a network whose batch norms have seen something."""
    torch.manual_seed(0)
    entry = MODELS[request.param]
    network = entry.build(entry.config_class(), n_labels=3)
    with torch.no_grad():
        for _ in range(3):
            network(3 + 2 * torch.randn(4, 1, 96, 200))
    return network.eval()


def test_the_output_stays(network: nn.Module) -> None:
    inputs = 3 + 2 * torch.randn(2, 1, 96, 200, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        before, after = network(inputs), folded(network)(inputs)
    # float32 sums in another order
    torch.testing.assert_close(after, before, rtol=1e-4, atol=1e-4)


def test_no_batch_norm_follows_a_convolution_and_the_network_is_as_it_was(
    network: nn.Module,
) -> None:
    n_norms = sum(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    before = copy.deepcopy(network.state_dict())
    small = folded(network)
    # those of the spatial attention stand alone
    assert sum(isinstance(module, nn.BatchNorm2d) for module in small.modules()) < n_norms / 2 + 1
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert folded(small) is small


def test_a_network_in_training_is_folded_in_evaluation_mode(network: nn.Module) -> None:
    network.train()
    assert not folded(network).training
    assert network.training
    assert not folded(nn.Sequential(nn.Linear(2, 2))).training
