"""The folds of one run put together."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.errors import GenreError
from genre.evaluation.calibration import coverage_precision
from genre.evaluation.comparison import ComparisonConfig, analyse
from genre.evaluation.inputs import load_experiment
from genre.evaluation.inputs.pooling import pool_folds
from genre.evaluation.scores import PartScores, RunScores, save_scores


def make_run(track_id: list[str], *, threshold: float = 0.5) -> RunScores:
    n_tracks = len(track_id)
    part = PartScores(
        track_id=np.array(track_id),
        artist=np.array([f"by {name}" for name in track_id]),
        y_true=np.ones((n_tracks, 2), dtype=np.bool_),
        y_score=np.array([[0.4, 0.4 + 0.01 * row] for row in range(n_tracks)]),
        window_score=np.linspace(0, 1, 4 * n_tracks).reshape(2 * n_tracks, 2),
        window_track=np.repeat(np.arange(n_tracks), 2),
    )
    return RunScores(
        genres=("a", "b"),
        thresholds=np.full(2, threshold),
        train_prior=np.full(2, threshold / 2),
        val=part,
        test=part,
    )


def test_folds_are_put_together_by_track() -> None:
    folds = [make_run(["d", "a"], threshold=0.3), make_run(["c", "b"], threshold=0.9)]
    run = pool_folds(folds, name="run")
    assert list(run.track_id) == ["a", "b", "c", "d"]
    assert list(run.artist) == ["by a", "by b", "by c", "by d"]
    np.testing.assert_allclose(run.y_score[:, 1], [0.41, 0.41, 0.40, 0.40])
    # Each track is decided by the threshold of its own fold.
    np.testing.assert_array_equal(run.decisions[:, 0], [True, False, False, True])
    np.testing.assert_allclose(run.thresholds[:, 0], [0.3, 0.9, 0.9, 0.3])
    np.testing.assert_allclose(run.train_prior[:, 0], [0.15, 0.45, 0.45, 0.15])


def test_every_number_of_pooled_folds_comes_from_each_folds_own_thresholds(
    tmp_path: Path,
) -> None:
    # Both folds score their first track 0.4 and their second 0.41; every track has both genres,
    # and in the first genre all score 0.4. Fold 0 cuts at 0.405, fold 1 at 0.35.
    for fold, (tracks, threshold) in enumerate([(["a", "b"], 0.405), (["c", "d"], 0.35)]):
        folder = tmp_path / "only" / "seed0" / f"fold{fold}"
        save_scores(folder / "scores.npz", make_run(tracks, threshold=threshold))
        (folder / "record.json").write_text('{"finished": true}')
    experiment = load_experiment(tmp_path)
    run = experiment.any_run
    np.testing.assert_array_equal(run.decisions, [[0, 0], [0, 1], [1, 1], [1, 1]])
    config = ComparisonConfig(n_replicates=100, n_reference_replicates=100)
    scores = analyse(experiment, config).scores
    own = scores[(scores["config"] == "only") & (scores["level"] == "track")]
    value = own[own["seed"] == "0"].set_index("metric")["value"]
    # Genre 1: 2 of 4 found, F1 = 2/3. Genre 2: 3 of 4 found, F1 = 6/7. Both weigh the same.
    assert value["weighted_f1"] == pytest.approx((2 / 3 + 6 / 7) / 2)
    curve = coverage_precision(run.y_true, run.y_score, run.thresholds)
    assert curve.at(0.0) == (3 / 4, 1.0)


def test_calibrations_and_uncalibrated_scores_of_folds_are_put_together() -> None:
    before = np.array([[0.9, 0.1], [0.8, 0.2]])
    known = replace(
        make_run(["d", "a"]),
        temperature=2.5,
        bias=np.array([-1.0, 0.5]),
        aggregation="max",
        test_uncalibrated=before,
    )
    run = pool_folds([known, make_run(["c", "b"])], name="run")
    assert run.temperatures == (2.5, 1.0)
    assert run.aggregations == ("max", "mean")
    np.testing.assert_array_equal(run.biases, [[-1.0, 0.5], [0.0, 0.0]])
    assert run.uncalibrated is not None
    # Tracks a and d as they were, b and c as they are: their model was not calibrated.
    np.testing.assert_allclose(run.uncalibrated[:, 1], [0.2, 0.41, 0.4, 0.1])
    assert pool_folds([make_run(["c", "b"])], name="run").uncalibrated is None


def test_windows_follow_their_tracks() -> None:
    folds = [make_run(["d", "a"]), make_run(["c", "b"])]
    run = pool_folds(folds, name="run")
    np.testing.assert_array_equal(run.window_track, np.repeat(np.arange(4), 2))
    # Track a is the second of its fold: windows 2 and 3 there.
    np.testing.assert_allclose(run.window_score[:2], folds[0].test.window_score[2:4])
    np.testing.assert_allclose(run.window_score[6:], folds[0].test.window_score[:2])


def test_a_track_is_tested_once() -> None:
    with pytest.raises(GenreError, match="run: every track must be tested in one fold only"):
        pool_folds([make_run(["a", "b"]), make_run(["b"])], name="run")
    with pytest.raises(GenreError, match="at least one test track"):
        pool_folds([make_run([])], name="run")
    with pytest.raises(GenreError, match="must have the same genres"):
        pool_folds([make_run(["a"]), replace(make_run(["b"]), genres=("b", "a"))], name="run")
