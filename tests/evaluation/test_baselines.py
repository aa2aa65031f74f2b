"""Baselines: what they must score in expectation."""

import numpy as np
import pytest

from genre.errors import GenreError
from genre.evaluation.baselines import (
    all_positive,
    majority_genre,
    random_at_prior,
    random_class,
    support_vectors,
)
from genre.evaluation.metrics import METRICS

PRIOR = np.array([0.1, 0.3, 0.6])


def test_random_answers_have_the_f1_of_their_prior() -> None:
    rng = np.random.default_rng(0)
    n_tracks = 40_000
    y_true = rng.random((n_tracks, 3)) < PRIOR
    baseline = random_at_prior(np.tile(PRIOR, (n_tracks, 1)), rng)
    hits = (y_true & baseline.decisions).sum(axis=0)
    f1 = 2 * hits / (y_true.sum(axis=0) + baseline.decisions.sum(axis=0))
    # The standard error of each F1 is below 0.006.
    np.testing.assert_allclose(f1, PRIOR, atol=0.02)


def test_random_answers_depend_on_the_seed_alone() -> None:
    prior = np.tile(PRIOR, (50, 1))
    first = random_at_prior(prior, np.random.default_rng(1))
    again = random_at_prior(prior, np.random.default_rng(1))
    other = random_at_prior(prior, np.random.default_rng(2))
    np.testing.assert_array_equal(first.decisions, again.decisions)
    assert (first.decisions != other.decisions).any()


def test_a_genre_that_training_never_had_is_never_guessed() -> None:
    prior = np.tile([0.0, 1.0], (500, 1))
    decisions = random_at_prior(prior, np.random.default_rng(0)).decisions
    assert not decisions[:, 0].any()
    assert decisions[:, 1].all()


def test_every_genre_always_has_f1_2p_over_1_plus_p() -> None:
    y_true = np.zeros((100, 3), dtype=np.bool_)
    for label, share in enumerate(PRIOR):
        y_true[: int(100 * share), label] = True
    baseline = all_positive(np.tile(PRIOR, (100, 1)))
    expected = np.mean(2 * PRIOR / (1 + PRIOR))
    value = METRICS["macro_f1"].function(y_true, baseline.decisions)
    assert value == pytest.approx(expected)


def test_the_most_frequent_genre_is_that_of_each_fold() -> None:
    prior = np.array([[0.5, 0.2, 0.3], [0.1, 0.2, 0.7]])
    baseline = majority_genre(prior)
    np.testing.assert_array_equal(baseline.decisions, [[True, False, False], [False, False, True]])
    np.testing.assert_array_equal(baseline.y_score, baseline.decisions)


def test_an_empty_part_is_scored_as_empty() -> None:
    x_train, y_train = np.array([[0.0], [1.0]]), np.array([[True], [False]])
    (scores,) = support_vectors(x_train, y_train, np.zeros((0, 1)))
    assert scores.shape == (0, 1)


def test_the_support_vector_machine_learns_what_no_line_divides() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 2))
    inside = (np.square(x).sum(axis=1) < 1.4)[:, None]
    y_true = np.hstack([inside, np.ones_like(inside)])
    (y_score,) = support_vectors(x[:300], y_true[:300], x[300:])
    assert ((y_score[:, 0] >= 0.5) == y_true[300:, 0]).mean() > 0.9
    # a genre that all training tracks have is scored with its share
    assert (y_score[:, 1] == 1.0).all()
    assert y_score.min() >= 0
    assert y_score.max() <= 1


def test_the_support_vector_machine_refuses_what_does_not_fit() -> None:
    with pytest.raises(GenreError, match="must have a row for each of the 2 rows"):
        support_vectors(np.zeros((3, 4)), np.ones((2, 1), dtype=bool))


def test_one_of_exclusive_genres_is_drawn_as_often_as_it_was_trained_on() -> None:
    prior = np.broadcast_to([0.7, 0.3, 0.0], (20_000, 3))
    found = random_class(prior, np.random.default_rng(0))
    assert (found.decisions.sum(axis=1) == 1).all()
    np.testing.assert_allclose(found.decisions.mean(axis=0), [0.7, 0.3, 0.0], atol=0.01)
    np.testing.assert_allclose(found.y_score.sum(axis=1), 1.0)
    assert (found.y_score.argmax(axis=1) == found.decisions.argmax(axis=1)).all()
