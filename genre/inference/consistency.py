"""Scores that agree with a tree of genres: a parent is never below its child.

Columns are genres. Whoever hears a genre hears what it is a kind of: the score of a parent is the
highest of its own and of those of all genres below it. Applied to logits it does the same.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genre.errors import ConfigError

__all__ = ["Columns", "check_columns", "family_rows", "raise_parents"]

Columns = tuple[tuple[int, ...], ...]
"""By genre, the columns of its direct parents; of no tree nothing at all."""


def raise_parents(values: NDArray[np.float64], parents: Columns) -> NDArray[np.float64]:
    """Let no parent be below its child.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_labels)
        Scores or logits.
    parents : tuple of tuple of int, n_labels or none
        The columns of each genre's parents.

    Returns
    -------
    ndarray of shape (n_rows, n_labels)
        The same array where there is no tree.

    Examples
    --------
    Of jungle, drum and bass above it, and electronic above that:

    >>> raise_parents(np.array([[0.7, 0.2, 0.4], [0.1, 0.2, 0.9]]), ((1,), (2,), ()))
    array([[0.7, 0.7, 0.7],
           [0.1, 0.2, 0.9]])
    """
    if not any(parents):
        return values
    raised = values.copy()
    for child, parent in _upwards(parents):
        np.maximum(raised[:, parent], raised[:, child], out=raised[:, parent])
    return raised


def family_rows(parents: Columns) -> tuple[list[list[int]], int]:
    """Arrange a tree as a table, for programs that know no loops.

    Parameters
    ----------
    parents : tuple of tuple of int, n_labels
        The columns of each genre's parents.

    Returns
    -------
    rows : list of list of int
        Of each genre its own column and those of its children, filled up with its own to one
        length. Taking the highest of each row `n_times` is what `raise_parents` does.
    n_times : int
        The number of levels above the lowest.
    """
    rows = [[genre] for genre in range(len(parents))]
    depth = [0] * len(parents)
    for child, parent in _upwards(parents):
        rows[parent].append(child)
        depth[parent] = max(depth[parent], depth[child] + 1)
    longest = max(map(len, rows))
    return [row + row[:1] * (longest - len(row)) for row in rows], max(depth)


def check_columns(parents: Sequence[Sequence[int]]) -> None:
    """Refuse what is no tree.

    Parameters
    ----------
    parents : sequence of sequence of int
        The columns of each genre's parents.

    Raises
    ------
    ConfigError
        Where a column is not there, or a genre is above itself.
    """
    n_labels = len(parents)
    for columns in parents:
        for column in columns:
            if not 0 <= column < n_labels:
                raise ConfigError(f"parents={column} must be a column, from 0 to {n_labels - 1}")
    if len(_upwards(parents)) < sum(map(len, parents)):
        raise ConfigError("parents must have no genre above itself")


def _upwards(parents: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """List (child, parent): all that lead into a genre before those that leave it."""
    n_below = [0] * len(parents)
    for columns in parents:
        for parent in columns:
            n_below[parent] += 1
    ready = [genre for genre, n in enumerate(n_below) if not n]
    steps = []
    while ready:
        child = ready.pop()
        for parent in parents[child]:
            steps.append((child, parent))
            n_below[parent] -= 1
            if not n_below[parent]:
                ready.append(parent)
    return steps
