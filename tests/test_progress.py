"""The bar while training: everything a person waits for fits an ordinary terminal."""

import io

from genre.experiment.progress import EpochBar
from genre.training.history import Epoch

LINE = "loss 0.123/0.234 F1 0.50/0.46 accuracy 0.30/0.12 train/val"


def make_epoch(number: int) -> Epoch:
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
        val_macro_ap=0.6,
        seconds=3.0,
    )


def drawn(width: int, *, is_shown: bool = True) -> list[str]:
    file = io.StringIO()
    name = "attnTrue_lossfocal/seed0/fold0"
    with EpochBar(120, name, is_shown=is_shown, file=file, width=width) as bar:
        bar.show(tuple(make_epoch(number) for number in range(1, 38)))
        bar.show(tuple(make_epoch(number) for number in range(1, 39)))
    return [line for line in file.getvalue().replace("\n", "\r").split("\r") if line]


def test_loss_f1_accuracy_and_the_time_to_come_fit_80_columns() -> None:
    last = drawn(80)[-1]
    assert len(last) <= 80
    assert LINE in last
    assert last.startswith("38/120 |")
    assert "ETA 00:0" in last


def test_a_wide_terminal_has_the_name_too() -> None:
    assert drawn(160)[-1].rstrip().endswith(f"{LINE}, attnTrue_lossfocal/seed0/fold0")


def test_a_quiet_run_draws_nothing() -> None:
    assert drawn(80, is_shown=False) == []
