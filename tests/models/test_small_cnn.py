"""The plain network: its size, its range, its options."""

from typing import Any

import pytest
import torch

from genre.errors import ConfigError
from genre.models.registry import count_parameters
from genre.models.small_cnn import SmallCNN, SmallCNNConfig


def network(config: SmallCNNConfig | None = None) -> SmallCNN:
    torch.manual_seed(0)
    return SmallCNN(config or SmallCNNConfig(n_mels=64, n_frames=32), n_labels=4).eval()


def test_parameters_by_hand() -> None:
    convolutions = (9 + 1) * 16 + (9 * 16 + 1) * 32 + (9 * 32 + 1) * 64
    linear = (64 * 8 * 4 + 1) * 128 + (128 + 1) * 4
    assert convolutions + linear == 286_084  # as its design states
    assert count_parameters(network()) == 286_084


def test_scale_and_offset_of_the_spectrogram_make_no_difference() -> None:
    model, mel = network(), torch.randn(3, 1, 64, 32)
    torch.testing.assert_close(model(7.5 * mel - 40), model(mel), rtol=1e-3, atol=1e-4)
    assert not torch.allclose(model(mel[:1]), model(mel[1:2]), atol=1e-4)


def test_silence_has_finite_scores() -> None:
    assert network()(torch.full((1, 1, 64, 32), -80.0)).isfinite().all()


def test_the_first_cell_by_hand() -> None:
    model = network(SmallCNNConfig(channels=(1,), n_mels=2, n_frames=2, hidden=1))
    mel = torch.tensor([[[[0.0, 1.0], [3.0, 4.0]]]])
    kernel, bias = (value.detach() for value in next(model.blocks.children()).parameters())
    padded = torch.nn.functional.pad(mel[0, 0] / 4, (1, 1, 1, 1))
    cells = [(padded[r : r + 3, c : c + 3] * kernel[0, 0]).sum() for r in (0, 1) for c in (0, 1)]
    best = (torch.stack(cells) + bias).clamp(min=0).max()
    torch.testing.assert_close(model.blocks(mel / 4).squeeze(), best)


def test_another_window_does_not_fit() -> None:
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        network()(torch.zeros(1, 1, 64, 40))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channels": ()}, "counts above 0"),
        ({"hidden": 0}, "hidden=0 must be above 0"),
        ({"n_mels": 7}, "n_mels=7 must be at least 8"),
        ({"n_frames": 4}, "n_frames=4 must be at least 8"),
        ({"head_dropout": 1.0}, r"head_dropout=1.0 must lie in \[0, 1\)"),
    ],
)
def test_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SmallCNNConfig(**options)
