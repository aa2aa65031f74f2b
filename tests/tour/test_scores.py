"""Scores, on an experiment of either task."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from genre.tour.scores import Scores, _given_wrongly
from tests.synthetic_experiment import write_experiment, write_which_one
from tests.tour.judging import judged

WRITERS: dict[str, tuple[Callable[[Path], Path], set[str]]] = {
    "multilabel": (partial(write_experiment, sharpness=2.0), {"macro_ap", "weighted_f1"}),
    "exclusive": (write_which_one, {"accuracy", "macro_f1"}),
}


@pytest.mark.parametrize("task", WRITERS)
def test_every_step_works_for_either_task(task: str, tmp_path: Path) -> None:
    write, metrics = WRITERS[task]
    room = Scores(judged(write(tmp_path)))
    (table,) = room.overall().parts
    assert isinstance(table, pd.DataFrame)
    assert set(table.columns.get_level_values(0)) == metrics
    steps = (room.genres, room.precision_recall, room.confusion, room.calibration)
    for step in (*steps, room.reliability):
        shown = step()
        assert sum(isinstance(part, Figure) for part in shown.parts) == 1, step
        assert shown.words.endswith("."), step


def test_the_words_are_those_of_the_tables(experiment_folder: Path) -> None:
    room = Scores(judged(experiment_folder))
    picture, table = room.genres().parts
    assert isinstance(picture, Figure)
    assert isinstance(table, pd.DataFrame)
    best = table["ap"].idxmax()
    assert f"Ranked best: {best}, with an AP of {table['ap'].max():.3f}" in room.genres().words
    (overall,) = room.overall().parts
    assert isinstance(overall, pd.DataFrame)
    assert room.overall().words.endswith(f"of {overall.index[0]}.")


def test_without_scores_from_before_it_is_said(experiment_folder: Path) -> None:
    shown = Scores(judged(experiment_folder)).calibration()
    assert shown.parts == ()
    assert "only calibrated scores" in shown.words


def test_what_is_given_wrongly_is_counted() -> None:
    y_true = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]], dtype=bool)
    given = np.array([[0, 1, 0], [1, 1, 1], [0, 0, 1]], dtype=bool)
    assert _given_wrongly(y_true, given).tolist() == [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
