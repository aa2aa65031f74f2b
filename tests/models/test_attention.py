"""Channel and spatial attention against their formulas written out by hand."""

import torch
from torch import nn

from genre.models.attention import ChannelAttention, SpatialAttention
from tests.layers import layer_at


def features(*, seed: int = 0) -> torch.Tensor:
    return torch.randn(3, 16, 6, 5, generator=torch.Generator().manual_seed(seed))


def test_channel_attention_is_the_sum_of_two_passes_of_one_perceptron() -> None:
    attention = ChannelAttention(16)
    inputs = features()
    first = layer_at(attention.perceptron, 0, nn.Linear)
    second = layer_at(attention.perceptron, 2, nn.Linear)

    def perceptron(summary: torch.Tensor) -> torch.Tensor:
        hidden = (summary @ first.weight.T + first.bias).clamp(min=0)
        return hidden @ second.weight.T + second.bias

    by_hand = torch.sigmoid(
        perceptron(inputs.mean(dim=(2, 3))) + perceptron(inputs.flatten(2).max(dim=2).values)
    )
    # float32 sums in another order
    torch.testing.assert_close(attention.weights(inputs), by_hand, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(attention(inputs), inputs * by_hand[:, :, None, None])


def test_the_perceptron_narrows_to_a_sixteenth_but_not_below_eight() -> None:
    assert ChannelAttention(16).perceptron[0].out_features == 8
    assert ChannelAttention(256).perceptron[0].out_features == 16


def test_spatial_attention_weighs_cells_alike_for_all_channels() -> None:
    attention = SpatialAttention().eval()
    inputs = features()
    summary = torch.stack([inputs.max(dim=1).values, inputs.mean(dim=1)], dim=1)
    by_hand = torch.sigmoid(attention.norm(attention.convolution(summary)))
    assert attention.convolution.bias is None
    torch.testing.assert_close(attention.weights(inputs), by_hand)
    torch.testing.assert_close(attention(inputs), inputs * by_hand)


def test_weights_lie_between_zero_and_one() -> None:
    for attention in (ChannelAttention(16), SpatialAttention()):
        weights = attention.weights(3 * features(seed=1))
        assert 0 < weights.min() < weights.max() < 1
