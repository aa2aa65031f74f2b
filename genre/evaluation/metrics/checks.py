"""What every metric asks of its arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.errors import GenreError


def check_arrays(y_true: NDArray[np.bool_], *others: NDArray[Any]) -> None:
    """Refuse arrays that no metric can judge.

    Parameters
    ----------
    y_true : ndarray of shape (n_rows, n_labels), bool
        The truth: at least one row and one label.
    *others : ndarray of shape (n_rows, n_labels)
        Decisions (bool) or scores, which must be numbers in [0, 1].

    Raises
    ------
    GenreError
        Naming the shape or the value at fault.
    """
    if y_true.ndim != 2 or 0 in y_true.shape:
        raise GenreError(f"y_true of shape {y_true.shape} must have at least one row and one label")
    if y_true.dtype != np.bool_:
        raise GenreError(f"y_true of type {y_true.dtype} must be bool")
    for array in others:
        if array.shape != y_true.shape:
            raise GenreError(
                f"scores or decisions of shape {array.shape} must have the shape of y_true, "
                f"{y_true.shape}"
            )
        # Written so that NaN, which compares false with everything, is refused too.
        if array.dtype != np.bool_ and not bool(np.all((array >= 0) & (array <= 1))):
            raise GenreError("y_score must be numbers in [0, 1]; did the training diverge?")
