"""A plug-in of the tests: the share of tracks whose best score is of a genre they do not have."""

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.metrics import METRICS, Metric


def one_error(y_true: NDArray[np.bool_], y_score: NDArray[np.float64]) -> float:
    """Count tracks whose best score is wrong; NaN where there is no track."""
    if not len(y_true):
        return float("nan")
    return float(np.mean(~y_true[np.arange(len(y_true)), y_score.argmax(axis=1)]))


METRICS["one_error"] = Metric(
    function=one_error, needs="scores", title="one-error", higher_is_better=False
)
