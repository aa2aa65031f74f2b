"""Epochs as training reports them."""

from genre.training.history import Epoch


def make_epoch(number: int, *, seconds: float = 3.0, val_macro_ap: float = 0.6) -> Epoch:
    """Make an epoch of plain figures."""
    return Epoch(
        epoch=number,
        learning_rate=1e-3,
        train_loss=0.1234,
        train_f1=0.5,
        train_accuracy=0.3,
        train_elementwise_accuracy=0.9,
        val_loss=0.2341,
        val_f1=0.456,
        val_accuracy=0.123,
        val_elementwise_accuracy=0.8,
        val_macro_ap=val_macro_ap,
        seconds=seconds,
    )


def epochs(n: int, *, seconds: float = 3.0) -> tuple[Epoch, ...]:
    """Make a history of n epochs."""
    return tuple(make_epoch(number, seconds=seconds) for number in range(1, n + 1))
