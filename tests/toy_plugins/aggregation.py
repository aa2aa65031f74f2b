"""A plug-in of the tests: a track is its worst window. It cannot be exported to ONNX."""

import numpy as np
from numpy.typing import NDArray

from genre.inference.score_rule import AGGREGATIONS, Aggregation


def smallest(logits: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Take the smallest logit of each track's windows, genre by genre."""
    return np.asarray(np.minimum.reduceat(logits, starts, axis=0))


AGGREGATIONS["min"] = Aggregation(function=smallest, title="the worst window")
