"""What TensorBoard itself reads of a run's curves: genre.grid.trackers.tensorboard."""

from pathlib import Path

from genre.grid.tracking import start_tracking
from tests.curves import curve_of
from tests.epochs import epochs, make_epoch


def test_curves_are_read_by_tensorboard_and_a_run_taken_up_again_has_no_epoch_twice(
    tmp_path: Path,
) -> None:
    def values(run: str, figure: str) -> list[tuple[int, float]]:
        return [(step, round(value, 3)) for step, value in curve_of(tmp_path, run, figure)]

    first = start_tracking("tensorboard", tmp_path, {})
    first.show("a/seed0", epochs(1))
    first.show("b/seed0", epochs(1))
    first.show("a/seed0", [make_epoch(1), make_epoch(2, val_macro_ap=0.7)])
    assert values("a/seed0", "val_macro_ap") == [(1, 0.6), (2, 0.7)]  # while it runs
    first.close()
    again = start_tracking("tensorboard", tmp_path, {})
    again.show("a/seed0", epochs(3))
    again.end("a/seed0", is_done=True)
    assert values("a/seed0", "val_macro_ap") == [(1, 0.6), (2, 0.6), (3, 0.6)]
    assert values("b/seed0", "train_loss") == [(1, 0.123)]
