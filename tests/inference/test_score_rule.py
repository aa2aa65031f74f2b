"""From logits of windows to scores of tracks: by hand, and what must hold for every aggregation."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.errors import ConfigError
from genre.inference.score_rule import AGGREGATIONS, ScoreRule, track_logits
from genre.inference.scoring import WindowLogits


def windows_of(*tracks: list[float]) -> WindowLogits:
    """Give the windows of tracks of one genre."""
    logits = np.concatenate([np.array(track, dtype=np.float32) for track in tracks])
    track = np.repeat(np.arange(len(tracks)), [len(track) for track in tracks])
    return WindowLogits(logits[:, np.newaxis], track)


def random_windows(n_labels: int = 3) -> WindowLogits:
    rng = np.random.default_rng(0)
    track = np.repeat(np.arange(6), [1, 2, 5, 6, 11, 3])
    return WindowLogits(rng.normal(0, 3, (len(track), n_labels)).astype(np.float32), track)


def sigmoid(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-logits.astype(np.float64))))


def test_scores_are_finite_at_any_logit() -> None:
    extremes = WindowLogits(np.array([[-1e4, 0.0, 1e4]], dtype=np.float32), np.zeros(1, int))
    for aggregation in AGGREGATIONS:
        for temperature in (0.01, 1.0, 5.0):
            rule = ScoreRule(aggregation=aggregation, temperature=temperature)
            for scores in (rule.track_scores(extremes), rule.window_scores(extremes)):
                np.testing.assert_allclose(scores, [[0.0, 0.5, 1.0]], rtol=1e-15)


def test_small_scores_keep_their_order() -> None:
    scores = ScoreRule().track_scores(windows_of([-40.0], [-60.0], [-600.0]))[:, 0]
    assert scores[0] > scores[1] > scores[2] > 0


def test_aggregations_by_hand() -> None:
    # Scores 9/10, 1/4, 1/2, 1/10, 3/4, 1/2: logits in units of log 3.
    windows = windows_of([*(np.log(3) * np.array([2.0, -1, 0, -2, 1])), 0.0], [np.log(3)])
    expected = {
        "mean": (0.9 + 0.25 + 0.5 + 0.1 + 0.75 + 0.5) / 6,
        "mean_logit": 0.5,
        "max": 0.9,
        "top_fifth": (0.9 + 0.75) / 2,  # two of six
    }
    assert set(expected) <= set(AGGREGATIONS)
    for name, value in expected.items():
        scores = ScoreRule(aggregation=name).track_scores(windows)[:, 0]
        # float32
        np.testing.assert_allclose(scores, [value, 0.75], rtol=1e-6)


def test_the_mean_is_that_of_the_windows_scores() -> None:
    windows = random_windows()
    expected = [sigmoid(windows.logits[windows.track == row]).mean(axis=0) for row in range(6)]
    np.testing.assert_allclose(ScoreRule().track_scores(windows), expected, rtol=1e-12)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_every_aggregation_keeps_to_its_windows(aggregation: str) -> None:
    windows = random_windows()
    logits = track_logits(windows.logits, windows.track, aggregation)
    assert logits.shape == (6, 3)
    np.testing.assert_allclose(logits[0], windows.logits[0], rtol=1e-12)  # a single window
    for row in range(6):
        own = windows.logits[windows.track == row].astype(np.float64)
        assert (own.min(axis=0) - 1e-12 <= logits[row]).all()
        assert (logits[row] <= own.max(axis=0) + 1e-12).all()


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_temperature_and_bias_by_hand(aggregation: str) -> None:
    windows = random_windows()
    bias = (0.5, -1.0, 0.0)
    plain = ScoreRule(aggregation=aggregation).track_scores(windows)
    found = ScoreRule(aggregation=aggregation, temperature=2.0, bias=bias).track_scores(windows)
    expected = sigmoid(np.log(plain / (1 - plain)) / 2 + np.array(bias))
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    np.testing.assert_array_equal(np.argsort(found, axis=0), np.argsort(plain, axis=0))


def test_a_window_is_scored_as_a_track_of_its_own() -> None:
    windows = random_windows()
    rule = ScoreRule(temperature=0.5, bias=(0.1, 0.2, 0.3))
    alone = WindowLogits(windows.logits, np.arange(len(windows.track)))
    np.testing.assert_allclose(rule.window_scores(windows), rule.track_scores(alone), rtol=1e-9)


def test_a_temperature_of_windows_comes_before_they_are_averaged() -> None:
    # At temperature 2: 4 log 3 becomes 2 log 3, a score of 9/10; -2 log 3 becomes 1/4. Averaged
    # before, the track's logit would be log 3 and its score at temperature 2 about 0.63.
    windows = windows_of(list(np.log(3) * np.array([4.0, -2.0])), [0.0])
    rule = ScoreRule(window_temperature=2.0)
    # float32
    np.testing.assert_allclose(rule.window_scores(windows)[:, 0], [0.9, 0.25, 0.5], rtol=1e-6)
    np.testing.assert_allclose(rule.track_scores(windows)[:, 0], [0.575, 0.5], rtol=1e-6)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"aggregation": "median"}, "aggregation='median' must be one of: mean, mean_logit"),
        ({"temperature": 0.0}, "temperature=0.0 must be a finite number above 0"),
        ({"temperature": float("nan")}, "temperature=nan must be"),
        ({"window_temperature": float("inf")}, "window_temperature=inf must be"),
        ({"bias": (0.0, float("nan"))}, "bias=nan must be a finite number"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ScoreRule(**fields)


TREE = ((1,), (2,), ())
"""Of three genres the first is below the second, which is below the third."""


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_no_parent_is_below_its_child(aggregation: str) -> None:
    windows = random_windows()
    # A bias that would push the parents below their children.
    rule = ScoreRule(aggregation=aggregation, temperature=2.0, bias=(3.0, 0.0, -3.0), parents=TREE)
    for scores in (rule.track_scores(windows), rule.window_scores(windows)):
        assert (np.diff(scores, axis=1) >= 0).all()
    plain = ScoreRule(aggregation=aggregation, temperature=2.0, bias=(3.0, 0.0, -3.0))
    np.testing.assert_array_equal(
        rule.track_scores(windows)[:, 0], plain.track_scores(windows)[:, 0]
    )


def test_temperature_and_bias_meet_logits_that_agree_with_the_tree() -> None:
    windows = WindowLogits(np.array([[2.0, -1.0, 0.0]], np.float32), np.zeros(1, int))
    rule = ScoreRule(bias=(0.0, -1.0, 0.5), parents=TREE)
    # All have the logit 2; the second would be at σ(1), below its child's σ(2).
    expected = sigmoid(np.array([[2.0, 2.0, 2.5]]))
    np.testing.assert_allclose(rule.track_scores(windows), expected, rtol=1e-12)


def test_shares_have_no_tree() -> None:
    with pytest.raises(ConfigError, match="task=exclusive must come without parents"):
        ScoreRule(task="exclusive", parents=TREE)
