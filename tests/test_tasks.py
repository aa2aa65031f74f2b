"""The two questions have their names."""

import numpy as np

from genre.tasks import TASKS, best_class


def test_there_are_two() -> None:
    assert TASKS == ("multilabel", "exclusive")


def test_the_first_of_equally_large_values_is_the_best() -> None:
    found = best_class(np.array([[0.1, 0.7, 0.2], [-1.0, -1.0, -2.0]]))
    assert found.tolist() == [[False, True, False], [True, False, False]]
