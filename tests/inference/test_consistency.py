"""Scores that agree with a tree of genres: genre.inference.consistency."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from genre.errors import ConfigError
from genre.inference.consistency import Columns, check_columns, family_rows, raise_parents


def by_descendants(values: NDArray[np.float64], parents: Columns) -> NDArray[np.float64]:
    """Take the highest of a genre and all below it, found by walking up from every genre."""
    raised = values.copy()
    for genre in range(len(parents)):
        left = [*parents[genre]]
        while left:
            over = left.pop()
            raised[:, over] = np.maximum(raised[:, over], values[:, genre])
            left += parents[over]
    return raised


@st.composite
def trees(draw: st.DrawFn) -> Columns:
    """Draw a tree whose columns stand in any order."""
    n_labels = draw(st.integers(1, 9))
    order = draw(st.permutations(range(n_labels)))
    parents: list[tuple[int, ...]] = [()] * n_labels
    for place, genre in enumerate(order[1:], start=1):
        over = draw(st.sets(st.sampled_from(order[:place]), max_size=3))
        parents[genre] = tuple(sorted(over))
    return tuple(parents)


@given(trees(), st.integers(0, 99))
def test_a_parent_has_the_highest_score_of_all_below_it(parents: Columns, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(4, len(parents)))
    before = values.copy()
    raised = raise_parents(values, parents)
    np.testing.assert_array_equal(raised, by_descendants(values, parents))
    np.testing.assert_array_equal(values, before)
    np.testing.assert_array_equal(raise_parents(raised, parents), raised)


@given(trees(), st.integers(0, 99))
def test_the_table_of_families_does_the_same(parents: Columns, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(4, len(parents)))
    rows, n_times = family_rows(parents)
    raised = values
    for _ in range(n_times):
        raised = raised[:, rows].max(axis=2)
    np.testing.assert_array_equal(raised, raise_parents(values, parents))
    assert len({len(row) for row in rows}) == 1


def test_without_a_tree_nothing_is_done() -> None:
    values = np.zeros((2, 3))
    assert raise_parents(values, ()) is values


@pytest.mark.parametrize(
    ("parents", "message"),
    [
        (((1,), (0,)), "no genre above itself"),
        (((0,),), "no genre above itself"),
        (((2,), ()), "parents=2 must be a column, from 0 to 1"),
        (((-1,), ()), "parents=-1 must be a column"),
    ],
)
def test_what_is_no_tree_is_refused(parents: Columns, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        check_columns(parents)


def test_a_tree_as_large_as_that_of_fma() -> None:
    rng = np.random.default_rng(0)
    # 16 at the top; the others are kinds of one or two that stand before them.
    parents = tuple(
        () if genre < 16 else tuple(sorted({*rng.integers(0, genre, 1 + genre % 2).tolist()}))
        for genre in range(163)
    )
    values = rng.normal(size=(500, 163))
    raised = raise_parents(values, parents)
    np.testing.assert_array_equal(raised, by_descendants(values, parents))
    rows, n_times = family_rows(parents)
    for _ in range(n_times):
        values = values[:, rows].max(axis=2)
    np.testing.assert_array_equal(values, raised)
