"""What needs no network, on the same splits: genre.grid.baselines."""

import numpy as np
import pytest

from genre.evaluation.calibration import Scaling, fit_scaling, logit
from genre.grid.baselines import baseline_scores, svm_scores
from tests.synthetic import GENRES, corpus, corpus_with_tree, split_of


def test_the_baseline_learns_and_is_scored_on_the_same_split() -> None:
    data = corpus(n_artists=4)
    split = split_of(data)
    scores = baseline_scores(data, split)
    assert scores.genres == GENRES
    assert tuple(scores.test.track_id.tolist()) == split.test
    assert scores.train_prior.sum() == pytest.approx(1.0)
    # Calibrated as networks are, on validation.
    assert scores.test_uncalibrated is not None
    assert scores.bias is not None
    scaling = Scaling(temperature=scores.temperature, bias=scores.bias.astype(np.float64))
    expected = scaling.scores(logit(scores.test_uncalibrated))
    np.testing.assert_array_equal(scores.test.y_score, expected)
    fitted = fit_scaling(scores.val.y_true, logit(scores.val.window_score))
    assert (fitted.temperature, *fitted.bias) == (scores.temperature, *scores.bias)
    # The genres of the synthetic corpus differ in the level of every eighth band.
    top = scores.test.y_score.argmax(axis=1)
    assert (scores.test.y_true[range(len(top)), top]).mean() > 0.9


def test_the_support_vector_machine_sees_the_summaries_of_its_own_tracks() -> None:
    data = corpus(n_artists=4)
    split = split_of(data)
    # The genre itself is the summary: whoever mixes tracks up cannot be right.
    scores = svm_scores(data, split, data.y_true.astype(float))
    assert tuple(scores.test.track_id.tolist()) == split.test
    np.testing.assert_array_equal(scores.test.y_score >= 0.5, scores.test.y_true)
    np.testing.assert_array_equal(scores.val.y_score >= 0.5, scores.val.y_true)


def test_baselines_agree_with_the_tree() -> None:
    data = corpus_with_tree()
    scores = baseline_scores(data, split_of(data))
    assert scores.test_uncalibrated is not None
    for rows in (scores.val.y_score, scores.test.y_score, scores.test_uncalibrated):
        assert (rows[:, 2] >= rows[:, [1, 3]].max(axis=1)).all()
    assert scores.bias is not None
    fitted = fit_scaling(scores.val.y_true, logit(scores.val.window_score))
    assert (fitted.temperature, *fitted.bias) == (scores.temperature, *scores.bias)
