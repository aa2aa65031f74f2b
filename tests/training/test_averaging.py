"""The running average of weights: by hand, and what it is when switched off."""

import pytest
import torch

from genre.training.averaging import WeightAverage


def network() -> torch.nn.Sequential:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))


def fill(net: torch.nn.Module, value: float) -> None:
    for tensor in net.state_dict().values():
        tensor.fill_(value)


def value_of(net: torch.nn.Module) -> float:
    return float(net.state_dict()["0.weight"][0, 0])


def test_by_hand() -> None:
    net = network()
    fill(net, 0.0)
    average = WeightAverage(net, keep=0.2)
    fill(net, 1.0)
    average.update()  # keeps (1 + 1) / (10 + 1) = 2/11 of 0
    assert value_of(average.network) == pytest.approx(9 / 11)
    fill(net, 2.0)
    average.update()  # (1 + 2) / (10 + 2) is more than 0.2
    assert value_of(average.network) == pytest.approx(0.2 * 9 / 11 + 0.8 * 2)
    assert average.n_steps == 2


def test_norms_are_averaged_and_counters_copied() -> None:
    net = network()
    average = WeightAverage(net, keep=0.9)
    net.train()(5 + torch.randn(8, 2))
    average.update()
    ours, theirs = average.network.state_dict(), net.state_dict()
    assert ours["1.num_batches_tracked"] == theirs["1.num_batches_tracked"] == 1
    torch.testing.assert_close(ours["1.running_mean"], theirs["1.running_mean"] * 9 / 11)
    # the norm starts at mean 0, variance 1
    expected = torch.lerp(torch.ones(3), theirs["1.running_var"], 9 / 11)
    torch.testing.assert_close(ours["1.running_var"], expected)


def test_it_goes_on_from_what_was_kept() -> None:
    whole_net, part_net = network(), network()
    whole, part = (WeightAverage(net, keep=0.9) for net in (whole_net, part_net))
    for value in (1.0, 2.0):
        for net, average in ((whole_net, whole), (part_net, part)):
            fill(net, value)
            average.update()
    kept = {name: tensor.clone() for name, tensor in part.weights().items()}
    again = WeightAverage(part_net, keep=0.9)
    again.restore(kept, n_steps=part.n_steps)
    for average in (whole, again):
        average.update()
    assert value_of(whole.network) == value_of(again.network)


def test_zero_is_the_network_itself() -> None:
    net = network()
    average = WeightAverage(net, keep=0.0)
    average.update()
    assert average.network is net
    assert average.weights() == {}
    average.restore({}, n_steps=3)
    assert average.n_steps == 3


def test_the_average_is_in_evaluation_mode() -> None:
    net = network().train()
    assert not WeightAverage(net, keep=0.5).network.training
    assert net.training
