"""The loss family against hand-computed values, torch's own BCE, and its limits."""

import math

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from genre.errors import ConfigError
from genre.training.losses import (
    LOSSES,
    Loss,
    LossConfig,
    MultiLabelLoss,
    build_loss,
    class_weights,
)


def one(loss: Loss, logit: float, target: float) -> float:
    built = loss.build(torch.zeros(1, 1))
    return float(built(torch.tensor([[logit]], dtype=torch.float64), torch.tensor([[target]])))


def test_by_hand() -> None:
    # At logit 0, p = 1/2: BCE is log 2; asymmetric focal takes (1/2)^1 and (1/2)^4 of it.
    assert one(LossConfig(), 0.0, 1.0) == pytest.approx(math.log(2))
    assert one(LOSSES["focal"], 0.0, 1.0) == pytest.approx(math.log(2) / 2)
    assert one(LOSSES["focal"], 0.0, 0.0) == pytest.approx(math.log(2) / 16)
    # With a margin of 0.05, pm = 0.45.
    assert one(LOSSES["asl"], 0.0, 0.0) == pytest.approx(-(0.45**4) * math.log(0.55))


def test_neutral_parameters_are_binary_cross_entropy() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = 5 * torch.randn(20, 7, generator=generator)
    targets = (torch.rand(20, 7, generator=generator) < 0.3).float()
    weights = torch.linspace(0.5, 9, 7)
    ours = MultiLabelLoss(LossConfig(class_weights=True), weights)(logits, targets)
    theirs = binary_cross_entropy_with_logits(logits, targets, pos_weight=weights)
    torch.testing.assert_close(ours, theirs)


def test_class_weights_apply_only_where_asked() -> None:
    logits, targets = torch.zeros(1, 1), torch.ones(1, 1)
    weights = torch.tensor([3.0])
    weighted = MultiLabelLoss(LossConfig(class_weights=True), weights)(logits, targets)
    plain = MultiLabelLoss(LossConfig(), weights)(logits, targets)
    assert float(weighted) == pytest.approx(3 * float(plain))


def test_class_weights_by_hand() -> None:
    targets = torch.zeros(24, 4, dtype=torch.bool)
    targets[:8, 0] = True  # 16 negatives for 8 positives
    targets[:1, 1] = True  # 23 for 1: capped
    targets[:, 3] = True  # no negative at all
    assert class_weights(targets).tolist() == [2.0, 10.0, 10.0, 0.0]


@pytest.mark.parametrize("name", list(LOSSES))
def test_finite_values_and_gradients_at_the_extremes(name: str) -> None:
    loss = build_loss(name, torch.tensor([[True], [False]]))
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        for target in (0.0, 1.0):
            logits = torch.tensor([[-50.0], [50.0]], dtype=dtype, requires_grad=True)
            value = loss(logits, torch.full((2, 1), target))
            value.backward()
            assert value.dtype == torch.float32
            assert torch.isfinite(value)
            assert logits.grad is not None
            assert torch.isfinite(logits.grad).all()


def test_the_hardest_positive_has_the_full_gradient() -> None:
    # d/dx softplus(-x) = -1 far on the wrong side: the clamped form has -4e-8 there.
    logits = torch.tensor([[-30.0]], requires_grad=True)
    MultiLabelLoss(LossConfig(), torch.ones(1))(logits, torch.ones(1, 1)).backward()
    assert logits.grad is not None
    assert float(logits.grad) == pytest.approx(-1.0)


@pytest.mark.parametrize("name", list(LOSSES))
def test_gradients_agree_with_finite_differences(name: str) -> None:
    loss = build_loss(name, torch.tensor([[True, False], [False, True]])).double()
    logits = torch.tensor([[-2.0, 0.3], [1.5, 3.0]], dtype=torch.float64, requires_grad=True)
    targets = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert torch.autograd.gradcheck(lambda x: loss(x, targets), logits)


def test_refuses() -> None:
    with pytest.raises(ConfigError, match="loss='mse' must be one of: bce, focal, asl"):
        build_loss("mse", torch.zeros(1, 1))
    with pytest.raises(ConfigError, match="must be at least 0"):
        LossConfig(gamma_negative=-1)
    with pytest.raises(ConfigError, match=r"margin=1.0 must lie in \[0, 1\)"):
        LossConfig(margin=1.0)
