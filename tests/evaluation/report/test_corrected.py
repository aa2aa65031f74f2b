"""genre.evaluation.report.corrected: before and after on the same test tracks, with a caution."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.evaluation.inputs import load_experiment
from genre.evaluation.metrics.ranking import macro_average_precision
from genre.evaluation.report.corrected import corrected_section, corrections
from genre.evaluation.scores import RunScores, load_scores, save_scores
from tests.report_examples import compared
from tests.synthetic_experiment import write_experiment

NAME = "attnTrue_lossbce"


def record(run: Path, data_hash: str) -> None:
    content = {"finished": True, "data_hash": data_hash, "config": {"loss": "bce"}}
    (run / "record.json").write_text(json.dumps(content))


def relabelled(scores: RunScores) -> RunScores:
    """Swap the first two genres of the first five test tracks."""
    y_true = scores.test.y_true.copy()
    y_true[:5, [0, 1]] = y_true[:5, [1, 0]]
    y_true[0, :3] = [True, False, True]
    return replace(scores, test=replace(scores.test, y_true=y_true))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an experiment whose labels were corrected; the runs of before lie in outdated/."""
    folder = tmp_path_factory.mktemp("results") / "corrected"
    write_experiment(folder, skills={NAME: 2.0})
    shutil.rmtree(folder / "baselines")  # they would have the labels of before
    for seed in (0, 1):
        run = folder / NAME / f"seed{seed}"
        old = folder / "outdated" / f"identity{seed}" / NAME / f"seed{seed}"
        shutil.copytree(run, old)
        record(old, "before")
        record(run, "now")
        save_scores(run / "scores.npz", relabelled(load_scores(run / "scores.npz")))
    return folder


def test_the_same_tracks_are_compared_by_old_and_new_labels(folder: Path) -> None:
    (found,) = corrections(load_experiment(folder))
    new = [load_scores(folder / NAME / f"seed{n}" / "scores.npz").test for n in (0, 1)]
    old = [
        load_scores(folder / "outdated" / f"identity{n}" / NAME / f"seed{n}" / "scores.npz").test
        for n in (0, 1)
    ]
    assert found.n_tracks == len(new[0].track_id)
    assert found.n_changed == int((new[0].y_true != old[0].y_true).any(axis=1).sum()) > 0
    assert found.before == pytest.approx(
        np.mean([macro_average_precision(run.y_true, run.y_score) for run in old])
    )
    assert found.after == pytest.approx(
        np.mean([macro_average_precision(run.y_true, run.y_score) for run in new])
    )
    # the same scores: what is new is the labels alone
    assert found.before_now == pytest.approx(found.after)
    assert found.before != pytest.approx(found.after)
    assert (found.gain.low, found.gain.high) == (0.0, 0.0)


def test_the_report_says_it_with_its_caution(folder: Path) -> None:
    title, _, table, caution = corrected_section(compared(folder))
    assert title == "## What correcting the labels did"
    assert NAME in table
    assert "test labels may have changed, too" in caution


def test_runs_of_other_options_or_half_of_them_are_no_before(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    for seed in (0, 1):
        run = other / "outdated" / f"identity{seed}" / NAME / f"seed{seed}"
        (run / "record.json").write_text('{"finished": true, "config": {"loss": "focal"}}')
    assert corrections(load_experiment(other)) == []
    shutil.rmtree(other / "outdated")
    assert corrections(load_experiment(other)) == []
