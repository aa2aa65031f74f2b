"""The two questions that a model can answer about a track.

Of a `multilabel` model each genre is a question of its own: is it this, yes or no. An `exclusive`
one says which: its scores are shares of one whole, and the largest is its answer.
"""

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Task = Literal["multilabel", "exclusive"]

TASKS: tuple[Task, ...] = get_args(Task)


def best_class(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Mark the largest of each row, the first of equally large ones.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_labels)
        Scores, logits, or shares.

    Returns
    -------
    ndarray of shape (n_rows, n_labels), bool
    """
    return np.asarray(np.arange(values.shape[1]) == values.argmax(axis=1)[:, np.newaxis])
