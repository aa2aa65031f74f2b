"""Choose between ways to score the same tracks, and never by chance.

A choice on validation tracks that goes with the largest number follows noise: of four ways that are
equally good one always leads. So the first stays unless another is better by more than artists
drawn anew would explain.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap import MIN_CLUSTERS, cluster_rows, draw_weights, macro_ap_statistic

N_REPLICATES = 2000
TAIL = 0.025
"""Lower tail of the differences, divided by the number of ways that are tried beside the first."""
SMALLEST_GAIN = 0.01
"""In macro AP: less is not worth leaving the first."""


def clearly_best(
    y_true: NDArray[np.bool_],
    y_scores: Mapping[str, NDArray[np.floating[Any]]],
    artist: NDArray[np.str_],
) -> str:
    """Choose the scores with the best macro AP, where that is clear, else the first.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The genres of the validation tracks.
    y_scores : mapping of str to ndarray of shape (n_tracks, n_labels)
        What is chosen from; anything that ranks tracks, such as logits.
    artist : ndarray of shape (n_tracks,), str
        Who made each track: the unit that is resampled.

    Returns
    -------
    str
        A key of `y_scores`. Another than the first gains at least `SMALLEST_GAIN`, and in all but
        `TAIL` of the resamples it is ahead; with fewer than ten artists it is always the first.
    """
    first, *others = y_scores
    cluster, n_clusters = cluster_rows(artist)
    if n_clusters < MIN_CLUSTERS or not y_true.any():
        return first
    # The seed is fixed: the same validation tracks lead to the same choice.
    rng = np.random.default_rng(0)
    weights = draw_weights(n_clusters, n_replicates=N_REPLICATES, rng=rng)
    statistics = {
        name: macro_ap_statistic(y_true, values, cluster) for name, values in y_scores.items()
    }
    value, replicates = statistics[first].full()[0], statistics[first](weights)
    gains = {}
    for name in others:
        low = np.quantile(statistics[name](weights) - replicates, TAIL / len(others))
        gain = float(statistics[name].full()[0] - value)
        if low > 0 and gain >= SMALLEST_GAIN:
            gains[name] = gain
    return max(gains, key=lambda name: gains[name]) if gains else first
