"""The residual network: its size, its shortcuts, its options."""

from typing import Any

import pytest
import torch
from torch import nn

from genre.errors import ConfigError
from genre.models.registry import count_parameters
from genre.models.short_chunk_cnn import ShortChunkCNN, ShortChunkCNNConfig
from tests.layers import layer_at


def network(config: ShortChunkCNNConfig) -> ShortChunkCNN:
    torch.manual_seed(0)
    return ShortChunkCNN(config, n_labels=7)


def test_it_is_small() -> None:
    assert 1_000_000 < count_parameters(network(ShortChunkCNNConfig())) <= 4_000_000


def test_parameters_by_hand() -> None:
    stem = 25 * 4 + 2 * 4
    same = 2 * 9 * 4 * 4 + 2 * 2 * 4
    wider = 9 * 4 * 8 + 9 * 8 * 8 + 2 * 2 * 8 + (4 * 8 + 2 * 8)
    head = 16 * 5 + 2 * 5 + 5 * 7 + 7
    model = network(ShortChunkCNNConfig(channels=(4, 8), hidden=5))
    assert count_parameters(model) == stem + same + wider + head


def test_a_block_adds_its_path_to_its_input() -> None:
    block = network(ShortChunkCNNConfig(channels=(4,))).blocks[0].eval()
    features = torch.rand(2, 4, 8, 6)
    # With the last norm at zero the path says nothing, and 2 × 2 maxima of the input remain.
    torch.nn.init.zeros_(layer_at(block.path, -1, nn.BatchNorm2d).weight)
    by_hand = features.reshape(2, 4, 4, 2, 3, 2).amax(dim=(3, 5))
    torch.testing.assert_close(block(features), by_hand)


def test_dropout_works_in_training_only() -> None:
    model = network(ShortChunkCNNConfig(channels=(4, 8)))
    mel = torch.randn(4, 1, 96, 200)
    assert not torch.equal(model(mel), model(mel))
    assert torch.equal(model.eval()(mel), model(mel))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channels": (4, 0)}, "counts above 0"),
        ({"hidden": 0}, "hidden=0 must be above 0"),
        ({"head_dropout": 1.0}, r"head_dropout=1.0 must lie in \[0, 1\)"),
    ],
)
def test_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ShortChunkCNNConfig(**options)
