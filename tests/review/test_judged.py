"""genre.review.judged: scores of tracks only by runs that never trained on them."""

from pathlib import Path

import numpy as np
import pytest

from genre.errors import GenreError
from genre.evaluation.scores import load_scores
from genre.review.judged import load_judged
from tests.synthetic_experiment import write_experiment


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "synthetic"
    write_experiment(folder)
    return folder


def test_validation_and_test_tracks_are_judged_and_no_others(folder: Path) -> None:
    judged = load_judged(folder)
    first = load_scores(judged.folders[0] / "scores.npz")
    expected = sorted([*first.val.track_id.tolist(), *first.test.track_id.tolist()])
    assert list(judged.track_id) == expected
    assert judged.y_score.shape == (len(judged.folders), len(expected), len(judged.genres))
    row = judged.row[str(first.test.track_id[3])]
    assert judged.y_score[0, row].tolist() == pytest.approx(first.test.y_score[3].tolist())
    assert judged.judge(str(first.test.track_id[3])) == judged.folders[0]
    assert judged.n_runs(expected[0]) == len(judged.folders)
    assert (judged.n_runs("train/1.ogg"), judged.judge("train/1.ogg")) == (0, None)


def test_runs_that_cannot_judge_do_not_count(folder: Path) -> None:
    judged = load_judged(folder)
    judged.y_score[1:, 0] = np.nan
    track_id, (a, b) = judged.track_id[0], judged.genres[:2]
    assert judged.n_runs(track_id) == 1
    higher, lower = (a, b) if judged.y_score[0, 0, 0] > judged.y_score[0, 0, 1] else (b, a)
    assert judged.n_above(track_id, higher, lower) == 1
    assert judged.n_above(track_id, lower, higher) == 0
    nearest = np.abs(judged.y_score[0, 0] - judged.thresholds[0]).min()
    assert judged.distance()[0] == pytest.approx(nearest)


def test_an_experiment_without_runs_is_said(tmp_path: Path) -> None:
    with pytest.raises(GenreError, match="at least one finished run"):
        load_judged(tmp_path)
