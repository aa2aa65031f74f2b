"""Scores of exclusive classes are a softmax: by hand, against SciPy, at any logit."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from genre.errors import ConfigError
from genre.inference.exclusive import against_the_rest, softmax_scores, thresholds_from
from genre.inference.log_score import log_score
from genre.inference.score_rule import AGGREGATIONS, ScoreRule
from genre.inference.scoring import WindowLogits


def windows() -> WindowLogits:
    track = np.repeat(np.arange(4), [1, 3, 6, 11])
    logits = np.random.default_rng(0).normal(0, 3, (len(track), 5))
    return WindowLogits(logits.astype(np.float32), track)


def test_a_class_against_the_rest_by_hand() -> None:
    # Shares 1/6, 2/6 and 3/6: odds of 1 to 5, 2 to 4 and 3 to 3.
    found = against_the_rest(np.log([[1.0, 2.0, 3.0]]))
    np.testing.assert_allclose(found, np.log([[1 / 5, 2 / 4, 1.0]]), atol=1e-15)


def test_no_logit_is_too_large_or_too_small() -> None:
    found = against_the_rest(np.array([[1e4, 0.0, -1e4], [7.0, 7.0, 7.0], [50.0, 0.0, 0.0]]))
    np.testing.assert_allclose(found[0], [1e4, -1e4, -2e4])
    np.testing.assert_allclose(found[1], -np.log(2), rtol=1e-14)
    np.testing.assert_allclose(found[2, 0], 50 - np.log(2), rtol=1e-14)  # a score of 1 - 4e-22
    np.testing.assert_allclose(
        log_score(found), log_softmax([[1e4, 0, -1e4], [7] * 3, [50, 0, 0]], axis=1), atol=1e-12
    )


def test_windows_are_scored_as_scipy_does() -> None:
    logits = windows().logits.astype(np.float64)
    rule = ScoreRule(task="exclusive", temperature=2.5)
    np.testing.assert_allclose(
        rule.window_scores(windows()), softmax(logits / 2.5, axis=1), rtol=1e-10
    )
    bias = np.array([1.0, 0, 0, 0, -2])
    biased = softmax_scores(against_the_rest(logits), temperature=1.0, bias=bias)
    np.testing.assert_allclose(biased, softmax(logits + bias, axis=1), rtol=1e-10)


def test_the_mean_is_that_of_the_windows_shares() -> None:
    of_windows = softmax(windows().logits.astype(np.float64), axis=1)
    expected = [of_windows[windows().track == row].mean(axis=0) for row in range(4)]
    found = ScoreRule(task="exclusive").track_scores(windows())
    np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@pytest.mark.parametrize("temperature", [0.1, 1.0, 10.0])
def test_scores_of_a_track_are_one_whole(aggregation: str, temperature: float) -> None:
    rule = ScoreRule(task="exclusive", aggregation=aggregation, temperature=temperature)
    found = rule.track_scores(windows())
    np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(found[0], rule.window_scores(windows())[0], rtol=1e-10)


def test_the_best_has_to_reach_one_threshold() -> None:
    assert thresholds_from(0.6, task="exclusive", n_labels=2) == (0.6, 0.6)
    assert thresholds_from(1, task="exclusive", n_labels=1) == (1.0,)
    for value in (-0.1, 1.1, float("nan")):
        with pytest.raises(ConfigError, match=f"min_score={value} must be a score, from 0 to 1"):
            thresholds_from(value, task="exclusive", n_labels=2)
    with pytest.raises(ConfigError, match=r"min_score=0\.6 must be left out"):
        thresholds_from(0.6, task="multilabel", n_labels=2)
