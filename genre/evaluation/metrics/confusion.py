"""Which genres the tracks of each genre are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genre.evaluation.metrics.checks import check_arrays


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """Which genres the tracks of each genre are given.

    Parameters
    ----------
    counts : ndarray of shape (n_labels, n_labels), int
        Tracks that have the row's genre and are given the column's.
    shares : ndarray of shape (n_labels, n_labels), in [0, 1]
        Of all tracks that have the row's genre; 0 where none has.
    """

    counts: NDArray[np.int64]
    shares: NDArray[np.float64]


def confusion(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> Confusion:
    """Count which genres the tracks of each genre are given.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_tracks, n_labels), bool
        Truth and what was assigned. A track with two genres counts in two rows, one that is given
        two in two columns, and one that is given none in no column.
    """
    check_arrays(y_true, decisions)
    # As floats: numpy multiplies whole numbers without BLAS, a hundred times slower.
    together = y_true.T.astype(np.float64) @ decisions.astype(np.float64)
    has = np.maximum(y_true.sum(axis=0), 1)[:, np.newaxis]
    return Confusion(counts=np.rint(together).astype(np.int64), shares=together / has)


def confusion_table(
    y_true: NDArray[np.bool_], decisions: NDArray[np.bool_], *, genres: Sequence[str]
) -> pd.DataFrame:
    """List the cells of the matrix that hold a track.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_tracks, n_labels), bool
        As for `confusion`.
    genres : sequence of str, length n_labels
        Names of the columns.

    Returns
    -------
    DataFrame
        genre (that the tracks have), given, n_tracks, share (of the tracks of the genre, in
        [0, 1]), in the order of the genres.

    Examples
    --------
    >>> y_true = np.array([[True, False], [True, False], [False, True]])
    >>> given = np.array([[True, False], [False, True], [False, True]])
    >>> confusion_table(y_true, given, genres=["jazz", "blues"])
       genre  given  n_tracks  share
    0   jazz   jazz         1    0.5
    1   jazz  blues         1    0.5
    2  blues  blues         1    1.0
    """
    found = confusion(y_true, decisions)
    rows, columns = np.nonzero(found.counts)
    names: NDArray[Any] = np.array(genres, dtype=object)
    return pd.DataFrame(
        {
            "genre": names[rows],
            "given": names[columns],
            "n_tracks": found.counts[rows, columns],
            "share": found.shares[rows, columns],
        }
    )
