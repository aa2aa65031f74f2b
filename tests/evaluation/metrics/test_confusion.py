"""What is taken for what, by hand and by scikit-learn: genre.evaluation.metrics.confusion."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from genre.errors import GenreError
from genre.evaluation.metrics import confusion, confusion_table

# Tracks of "a", "a", "a and b", "c", and "d", which none has; the last but one is given nothing.
Y_TRUE = np.array([[1, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0]], dtype=np.bool_)
GIVEN = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]], dtype=np.bool_)


def test_by_hand() -> None:
    found = confusion(Y_TRUE, GIVEN)
    counts = [[2, 1, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    np.testing.assert_array_equal(found.counts, counts)
    shares = np.array([[2 / 3, 1 / 3, 1 / 3, 0], [1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    np.testing.assert_allclose(found.shares, shares)


def test_the_table_has_the_cells_that_hold_a_track() -> None:
    table = confusion_table(Y_TRUE, GIVEN, genres=list("abcd"))
    assert table[["genre", "given"]].sum(axis=1).tolist() == ["aa", "ab", "ac", "ba", "bc"]
    assert table["n_tracks"].tolist() == [2, 1, 1, 1, 1]
    np.testing.assert_allclose(table["share"], [2 / 3, 1 / 3, 1 / 3, 1, 1])
    nothing = confusion_table(Y_TRUE, np.zeros_like(GIVEN), genres=list("abcd"))
    assert nothing.empty
    assert list(nothing) == ["genre", "given", "n_tracks", "share"]


def test_one_answer_each_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    true, given = rng.integers(0, 6, (2, 500))
    found = confusion(np.eye(7, dtype=np.bool_)[true], np.eye(7, dtype=np.bool_)[given])
    labels = list(range(7))
    theirs = confusion_matrix(true, given, labels=labels)
    np.testing.assert_array_equal(found.counts, theirs)
    shares = confusion_matrix(true, given, labels=labels, normalize="true")
    np.testing.assert_allclose(found.shares, shares)


def test_arrays_must_fit() -> None:
    with pytest.raises(GenreError, match="shape"):
        confusion(Y_TRUE, GIVEN[:2])
