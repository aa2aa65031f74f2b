"""The learning rate over a training: by hand, and against torch's own plateau."""

import numpy as np
import pytest
import torch

from genre.training.config import TrainingConfig
from genre.training.schedule import learning_rate

COSINE = TrainingConfig(schedule="cosine", learning_rate=0.5, warm_up=0.2)


def cosine(done: float) -> float:
    return learning_rate(COSINE, done=done, val_losses=[])


def test_warms_up_in_a_line_and_falls_as_a_cosine_to_zero() -> None:
    assert cosine(0.0) == pytest.approx(0.5 * 0.04)
    assert cosine(0.1) == pytest.approx(0.5 * 0.52)
    assert cosine(0.2) == pytest.approx(0.5)
    assert cosine(0.6) == pytest.approx(0.25)
    assert cosine(1.0) == pytest.approx(0.0)


def test_without_a_warm_up_it_starts_at_the_top() -> None:
    config = TrainingConfig(warm_up=0.0, learning_rate=0.5)
    assert learning_rate(config, done=0.0, val_losses=[]) == pytest.approx(0.5)


@pytest.mark.parametrize("patience", [1, 2, 4])
def test_the_plateau_is_that_of_torch(patience: int) -> None:
    losses = np.random.default_rng(patience).random(60).round(1).tolist()
    config = TrainingConfig(schedule="plateau", learning_rate=0.5, plateau_patience=patience)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=patience)
    for n_seen in range(1, len(losses) + 1):
        theirs.step(losses[n_seen - 1])
        # torch stops halving where it no longer matters
        expected = max(optimizer.param_groups[0]["lr"], 1e-8)
        rate = learning_rate(config, done=0.0, val_losses=losses[:n_seen])
        assert rate == pytest.approx(expected) or rate < 2e-8


def test_the_plateau_waits_for_its_patience() -> None:
    config = TrainingConfig(schedule="plateau", learning_rate=1.0, plateau_patience=2)
    rates = [
        learning_rate(config, done=0.5, val_losses=[1.0, 0.9, *[0.95] * n_bad])
        for n_bad in range(7)
    ]
    assert rates == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]
