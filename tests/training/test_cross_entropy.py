"""Softmax cross entropy: by hand, and against torch's own."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from genre.training.cross_entropy import CrossEntropyConfig, balanced_weights

TARGETS = torch.eye(3)[[0, 0, 0, 1, 2, 0]]


def test_it_is_torchs_for_single_mixed_and_smoothed_targets() -> None:
    torch.manual_seed(0)
    logits, mixed = torch.randn(6, 3, requires_grad=True), torch.rand(6, 3).softmax(dim=1)
    loss = CrossEntropyConfig().build(TARGETS)
    for targets in (TARGETS, mixed, 0.9 * TARGETS + 0.1 / 3):
        torch.testing.assert_close(loss(logits, targets), cross_entropy(logits, targets))
    theirs = torch.autograd.grad(cross_entropy(logits, mixed), logits)
    torch.testing.assert_close(torch.autograd.grad(loss(logits, mixed), logits), theirs)


def test_classes_weigh_by_how_rare_they_are() -> None:
    # Of six tracks four, one and one: 6 / (3 · 4), 6 / (3 · 1), and as many.
    torch.testing.assert_close(balanced_weights(TARGETS), torch.tensor([0.5, 2.0, 2.0]))
    rare = torch.eye(2)[[0] * 99 + [1]]
    assert balanced_weights(rare).tolist() == pytest.approx([100 / 198, 10.0])
    loss = CrossEntropyConfig(class_weights=True).build(TARGETS)
    found = loss(torch.zeros(2, 3), torch.eye(3)[[0, 1]]).item()
    assert found == pytest.approx(math.log(3) * (0.5 + 2.0) / 2)


def test_it_is_finite_at_any_logit_and_in_float32_under_autocast() -> None:
    loss = CrossEntropyConfig().build(TARGETS)
    far = torch.tensor([[1e4, -1e4, 0.0]])
    assert loss(far, torch.tensor([[1.0, 0, 0]])).item() == 0.0
    assert loss(far, torch.tensor([[0, 1.0, 0]])).item() == pytest.approx(2e4)
    assert loss(far.bfloat16(), torch.tensor([[1.0, 0, 0]])).dtype == torch.float32
