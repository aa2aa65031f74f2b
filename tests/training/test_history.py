"""What training reports of each epoch: genre.training.history."""

import numpy as np
import pytest

from genre.training.history import Epoch, judge_windows


def test_an_epoch_in_few_words() -> None:
    epoch = Epoch(
        epoch=3,
        learning_rate=1e-3,
        train_loss=0.51234,
        train_f1=0.754,
        train_accuracy=0.5,
        train_elementwise_accuracy=0.9,
        val_loss=1.0,
        val_f1=0.666,
        val_accuracy=0.0,
        val_elementwise_accuracy=0.8,
        val_macro_ap=0.7,
        seconds=12.0,
    )
    loss, ap, *others = epoch.in_short
    assert (loss, ap) == ("loss 0.512/1.000", "AP 0.700")  # training/validation
    assert others == ["F1 0.75/0.67", "accuracy 0.50/0.00"]


def test_windows_are_judged_at_one_half() -> None:
    logits = np.array([[0.1, -1.0], [-2.0, 3.0], [1.0, 1.0]])
    targets = np.array([[1.0, 0.0], [0.0, 0.4], [0.6, 0.5]])  # of mixed ones at least half counts
    judged = judge_windows(logits, targets)
    assert judged["accuracy"] == pytest.approx(2 / 3)
    assert judged["elementwise_accuracy"] == pytest.approx(5 / 6)
    # first genre: 2 of 2 right; second: 1 right, 1 too many
    assert judged["f1"] == pytest.approx((2 * 1 + 1 * 2 / 3) / 3)
