"""The bar while training: everything a person waits for fits an ordinary terminal."""

import io

import pytest

from genre.grid.progress import GridBar
from genre.training.history import Epoch

LINE = "loss 0.123/0.234 F1 0.50/0.46 accuracy 0.30/0.12 train/val"


def make_epoch(number: int, seconds: float = 3.0) -> Epoch:
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
        seconds=seconds,
    )


def epochs(n: int) -> tuple[Epoch, ...]:
    return tuple(make_epoch(number) for number in range(1, n + 1))


def drawn(width: int, *, is_shown: bool = True) -> list[str]:
    file = io.StringIO()
    name = "attnTrue_lossfocal/seed0/fold0"
    with GridBar(120, n_at_a_time=1, is_shown=is_shown, file=file, width=width) as bar:
        bar.show(name, epochs(37))
        bar.show(name, epochs(38))
    return [line for line in file.getvalue().replace("\n", "\r").split("\r") if line]


def test_loss_f1_accuracy_and_the_time_to_come_fit_80_columns() -> None:
    last = drawn(80)[-1]
    assert len(last) <= 80
    assert LINE in last
    assert last.startswith("38/120 |")
    assert "ETA 04:06" in last  # 82 more, of 3 s each


def test_a_wide_terminal_has_the_name_too() -> None:
    assert drawn(160)[-1].rstrip().endswith(f"{LINE}, attnTrue_lossfocal/seed0/fold0")


def test_a_quiet_run_draws_nothing() -> None:
    assert drawn(80, is_shown=False) == []


def test_runs_side_by_side_add_up_and_one_that_stops_early_shortens_the_bar() -> None:
    file = io.StringIO()
    with GridBar(20, n_at_a_time=1, is_shown=True, file=file, width=160) as bar:
        bar.show("a/seed0", epochs(4))
        bar.show("b/seed0", epochs(3))
        bar.end(n_spared=6)
        bar.show("b/seed0", epochs(4))
    last = file.getvalue().strip().split("\r")[-1]
    assert last.startswith("8/14 |")
    assert last.rstrip().endswith(f"{LINE}, b/seed0")


def test_epochs_from_before_an_interruption_took_no_time() -> None:
    with GridBar(200, n_at_a_time=1, is_shown=True, file=io.StringIO(), width=80) as bar:
        bar.show("a/seed0", epochs(100))
        bar.show("b/seed0", epochs(1))
        state = bar._bar.format_dict
    assert (state["n"], state["initial"]) == (101, 99)


def remaining(bar: GridBar) -> float:
    """Foretell the seconds to come, as the bar draws them."""
    state = bar._bar.format_dict
    return float((state["total"] - state["n"]) / state["rate"])


def test_starting_and_the_first_epoch_do_not_blur_what_is_foretold() -> None:
    slow_first = (make_epoch(1, seconds=9.0), make_epoch(2), make_epoch(3))
    with GridBar(40, n_at_a_time=2, is_shown=True, file=io.StringIO(), width=80) as bar:
        bar.show("a/seed0", slow_first[:1])
        assert remaining(bar) == pytest.approx(39 * 9 / 2)
        bar.show("b/seed0", slow_first[:1])
        bar.show("a/seed0", slow_first[:2])
        bar.show("b/seed0", slow_first)
        assert remaining(bar) == pytest.approx(35 * 3 / 2)  # two at a time, 3 s each
        bar.end(n_spared=0)
        assert bar._bar.format_dict["rate"] is None  # tqdm's own: all that is done in all the time
