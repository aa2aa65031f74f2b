"""A class sorted by score: its matrices, and AP and AUC from them, by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.evaluation.bootstrap import ranked as ranked_module
from genre.evaluation.bootstrap.ranked import RankedClass, rank_class, share


@pytest.fixture
def ranked() -> RankedClass:
    """Scores 0.9+, 0.7-, 0.5+, 0.5-, 0.1- of clusters 0, 1, 0, 2, 1."""
    y_true = np.array([True, False, True, False, False])
    y_score = np.array([0.9, 0.7, 0.5, 0.5, 0.1])
    return rank_class(y_true, y_score, np.array([0, 1, 0, 2, 1]), 3)


def test_tracks_belong_to_the_first_score_of_a_positive_that_they_reach(
    ranked: RankedClass,
) -> None:
    # One row for 0.9 and one for 0.5; the last track reaches neither.
    np.testing.assert_array_equal(ranked.tracks.toarray(), [[1, 0, 0], [1, 1, 1]])
    np.testing.assert_array_equal(ranked.hits.toarray(), [[1, 0, 0], [1, 0, 0]])
    assert ranked.ties is not None
    np.testing.assert_array_equal(ranked.ties.toarray(), [[0, 0, 0], [0, 0, 1]])
    np.testing.assert_array_equal(ranked.n_negatives, [0, 2, 1])


def test_without_equal_scores_there_are_no_ties() -> None:
    found = rank_class(np.array([True, False]), np.array([0.2, 0.8]), np.array([0, 1]), 2)
    assert found.ties is None


WEIGHTS = np.array([[1, 1, 1], [2, 1, 0], [0, 1, 1]], dtype=np.float64).T  # a column each


def test_average_precision_by_hand(ranked: RankedClass) -> None:
    # All once: (1/1 + 2/4) / 2. The first twice, the last never: (2/2 + 4/5) / 2. No positive: NaN.
    expected = [(1 + 2 / 4) / 2, (1 + 4 / 5) / 2, np.nan]
    np.testing.assert_allclose(ranked.average_precision(WEIGHTS), expected)


def test_auc_by_hand(ranked: RankedClass) -> None:
    # All once: 0.9 is above 3 negatives; 0.5 above 1, tied with 1: (3 + 1.5) of 2 x 3. With the
    # third cluster away two are left, of which 0.5 is above one: (2 + 1) of 2 x 2.
    np.testing.assert_allclose(ranked.auc(WEIGHTS), [4.5 / 6, 3 / 4, np.nan])


def test_wide_and_narrow_sums_agree(ranked: RankedClass, monkeypatch: pytest.MonkeyPatch) -> None:
    def both() -> list[NDArray[np.float64]]:
        return [ranked.average_precision(WEIGHTS), ranked.auc(WEIGHTS)]

    narrow = both()
    monkeypatch.setattr(ranked_module, "WIDE_BLOCK", 1)
    np.testing.assert_array_equal(both(), narrow)


@pytest.mark.filterwarnings("error")
def test_a_share_of_nothing_is_undefined() -> None:
    np.testing.assert_array_equal(share(np.array([1.0, 0.0]), np.array([4.0, 0.0])), [0.25, np.nan])
