"""Augmentation changes what it says, by how much it says, and nothing at zero."""

import pytest
import torch

from genre.errors import ConfigError
from genre.training.augment import AugmentConfig, random_gain, random_masks


def test_gain_is_one_number_per_window_within_its_bounds() -> None:
    torch.manual_seed(0)
    windows = torch.zeros(500, 4, 3)
    gains = random_gain(windows, AugmentConfig(gain_db=6.0))
    assert (gains == gains[:, :1, :1]).all()
    assert gains.abs().max() <= 6.0
    # 500 uniform draws reach within 1 % of both ends with probability above 0.98
    assert gains.min() < -5.8
    assert gains.max() > 5.8


def test_masks_hide_one_run_of_bands_and_one_of_frames() -> None:
    torch.manual_seed(0)
    masked = random_masks(torch.ones(200, 1, 96, 200), AugmentConfig()) == 0
    bands = masked.all(dim=3)[:, 0]
    frames = masked.all(dim=2)[:, 0]
    assert 0 < bands.sum(dim=1).max() <= 12
    assert 0 < frames.sum(dim=1).max() <= 25
    for hidden in (*bands, *frames):
        at = torch.nonzero(hidden)[:, 0]
        assert len(at) == 0 or int(at[-1] - at[0]) + 1 == len(at)
    # Windows get masks of their own.
    assert len({tuple(row.tolist()) for row in bands}) > 50


def test_zero_is_off() -> None:
    off = AugmentConfig(gain_db=0.0, mask_mels=0, mask_frames=0)
    windows = torch.randn(2, 200, 96)
    assert torch.equal(random_gain(windows, off), windows)
    inputs = windows.transpose(1, 2)[:, None]
    assert torch.equal(random_masks(inputs, off), inputs)


def test_the_default_generators_seed_decides() -> None:
    def draw(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        return random_masks(
            random_gain(torch.ones(4, 96, 200), AugmentConfig())[:, None], AugmentConfig()
        )

    assert torch.equal(draw(1), draw(1))
    assert not torch.equal(draw(1), draw(2))


def test_refuses() -> None:
    with pytest.raises(ConfigError, match="mask_mels=-1 must be at least 0"):
        AugmentConfig(mask_mels=-1)
