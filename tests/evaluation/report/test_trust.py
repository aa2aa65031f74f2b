"""How far scores can be trusted."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.evaluation.comparison import Comparison
from genre.evaluation.inputs import load_experiment
from genre.evaluation.metrics.calibration import brier, expected_calibration_error
from genre.evaluation.report import compare_experiment
from genre.evaluation.report.trust import calibration_of, range_text, trust_section
from tests.report_examples import ALIKE, QUICK, written
from tests.synthetic_experiment import GENRES, write_experiment


@pytest.mark.usefixtures("sketched")
def test_calibration_is_shown_before_and_after(tmp_path: Path) -> None:
    # One window per track: a mean over several is less sure by itself.
    folder = write_experiment(
        tmp_path, skills=ALIKE, n_folds=2, n_artists=8, n_windows=1, sharpness=5.0
    )
    compare_experiment(folder, QUICK)
    text = written(folder)
    assert "![Before and after calibration" in text
    assert (folder / "pictures" / "calibration.png").is_file()
    found = re.search(
        r"\| attnTrue_lossbce \| (\S+) to (\S+) \| (\S+) to (\S+) "
        r"\| (\S+) \| (\S+) \| (\S+) \| (\S+) \|",
        text,
    )
    assert found
    low, high, lowest, highest, *measured = (float(value) for value in found.groups())
    seeds = load_experiment(folder).runs["attnTrue_lossbce"].values()
    known = [value for run in seeds for value in run.temperatures]
    assert len(known) == 4  # two seeds of two folds
    assert (low, high) == (round(min(known), 2), round(max(known), 2))
    biases = np.concatenate([run.biases.ravel() for run in seeds if run.biases is not None])
    assert len(biases) == 4 * len(GENRES)
    np.testing.assert_allclose([lowest, highest], [biases.min(), biases.max()], atol=0.006)
    before = [(run.y_true, run.uncalibrated) for run in seeds if run.uncalibrated is not None]
    after = [(run.y_true, run.y_score) for run in seeds]
    assert len(before) == len(after) == 2
    expected = [
        np.mean([measure(y_true, y_score) for y_true, y_score in part])
        for measure in (expected_calibration_error, brier)
        for part in (before, after)
    ]
    np.testing.assert_allclose(measured, expected, atol=6e-4)  # three digits
    assert measured[3] < 0.95 * measured[2]  # the scores were made three times too sure


def test_scores_without_calibration_have_no_before(reported: tuple[Path, str]) -> None:
    assert "ECE before" not in written(reported[0])
    assert not (reported[0] / "pictures" / "calibration.png").exists()


def test_coverage_against_precision_is_in_every_report_with_decisions(
    reported: tuple[Path, str],
) -> None:
    folder, _ = reported
    text = written(folder)
    assert "](pictures/coverage.png)" in text
    assert (folder / "pictures" / "coverage.png").is_file()
    assert "No genre is a legal answer" in text
    runs = load_experiment(folder).runs["attnFalse_lossbce"].values()
    gets = np.mean([run.decisions.any(axis=1).mean() for run in runs])
    right = np.mean([run.y_true[run.decisions].mean() for run in runs])
    assert 0 < gets < 1  # some tracks get none
    assert f"| attnFalse_lossbce | {gets:.3f} | {1 - gets:.3f} | {right:.3f} |" in text


def test_the_temperature_of_folds_is_their_geometric_mean(small_comparison: Comparison) -> None:
    run = small_comparison.experiment.any_run
    assert calibration_of(run).temperature == pytest.approx(run.temperatures[0])
    folds = replace(run, temperatures=(0.5, 8.0), uncalibrated=np.clip(run.y_score * 2, 0, 1))
    found = calibration_of(folds)
    assert found.temperature == pytest.approx(2.0)  # the root of 0.5 times 8
    assert found.brier_after == pytest.approx(float(brier(run.y_true, run.y_score)))
    assert found.brier_before > found.brier_after
    unknown = calibration_of(replace(run, temperatures=()))
    assert unknown.temperature == 1.0
    assert unknown.brier_before == unknown.brier_after


def test_a_range_is_one_number_where_both_ends_read_the_same() -> None:
    assert range_text([0.501, 0.499]) == "0.50"
    assert range_text([2.0, -0.125, 1.0]) == "-0.12 to 2.00"


def test_other_ways_from_windows_to_tracks_are_named(small_comparison: Comparison) -> None:
    experiment = small_comparison.experiment
    assert trust_section(small_comparison)[0] == "## How far to trust the scores"
    runs = {name: dict(by_seed) for name, by_seed in experiment.runs.items()}
    for by_seed in runs.values():
        for seed, run in by_seed.items():
            by_seed[seed] = replace(run, uncalibrated=run.y_score)
    name = next(iter(runs))
    runs[name][1] = replace(runs[name][1], aggregations=("max", "mean"))
    found = replace(small_comparison, experiment=replace(experiment, runs=runs))
    assert any(f"{name}, seed 1 (max, mean)." in part for part in trust_section(found))
    undecided = replace(experiment, has_decisions=False)
    assert trust_section(replace(small_comparison, experiment=undecided)) == []
