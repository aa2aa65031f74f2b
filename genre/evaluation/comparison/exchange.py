"""The randomisation test of whether two models were exchangeable within each artist."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap import mean_over_classes, randomisation_p
from genre.evaluation.bootstrap.weights import blocks
from genre.evaluation.comparison.measures import Measure
from genre.evaluation.inputs import PooledRun


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """The difference of two models as observed, and with their artists exchanged at random.

    Parameters
    ----------
    observed : ndarray of shape (1,) or (1, n_labels)
        A - B on the full test set.
    randomised : ndarray of shape (n_replicates,) or (n_replicates, n_labels)
        A - B after each random exchange.
    """

    observed: NDArray[np.float64]
    randomised: NDArray[np.float64]

    def of_class(self, label: int) -> "Exchange":
        """Select the difference of one class.

        Parameters
        ----------
        label : int
            The column of the class.
        """
        return Exchange(observed=self.observed[:, label], randomised=self.randomised[:, label])

    def mean(self) -> "Exchange":
        """Compute the mean difference over the classes that have one."""
        known = ~np.isnan(self.observed[0])
        return Exchange(
            observed=mean_over_classes(self.observed, known),
            randomised=mean_over_classes(self.randomised, known),
        )


def exchange(
    measure: Measure,
    a: PooledRun,
    b: PooledRun,
    *,
    cluster: NDArray[np.integer[Any]],
    swaps: NDArray[np.bool_],
) -> Exchange:
    """Exchange the scores of A and B of each artist at random.

    Parameters
    ----------
    measure : Measure
        The number whose difference is asked for.
    a, b : PooledRun
        Two checkpoints with the same tracks.
    cluster : ndarray of shape (n_tracks,), int
        The artist of each track.
    swaps : ndarray of shape (n_replicates, n_clusters), bool
        Which artists are exchanged.
    """
    # The first n clusters of the stack are those of A, the last n those of B.
    statistic = measure.statistic((a, b), cluster)

    def _difference(chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        swapped = np.hstack([chosen, ~chosen])
        return np.asarray(statistic(~swapped) - statistic(swapped))

    observed = _difference(np.zeros((1, swaps.shape[1]), dtype=np.bool_))
    parts = [_difference(swaps[rows]) for rows in blocks(len(swaps), 2 * swaps.shape[1])]
    return Exchange(observed=observed, randomised=np.concatenate(parts))


def exchange_p(sides: Sequence[Exchange]) -> float:
    """Compute the p-value of a sum of differences; a main effect exchanges both pairs at once.

    Parameters
    ----------
    sides : sequence of Exchange
        One for each pair of the contrast, from the same exchanges.

    Returns
    -------
    float, in (0, 1]
        NaN where there is no difference to test.
    """
    observed = sum(float(side.observed[0]) for side in sides)
    return randomisation_p(observed, np.sum([side.randomised for side in sides], axis=0))
