"""The randomisation test of whether two models were exchangeable within each artist."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap import randomisation_p
from genre.evaluation.comparison.contrasts import Contrast
from genre.evaluation.comparison.measures import Measure
from genre.evaluation.experiments import PooledRun


def exchange_p(
    contrast: Contrast,
    measure: Measure,
    runs: Mapping[str, PooledRun],
    *,
    cluster: NDArray[np.integer[Any]],
    swaps: NDArray[np.bool_],
) -> float:
    """Exchange A and B of each artist at random and see how often that does as much.

    `runs` holds one checkpoint per configuration, `cluster` of shape (n_tracks,) the artist of
    each track, and `swaps` of shape (n_replicates, n_clusters) which artists are exchanged. A main
    effect exchanges both of its pairs at once.

    Returns
    -------
    float, in (0, 1]
        The p-value; NaN for an interaction, which has no such test.
    """
    if contrast.is_interaction:
        return float("nan")
    swapped = swaps.astype(np.int16)
    kept = 1 - swapped
    untouched = np.zeros((1, swaps.shape[1]), dtype=np.int16)
    observed, randomised = 0.0, np.zeros(len(swaps))
    for a, b in zip(contrast.side_a, contrast.side_b, strict=True):
        statistic = measure.statistic((runs[a], runs[b]), cluster)
        # The first n clusters of the stack are those of A, the last n those of B.
        randomised += statistic(np.hstack([kept, swapped]))
        randomised -= statistic(np.hstack([swapped, kept]))
        observed += float(statistic(np.hstack([untouched + 1, untouched]))[0])
        observed -= float(statistic(np.hstack([untouched, untouched + 1]))[0])
    return randomisation_p(observed, randomised)
