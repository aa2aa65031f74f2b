"""The whole test set resampled once, for every run and every number."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.bootstrap import cluster_rows, draw_weights
from genre.evaluation.comparison.choice import titled_baselines
from genre.evaluation.comparison.contrasts import Contrast, Kind
from genre.evaluation.comparison.exchange import Exchange, exchange, exchange_p
from genre.evaluation.comparison.inference import (
    Estimate,
    estimate,
    p_a_beats_b,
    share_in_rope,
)
from genre.evaluation.comparison.measures import (
    Kept,
    Measure,
    Replicated,
    ReplicatedClasses,
    replicate,
    replicate_classes,
)
from genre.evaluation.comparison.results import ComparisonConfig
from genre.evaluation.comparison.rows import sides, uncertainty
from genre.evaluation.inputs import Experiment, PooledRun

Replicates = Mapping[str, Mapping[str, Sequence[Replicated]]]
"""By measure, then by configuration: one per seed."""


class Resampling:
    """The chance that all comparisons share, and what was computed with it.

    Every number of a run, of its classes, and every exchange of two runs is computed once and kept
    as long as this object, together with the runs.

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
    """

    def __init__(
        self,
        *,
        config: ComparisonConfig,
        experiment: Experiment,
        cluster: NDArray[np.integer[Any]],
        weights: NDArray[np.int16],
        swaps: NDArray[np.bool_],
    ) -> None:
        self.config = config
        self.experiment = experiment
        self.cluster = cluster
        self.weights = weights
        self.swaps = swaps
        self._baselines = titled_baselines(experiment)
        self._numbers: Kept[Replicated] = Kept()
        self._classes: Kept[ReplicatedClasses] = Kept()
        self._exchanges: Kept[Exchange] = Kept()

    @property
    def n_clusters(self) -> int:
        """Number of artists in the test set."""
        return int(self.weights.shape[1])

    def replicate(self, measure: Measure, run: PooledRun) -> Replicated:
        """Compute a number of one run on every resample, once.

        Parameters
        ----------
        measure : Measure
            What to compute: one number.
        run : PooledRun
            Of which run.
        """

        def _compute() -> Replicated:
            if measure.by_class is not None:
                return self.replicate_classes(measure.by_class, run).mean()
            return replicate(measure, run, cluster=self.cluster, weights=self.weights)

        return self._numbers.get(measure, (run,), _compute)

    def replicate_classes(self, measure: Measure, run: PooledRun) -> ReplicatedClasses:
        """Compute a number of every class of one run on every resample, once.

        Parameters
        ----------
        measure : Measure
            What to compute: a number of every class.
        run : PooledRun
            Of which run.
        """
        return self._classes.get(
            measure,
            (run,),
            lambda: replicate_classes(measure, run, cluster=self.cluster, weights=self.weights),
        )

    def exchanged(self, measure: Measure, a: PooledRun, b: PooledRun) -> Exchange:
        """Exchange two runs within artists at random, once for each measure.

        Parameters
        ----------
        measure : Measure
            The number whose difference is asked for.
        a, b : PooledRun
            Two checkpoints with the same tracks.
        """
        return self._exchanges.get(
            measure,
            (a, b),
            lambda: exchange(measure, a, b, cluster=self.cluster, swaps=self.swaps),
        )

    def replicate_all(self, measure: Measure) -> dict[str, list[Replicated]]:
        """Compute a number of every run: by configuration, one per seed.

        Parameters
        ----------
        measure : Measure
            What to compute: one number.
        """
        return {
            name: [self.replicate(measure, run) for run in by_seed.values()]
            for name, by_seed in self.experiment.runs.items()
        }

    def contrast_row(
        self, contrast: Contrast, measure: Measure, replicated: Mapping[str, Sequence[Replicated]]
    ) -> dict[str, Any]:
        """Make one line of the table of contrasts, without its family and its corrections.

        Parameters
        ----------
        contrast : Contrast
            Which configurations.
        measure : Measure
            In which number.
        replicated : mapping of configuration to sequence of Replicated
            That number, one per seed.
        """
        fixed = {
            name: [self.replicate(measure, self._baselines[name])]
            for name in contrast.side_b * (contrast.kind is Kind.BASELINE)
        }
        replicated = {**replicated, **fixed}
        found = estimate(contrast.weights, replicated, self.config, fixed=fixed)
        p_value = found.p_value if found.n_seeds > 1 else self._exchange_p(contrast, measure)
        return self._row(contrast, measure.name, replicated, found, p_value)

    def class_rows(self, contrast: Contrast, measure: Measure) -> list[dict[str, Any]]:
        """Make one such line for every class that has a value; the class is its ``label``.

        Parameters
        ----------
        contrast : Contrast
            Which configurations.
        measure : Measure
            In which number of a class.
        """
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
            **sides(contrast, replicated, found.n_seeds),
            "delta": found.value,
            **uncertainty(found),
            "p_raw": p_value,
            "se_noise_twice": found.se_noise_twice,
            "p_noise_twice": found.p_noise_twice,
            "p_A_beats_B": p_a_beats_b(contrast, replicated, n_seeds=found.n_seeds),
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
        if contrast.kind is Kind.BASELINE:
            runs |= self._baselines
        pairs = [
            self.exchanged(measure.by_class or measure, runs[a], runs[b])
            for a, b in zip(contrast.side_a, contrast.side_b, strict=True)
        ]
        if measure.by_class is not None:
            return exchange_p([pair.mean() for pair in pairs])
        return exchange_p(pairs if label is None else [pair.of_class(label) for pair in pairs])


def resample(experiment: Experiment, config: ComparisonConfig) -> Resampling:
    """Draw the weights and exchanges; the same seed draws the same.

    Parameters
    ----------
    experiment : Experiment
        What is to be compared.
    config : ComparisonConfig
        How: replicates and the seed of chance.
    """
    cluster, n_clusters = cluster_rows(experiment.any_run.artist)
    rng = np.random.default_rng([config.rng_seed, 0])
    weights = draw_weights(n_clusters, n_replicates=config.n_replicates, rng=rng)
    swaps = rng.random((config.n_replicates, n_clusters), dtype=np.float32) < 0.5
    return Resampling(
        config=config, experiment=experiment, cluster=cluster, weights=weights, swaps=swaps
    )


def first_seeds(experiment: Experiment) -> dict[str, PooledRun]:
    """Choose one checkpoint of each configuration: its lowest seed.

    Parameters
    ----------
    experiment : Experiment
        Whose.
    """
    return {name: by_seed[min(by_seed)] for name, by_seed in experiment.runs.items()}
