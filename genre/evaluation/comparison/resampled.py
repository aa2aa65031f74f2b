"""The whole test set resampled once, for every run and every number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap import cluster_rows, draw_weights
from genre.evaluation.comparison.contrasts import Contrast
from genre.evaluation.comparison.exchange import Exchange, exchange, exchange_p
from genre.evaluation.comparison.inference import (
    Estimate,
    estimate,
    p_a_beats_b,
    share_in_rope,
)
from genre.evaluation.comparison.measures import (
    Measure,
    Replicated,
    ReplicatedClasses,
    replicate,
    replicate_classes,
)
from genre.evaluation.comparison.results import ComparisonConfig
from genre.evaluation.inputs import Experiment, PooledRun

Replicates = Mapping[str, Mapping[str, Sequence[Replicated]]]
"""By measure, then by configuration: one per seed."""


@dataclass(frozen=True, kw_only=True)
class Resampling:
    """The chance that all comparisons share.

    Parameters
    ----------
    config : ComparisonConfig
        How to compare.
    experiment : Experiment
        What.
    cluster : ndarray of shape (n_tracks,), int
        The artist of each track.
    weights : ndarray of shape (n_replicates, n_clusters), int
        How often each artist counts.
    swaps : ndarray of shape (n_replicates, n_clusters), bool
        Which artists the randomisation test exchanges.
    known, known_classes, known_exchanges : dict
        What was computed already, by measure and identity of the run or runs; the runs are kept
        with it, so that their identity cannot pass to others.
    """

    config: ComparisonConfig
    experiment: Experiment
    cluster: NDArray[np.integer[Any]]
    weights: NDArray[np.int16]
    swaps: NDArray[np.bool_]
    known: dict[tuple[str, int], tuple[PooledRun, Replicated]] = field(default_factory=dict)
    known_classes: dict[tuple[str, int], tuple[PooledRun, ReplicatedClasses]] = field(
        default_factory=dict
    )
    known_exchanges: dict[tuple[str, int, int], Exchange] = field(default_factory=dict)

    @property
    def n_clusters(self) -> int:
        """Number of artists in the test set."""
        return int(self.weights.shape[1])

    def replicate(self, measure: Measure, run: PooledRun) -> Replicated:
        """Compute a number of one run on every resample, once."""
        key = (measure.name, id(run))
        if key not in self.known:
            if measure.by_class is not None:
                found = self.replicate_classes(measure.by_class, run).mean()
            else:
                found = replicate(measure, run, cluster=self.cluster, weights=self.weights)
            self.known[key] = (run, found)
        return self.known[key][1]

    def replicate_classes(self, measure: Measure, run: PooledRun) -> ReplicatedClasses:
        """Compute a number of every class of one run on every resample, once."""
        key = (measure.name, id(run))
        if key not in self.known_classes:
            found = replicate_classes(measure, run, cluster=self.cluster, weights=self.weights)
            self.known_classes[key] = (run, found)
        return self.known_classes[key][1]

    def exchanged(self, measure: Measure, a: PooledRun, b: PooledRun) -> Exchange:
        """Exchange two runs within artists at random, once for each measure."""
        key = (measure.name, id(a), id(b))
        if key not in self.known_exchanges:
            self.known_exchanges[key] = exchange(
                measure, a, b, cluster=self.cluster, swaps=self.swaps
            )
        return self.known_exchanges[key]

    def replicate_all(self, measure: Measure) -> dict[str, list[Replicated]]:
        """Compute a number of every run: by configuration, one per seed."""
        return {
            name: [self.replicate(measure, run) for run in by_seed.values()]
            for name, by_seed in self.experiment.runs.items()
        }

    def contrast_row(
        self, contrast: Contrast, measure: Measure, replicated: Mapping[str, Sequence[Replicated]]
    ) -> dict[str, Any]:
        """Give one line of the table of contrasts, without its family and its corrections."""
        found = estimate(contrast.weights, replicated, self.config)
        p_value = found.p_value if found.n_seeds > 1 else self._exchange_p(contrast, measure)
        return self._row(contrast, measure.name, replicated, found, p_value)

    def class_rows(self, contrast: Contrast, measure: Measure) -> list[dict[str, Any]]:
        """Give one such line for every class that has a value; the class is its ``label``."""
        classes = {
            name: [
                self.replicate_classes(measure, run) for run in self.experiment.runs[name].values()
            ]
            for name in contrast.weights
        }
        first = next(iter(classes.values()))[0]
        rows = []
        for label in np.flatnonzero(~np.isnan(first.values)):
            replicated = {
                name: [run.of_class(int(label)) for run in by] for name, by in classes.items()
            }
            found = estimate(contrast.weights, replicated, self.config)
            p_value = found.p_value
            if found.n_seeds == 1:
                p_value = self._exchange_p(contrast, measure, label=int(label))
            row = self._row(contrast, measure.name, replicated, found, p_value)
            rows.append({"label": int(label), **row})
        return rows

    def _row(
        self,
        contrast: Contrast,
        metric: str,
        replicated: Mapping[str, Sequence[Replicated]],
        found: Estimate,
        p_value: float,
    ) -> dict[str, Any]:
        return {
            "contrast": contrast.name,
            "metric": metric,
            "unit": self.experiment.unit,
            "n_units": self.n_clusters,
            "n_seeds": found.n_seeds,
            **_sides(contrast, replicated, found.n_seeds),
            "delta": found.value,
            **uncertainty(found),
            "p_raw": p_value,
            "se_noise_twice": found.se_noise_twice,
            "p_noise_twice": found.p_noise_twice,
            "p_A_beats_B": p_a_beats_b(contrast, replicated),
            "rope": self.config.rope,
            "share_in_rope": share_in_rope(found, self.config.rope),
            "detectable": found.detectable,
            "B": self.config.n_replicates,
            "rng_seed": self.config.rng_seed,
            "claim_scope": "configuration" if found.n_seeds > 1 else "checkpoint",
        }

    def _exchange_p(
        self, contrast: Contrast, measure: Measure, *, label: int | None = None
    ) -> float:
        """Ask the exchange test; a mean over classes is that of the exchanged classes."""
        if contrast.is_interaction:
            return float("nan")
        runs = first_seeds(self.experiment)
        sides = [
            self.exchanged(measure.by_class or measure, runs[a], runs[b])
            for a, b in zip(contrast.side_a, contrast.side_b, strict=True)
        ]
        if measure.by_class is not None:
            return exchange_p([side.mean() for side in sides])
        return exchange_p(sides if label is None else [side.of_class(label) for side in sides])


def resample(experiment: Experiment, config: ComparisonConfig) -> Resampling:
    """Draw the weights and exchanges; the same seed draws the same."""
    cluster, n_clusters = cluster_rows(experiment.any_run.artist)
    rng = np.random.default_rng([config.rng_seed, 0])
    weights = draw_weights(n_clusters, n_replicates=config.n_replicates, rng=rng)
    swaps = rng.random((config.n_replicates, n_clusters), dtype=np.float32) < 0.5
    return Resampling(
        config=config, experiment=experiment, cluster=cluster, weights=weights, swaps=swaps
    )


def first_seeds(experiment: Experiment) -> dict[str, PooledRun]:
    """Give one checkpoint of each configuration: its lowest seed."""
    return {name: by_seed[min(by_seed)] for name, by_seed in experiment.runs.items()}


def uncertainty(found: Estimate) -> dict[str, float | str]:
    """Give the columns of an estimate's standard errors and intervals."""
    return {
        "se": found.se,
        "se_test": found.se_test,
        "se_seed": found.se_seed,
        "ci_low": found.interval.low,
        "ci_high": found.interval.high,
        "ci_method": found.interval.method,
        "percentile_low": found.percentile.low,
        "percentile_high": found.percentile.high,
    }


def _sides(
    contrast: Contrast, replicated: Mapping[str, Sequence[Replicated]], n_seeds: int
) -> dict[str, float]:
    means = {
        name: float(np.mean([run.value for run in (runs if n_seeds > 1 else runs[:1])]))
        for name, runs in replicated.items()
    }
    a, b = [means[name] for name in contrast.side_a], [means[name] for name in contrast.side_b]
    if contrast.is_interaction:
        # A and B are then the two differences whose difference is asked for.
        a, b = [a[0] - b[0]], [b[1] - a[1]]
    mean_a, mean_b = float(np.mean(a)), float(np.mean(b))
    # A difference of differences has no natural base.
    has_base = mean_b > 0 and not contrast.is_interaction
    relative = (mean_a - mean_b) / mean_b if has_base else float("nan")
    return {"mean_A": mean_a, "mean_B": mean_b, "relative": relative}
