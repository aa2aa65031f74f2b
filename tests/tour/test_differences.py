"""Differences, on an experiment of either task."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from genre.tour.differences import Differences
from tests.synthetic_experiment import write_experiment, write_which_one
from tests.tour.judging import judged


@pytest.mark.parametrize("write", [write_experiment, write_which_one], ids=["several", "one"])
def test_every_step_works_for_either_task(write: Callable[[Path], Path], tmp_path: Path) -> None:
    room = Differences(judged(write(tmp_path)))
    for step in (room.forest, room.densities, room.by_genre, room.customary):
        shown = step()
        is_drawn = step != room.customary or write is write_experiment
        assert sum(isinstance(part, Figure) for part in shown.parts) == is_drawn, step
        assert shown.words.endswith("."), step
    assert "How to read this" in room.answer().words
    assert room.cautions().words.startswith("* ")
    assert set(room._asked["family"]) == {"planned"}


def test_intervals_without_zero_are_counted(experiment_folder: Path) -> None:
    room = Differences(judged(experiment_folder))
    asked = room._asked
    n_clear = sum(low > 0 or high < 0 for low, high in asked[["ci_low", "ci_high"]].to_numpy())
    said = f"Of {len(asked)} intervals, {n_clear or 'none'} leave out zero."
    assert room.forest().words == said


def test_one_configuration_is_compared_with_nothing(tmp_path: Path) -> None:
    write = partial(write_experiment, skills={"attnTrue_lossbce": 1.0})
    room = Differences(judged(write(tmp_path)))
    assert room.forest().parts == ()
    assert room.customary().parts == ()
    assert "cannot be compared" in room.customary().words
    assert "nothing to compare" in room.forest().words
    assert len(room.densities().parts) == 1
