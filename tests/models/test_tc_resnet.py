"""The network over time: its size, its shortcuts, what pictures and explanations ask of it."""

from typing import Any

import pytest
import torch
from torch import nn

from genre.errors import ConfigError
from genre.models.explain import genre_evidence, pooled_features
from genre.models.outline import outline
from genre.models.registry import count_parameters
from genre.models.tc_resnet import TCResNet, TCResNetConfig
from tests.layers import layer_at


def network(config: TCResNetConfig | None = None) -> TCResNet:
    torch.manual_seed(0)
    return TCResNet(config or TCResNetConfig(n_mels=64), n_labels=4).eval()


def test_parameters_by_hand() -> None:
    def block(n_in: int, n_out: int) -> int:
        return 9 * n_in * n_out + 9 * n_out * n_out + n_in * n_out + 3 * 2 * n_out

    blocks = block(32, 48) + block(48, 64) + block(64, 96)
    assert count_parameters(network()) == 3 * 64 * 32 + blocks + 96 * 4 + 4 <= 300_000


def test_a_block_adds_its_path_to_its_input() -> None:
    block = next(network().blocks.children())
    features = torch.rand(2, 32, 1, 8)
    # With the last norm at zero the path says nothing, and every second frame remains.
    torch.nn.init.zeros_(layer_at(block.path, -1, nn.BatchNorm2d).weight)
    shortcut = layer_at(block.shortcut, 0, nn.Conv2d)
    norm = layer_at(block.shortcut, 1, nn.BatchNorm2d)
    by_hand = norm(shortcut(features)).clamp(min=0)
    torch.testing.assert_close(block(features), by_hand)
    assert by_hand.shape == (2, 48, 1, 4)


def test_its_stages_and_explanations() -> None:
    model, mel = network(), torch.randn(2, 1, 64, 64)
    stages = outline(model, n_mels=64, n_frames=64)
    assert [stage.shape for stage in stages[1:]] == [
        *((32, 1, 64), (48, 1, 32), (64, 1, 16), (96, 1, 8)),
        (4,),
    ]
    assert pooled_features(model, mel).shape == (2, 96)
    evidence = genre_evidence(model, mel, label=1)
    assert evidence.shape == (2, 8, 1)
    # All behind the last block is linear: a window's cells add up to its logit less the bias.
    bias = layer_at(model.head, 1, nn.Linear).bias[1].item()
    torch.testing.assert_close(
        torch.from_numpy(evidence.sum(axis=(1, 2))), model(mel)[:, 1].detach() - bias
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channels": (8,)}, "two or more counts above 0"),
        ({"kernel": 4}, "kernel=4 must be odd"),
        ({"n_mels": 0}, "n_mels=0 must be above 0"),
        ({"head_dropout": 1.0}, r"head_dropout=1.0 must lie in \[0, 1\)"),
    ],
)
def test_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        TCResNetConfig(**options)
