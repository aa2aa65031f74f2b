"""What no network is trained for, on the same splits: genre.grid.baselines."""

from pathlib import Path

import numpy as np

from genre.evaluation.calibration import Scaling, fit_scaling, logit
from genre.evaluation.inputs import RunFolder
from genre.grid import GridConfig
from genre.grid.baselines import logistic_run, svm_scores
from tests.synthetic import GENRES, corpus, corpus_with_tree, split_of


def test_logistic_regression_hears_as_the_networks_of_the_grid_do() -> None:
    config = GridConfig(kept_windows=6, aggregation="max")
    run, network = (
        logistic_run(config, RunFolder(Path("b")), command="x"),
        config.run_config("attnTrue_lossbce"),
    )
    for name in ("windows", "heard", "aggregation", "task", "kept_windows"):
        assert getattr(run.config, name) == getattr(network, name)
    assert (run.folder, run.command, run.recipe) == (Path("b"), "x", config.recipe)


def test_the_support_vector_machine_sees_the_summaries_of_its_own_tracks() -> None:
    data = corpus(n_artists=4)
    split = split_of(data)
    # The genre itself is the summary: whoever mixes tracks up cannot be right.
    scores = svm_scores(data, split, data.y_true.astype(float))
    assert tuple(scores.test.track_id.tolist()) == split.test
    np.testing.assert_array_equal(scores.test.y_score >= 0.5, scores.test.y_true)
    np.testing.assert_array_equal(scores.val.y_score >= 0.5, scores.val.y_true)


def test_the_support_vector_machine_agrees_with_the_tree_and_is_calibrated() -> None:
    data = corpus_with_tree()
    scores = svm_scores(data, split_of(data), data.y_true + np.linspace(0, 1, 4))
    assert scores.test_uncalibrated is not None
    for rows in (scores.val.y_score, scores.test.y_score, scores.test_uncalibrated):
        assert (rows[:, 2] >= rows[:, [1, 3]].max(axis=1)).all()
    assert scores.bias is not None
    fitted = fit_scaling(scores.val.y_true, logit(scores.val.window_score))
    assert (fitted.temperature, *fitted.bias) == (scores.temperature, *scores.bias)
    single = corpus(n_artists=4)
    scores = svm_scores(single, split_of(single), single.y_true.astype(float))
    assert scores.genres == GENRES
    assert scores.bias is not None
    assert scores.test_uncalibrated is not None
    scaling = Scaling(temperature=scores.temperature, bias=scores.bias.astype(np.float64))
    expected = scaling.scores(logit(scores.test_uncalibrated))
    np.testing.assert_array_equal(scores.test.y_score, expected)
