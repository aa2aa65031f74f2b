"""The numbers that are compared, as functions of a run and of the weights of the artists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap import (
    Statistic,
    jackknife_weights,
    macro_ap_statistic,
    macro_auc_statistic,
    weighted_f1_statistic,
)
from genre.evaluation.experiments import PooledRun

WINDOW_THRESHOLD = 0.5
"""The reference's fixed threshold."""

Builder = Callable[[NDArray[np.bool_], NDArray[Any], NDArray[np.integer[Any]]], Statistic]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One number to compare runs by.

    Parameters
    ----------
    name : str
        As in the tables.
    builder : callable
        From truth, scores or decisions, and clusters to a statistic.
    values : callable
        From a run to the scores or decisions that the builder takes.
    on_windows : bool
        Whether the rows are windows instead of tracks.
    label : int or None
        The one class that counts, or all.
    """

    name: str
    builder: Builder
    values: Callable[[PooledRun], NDArray[Any]]
    on_windows: bool = False
    label: int | None = None

    def statistic(
        self, runs: tuple[PooledRun, ...], cluster: NDArray[np.integer[Any]]
    ) -> Statistic:
        """Make the statistic of one run, or of several stacked with clusters of their own."""
        columns = slice(None) if self.label is None else slice(self.label, self.label + 1)
        n_clusters = int(cluster.max()) + 1
        truth, values, rows = [], [], []
        for index, run in enumerate(runs):
            tracks = run.window_track if self.on_windows else np.arange(len(run.track_id))
            truth.append(run.y_true[tracks][:, columns])
            values.append(self.values(run)[:, columns])
            rows.append(cluster[tracks] + index * n_clusters)
        return self.builder(np.concatenate(truth), np.concatenate(values), np.concatenate(rows))


MACRO_AP = Measure(name="macro_ap", builder=macro_ap_statistic, values=lambda run: run.y_score)
WEIGHTED_F1 = Measure(
    name="weighted_f1", builder=weighted_f1_statistic, values=lambda run: run.decisions
)
WINDOW_F1 = Measure(
    name="window_f1",
    builder=weighted_f1_statistic,
    values=lambda run: run.window_score >= WINDOW_THRESHOLD,
    on_windows=True,
)


def class_measures(n_labels: int) -> Mapping[str, tuple[Measure, ...]]:
    """Give F1, average precision and AUC of every class by itself."""
    builders: dict[str, tuple[Builder, Callable[[PooledRun], NDArray[Any]]]] = {
        "f1": (weighted_f1_statistic, WEIGHTED_F1.values),
        "ap": (macro_ap_statistic, MACRO_AP.values),
        "auc": (macro_auc_statistic, MACRO_AP.values),
    }
    return {
        name: tuple(
            Measure(name=name, builder=builder, values=values, label=label)
            for label in range(n_labels)
        )
        for name, (builder, values) in builders.items()
    }


@dataclass(frozen=True, kw_only=True)
class Replicated:
    """A number with what resampling says of it.

    Parameters
    ----------
    value : float
        On the full test set.
    replicates : ndarray of shape (n_replicates,)
        On bootstrap samples of the artists.
    jackknife : ndarray of shape (n_clusters,)
        Without each artist in turn.
    """

    value: float
    replicates: NDArray[np.float64]
    jackknife: NDArray[np.float64]


def replicate(
    measure: Measure,
    run: PooledRun,
    *,
    cluster: NDArray[np.integer[Any]],
    weights: NDArray[np.int16],
) -> Replicated:
    """Compute a measure on the full sample, on bootstrap samples and on the jackknife.

    Parameters
    ----------
    measure : Measure
        What to compute.
    run : PooledRun
        Of which run.
    cluster : ndarray of shape (n_tracks,), int
        The artist of each track.
    weights : ndarray of shape (n_replicates, n_clusters)
        Shared by all that is to be compared.
    """
    statistic = measure.statistic((run,), cluster)
    n_clusters = weights.shape[1]
    return Replicated(
        value=float(statistic(np.ones((1, n_clusters)))[0]),
        replicates=statistic(weights),
        jackknife=statistic(jackknife_weights(n_clusters)),
    )
