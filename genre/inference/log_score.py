"""The logarithm of a score, where the score itself would be 0."""

import numpy as np
from numpy.typing import NDArray


def log_score(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute log σ; finite and exact far below 0, where σ itself ends.

    Parameters
    ----------
    logits : ndarray of any shape
        Finite numbers.

    Returns
    -------
    ndarray of the same shape, at most 0
    """
    return np.asarray(-np.logaddexp(0.0, -logits))
