"""Arrays that no metric can judge."""

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.errors import GenreError
from genre.evaluation.metrics.checks import check_arrays


def test_good_arrays_pass() -> None:
    y_true = np.array([[True, False]])
    check_arrays(y_true, np.array([[0.0, 1.0]]), ~y_true, np.zeros((1, 2), dtype=np.float32))


@pytest.mark.parametrize(
    ("y_true", "y_score", "message"),
    [
        (np.zeros((0, 2), dtype=np.bool_), np.zeros((0, 2)), "at least one row and one label"),
        (np.zeros((2, 2)), np.zeros((2, 2)), "y_true of type float64 must be bool"),
        (np.zeros((2, 2), dtype=np.bool_), np.zeros((2, 3)), r"\(2, 3\) must have the shape"),
        (np.zeros((2, 2), dtype=np.bool_), np.full((2, 2), np.nan), "did the training diverge"),
        (np.zeros((2, 2), dtype=np.bool_), np.full((2, 2), 1.5), r"must be numbers in \[0, 1\]"),
    ],
)
def test_bad_arrays_are_refused(
    y_true: NDArray[np.bool_], y_score: NDArray[np.float64], message: str
) -> None:
    with pytest.raises(GenreError, match=message):
        check_arrays(y_true, np.zeros(y_true.shape, dtype=np.bool_), y_score)
