"""Augmentation changes what it says, by how much it says, and nothing at zero."""

from typing import Any

import pytest
import torch

from genre.errors import ConfigError
from genre.training.augment import (
    AugmentConfig,
    augmented,
    random_gain,
    random_masks,
    random_mix,
    random_shift,
    random_tempo,
)


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


def test_windows_are_mixed_in_power_and_labels_in_the_same_proportion() -> None:
    torch.manual_seed(0)
    # Every window has one power of its own, 1 to 400, and its number as its label.
    power = torch.arange(1.0, 401)
    windows = 10 * torch.log10(power)[:, None, None].expand(400, 4, 3)
    mixed, targets = random_mix(windows, torch.eye(400), AugmentConfig(mix_share=0.6), floor=1e-8)
    expected = 10 * torch.log10(targets @ power)
    torch.testing.assert_close(mixed, expected[:, None, None].expand_as(mixed))
    torch.testing.assert_close(targets.sum(dim=1), torch.ones(400))
    n_mixed = int((targets.amax(dim=1) < 1).sum())
    # 400 draws at 0.6 have a deviation of 10; one in 400 meets itself
    assert abs(n_mixed - 240) < 40


def test_silence_mixed_with_silence_stays_at_the_floor() -> None:
    silence = torch.full((8, 4, 3), -80.0)
    mixed, _ = random_mix(silence - 6, torch.zeros(8, 2), AugmentConfig(mix_share=1.0), floor=1e-8)
    torch.testing.assert_close(mixed, silence)


def test_bands_move_together_and_the_outermost_fills_the_gap() -> None:
    torch.manual_seed(0)
    windows = torch.arange(10.0).expand(200, 4, 10)
    moved = random_shift(windows, AugmentConfig(shift_mels=3))
    shifts = 5 - moved[:, 0, 5]
    assert set(shifts.tolist()) == {-3, -2, -1, 0, 1, 2, 3}
    by_hand = (torch.arange(10)[None, :] - shifts[:, None]).clamp(0, 9)
    torch.testing.assert_close(moved, by_hand[:, None, :].expand_as(moved))


def test_a_window_moves_in_time_and_the_gap_holds_the_least_of_each_band() -> None:
    torch.manual_seed(0)
    windows = torch.stack([torch.arange(10.0), 20 - torch.arange(10.0)], dim=1).expand(300, 10, 2)
    moved = random_tempo(windows, AugmentConfig(shift_frames=4))
    moves = 5 - moved[:, 5, 0]  # the ramp tells where a frame came from
    assert (moves.abs() <= 4).all()
    assert moves.min() < -3.8
    assert moves.max() > 3.8
    places = torch.arange(10) - moves[:, None]
    inside = (places >= 0) & (places <= 9)
    torch.testing.assert_close(moved[..., 0][inside], places[inside])
    torch.testing.assert_close(moved[..., 1][inside], 20 - places[inside])
    far = (places <= -1) | (places >= 10)
    assert (moved[far] == torch.tensor([0.0, 11.0])).all()


def test_tempo_stretches_about_the_middle() -> None:
    torch.manual_seed(0)
    windows = torch.arange(21.0)[None, :, None].expand(300, 21, 3)
    played = random_tempo(windows, AugmentConfig(tempo=0.2))
    factors = played[:, 11, 0] - 10  # frames that pass in the time of one
    assert factors.min() > 0.8187 - 1e-4
    assert factors.min() < 0.83
    assert factors.max() < 1.2214 + 1e-4
    assert factors.max() > 1.21
    torch.testing.assert_close(played[:, 10], torch.full((300, 3), 10.0))
    torch.testing.assert_close(played[:, 4, 0], 10 - 6 * factors)


def test_zero_is_off() -> None:
    off = AugmentConfig(gain_db=0.0, mix_share=0.0, shift_mels=0, mask_mels=0, mask_frames=0)
    windows, targets = torch.randn(2, 200, 96), torch.eye(2)
    assert torch.equal(random_gain(windows, off), windows)
    assert torch.equal(random_shift(windows, off), windows)
    assert torch.equal(random_tempo(windows, off), windows)
    same_windows, same_targets = random_mix(windows, targets, off, floor=1e-8)
    assert torch.equal(same_windows, windows)
    assert torch.equal(same_targets, targets)
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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mix_share": 1.1}, r"mix_share=1.1 must lie in \[0, 1\]"),
        ({"mix_alpha": 0.0}, "mix_alpha=0.0 must be above 0"),
        ({"shift_mels": -1}, "shift_mels=-1 must be at least 0"),
    ],
)
def test_refuses_what_cannot_be_mixed_or_moved(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        AugmentConfig(**options)


def test_refuses() -> None:
    with pytest.raises(ConfigError, match="mask_mels=-1 must be at least 0"):
        AugmentConfig(mask_mels=-1)


def test_all_of_it_together_keeps_shapes_and_mixes_labels_alike() -> None:
    torch.manual_seed(0)
    windows, targets = 20 * torch.randn(64, 50, 24), torch.eye(4).repeat(16, 1)
    changed, mixed = augmented(windows, targets, AugmentConfig(), floor=1e-8)
    assert changed.shape == windows.shape
    torch.testing.assert_close(mixed.sum(dim=1), torch.ones(64))
    assert ((mixed > 0) & (mixed < 1)).any(dim=1).float().mean() > 0.2
    assert ((changed - windows).abs().amax(dim=(1, 2)) > 0).all()


def test_none_of_it_is_nothing() -> None:
    off = AugmentConfig(gain_db=0, mix_share=0, shift_mels=0, mask_mels=0, mask_frames=0)
    windows, targets = torch.randn(3, 50, 24), torch.eye(3)
    changed, same = augmented(windows, targets, off, floor=1e-8)
    assert torch.equal(changed, windows)
    assert torch.equal(same, targets)
