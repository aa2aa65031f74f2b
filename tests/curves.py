"""Curves as TensorBoard itself reads them."""

from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray


def curve_of(experiment: Path, run: str, figure: str) -> list[tuple[int, float]]:
    """Read a figure of a run: epochs, and what each measured."""
    read = EventAccumulator(str(experiment / "tensorboard" / run))
    read.Reload()
    return [
        (event.step, float(make_ndarray(event.tensor_proto).item()))
        for event in read.Tensors(figure)
    ]
