"""Pooling against the statistics written out by hand."""

import math

import pytest
import torch

from genre.models.pooling import BandStatistics, GlobalMean


def test_mean_deviation_and_maximum_of_each_band_by_hand() -> None:
    # One channel; a band that changes and a band that does not.
    features = torch.tensor([[[[1.0, 3.0, 5.0, 7.0], [2.0, 2.0, 2.0, 2.0]]]])
    pooled = BandStatistics(2)(features)
    # 1e-5 is added to the variance
    expected = [4.0, 2.0, math.sqrt(5 + 1e-5), math.sqrt(1e-5), 7.0, 2.0]
    assert pooled[0].tolist() == pytest.approx(expected)


def test_a_map_with_more_bands_is_averaged_down() -> None:
    features = torch.randn(2, 3, 12, 5, generator=torch.Generator().manual_seed(0))
    paired = features.reshape(2, 3, 6, 2, 5).mean(dim=3)
    torch.testing.assert_close(BandStatistics(6)(features), BandStatistics(6)(paired))
    assert BandStatistics(6)(features).shape == (2, 3 * 3 * 6)


def test_the_global_mean_is_the_mean() -> None:
    features = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(GlobalMean()(features), features.mean(dim=(2, 3)))


def test_a_silent_channel_has_a_finite_slope() -> None:
    features = torch.zeros(1, 2, 6, 9, requires_grad=True)
    BandStatistics(6)(features).sum().backward()
    assert features.grad is not None
    assert torch.isfinite(features.grad).all()


@pytest.mark.parametrize("pooling", [BandStatistics(2), GlobalMean()])
def test_narrow_numbers_are_widened_before_they_are_summed(pooling: torch.nn.Module) -> None:
    features = 100 + torch.rand(1, 2, 4, 50, generator=torch.Generator().manual_seed(0))
    narrow = features.bfloat16()
    torch.testing.assert_close(pooling(narrow), pooling(narrow.float()))
    assert pooling(narrow).dtype == torch.float32
    assert pooling(features.double()).dtype == torch.float64
