"""The residual network: its size, its shortcuts, its options."""

from dataclasses import replace

import pytest
import torch

from genre.errors import ConfigError
from genre.models.registry import count_parameters
from genre.models.short_chunk_cnn import ShortChunkCNN, ShortChunkCNNConfig


def network(**options: object) -> ShortChunkCNN:
    torch.manual_seed(0)
    return ShortChunkCNN(ShortChunkCNNConfig(**options), n_labels=7)  # type: ignore[arg-type]


def test_it_is_small() -> None:
    assert 1_000_000 < count_parameters(network()) <= 4_000_000


def test_parameters_by_hand() -> None:
    stem = 25 * 4 + 2 * 4
    same = 2 * 9 * 4 * 4 + 2 * 2 * 4
    wider = 9 * 4 * 8 + 9 * 8 * 8 + 2 * 2 * 8 + (4 * 8 + 2 * 8)
    head = 16 * 5 + 2 * 5 + 5 * 7 + 7
    model = network(channels=(4, 8), hidden=5)
    assert count_parameters(model) == stem + same + wider + head


def test_a_block_adds_its_path_to_its_input() -> None:
    block = network(channels=(4,)).blocks[0].eval()
    features = torch.rand(2, 4, 8, 6)
    # With the last norm at zero the path says nothing, and 2 × 2 maxima of the input remain.
    torch.nn.init.zeros_(block.path[-1].weight)
    by_hand = features.reshape(2, 4, 4, 2, 3, 2).amax(dim=(3, 5))
    torch.testing.assert_close(block(features), by_hand)


def test_dropout_works_in_training_only() -> None:
    model, mel = network(channels=(4, 8)), torch.randn(4, 1, 96, 200)
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
def test_refuses(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        replace(ShortChunkCNNConfig(), **options)  # type: ignore[arg-type]
