"""What a comparison is asked and what it found."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genre.errors import ConfigError
from genre.evaluation.bootstrap import MIN_CLUSTERS
from genre.evaluation.comparison.contrasts import Contrast
from genre.evaluation.comparison.levels import levels_table
from genre.evaluation.inputs import Experiment
from genre.evaluation.metrics import primary_metrics
from genre.wording import counted


@dataclass(frozen=True, kw_only=True)
class ComparisonConfig:
    """How to compare.

    Parameters
    ----------
    n_replicates : int
        Bootstrap replicates, and random exchanges of the randomisation test.
    n_reference_replicates : int
        Replicates of the reference's window-level procedure.
    confidence : float
        Nominal coverage of the intervals, between 0 and 1.
    rope : float
        Half width of the region of practical equivalence, in points of the metric.
    rng_seed : int
        Seed of the resampling: the same seed gives the same figures.
    """

    n_replicates: int = 9999
    n_reference_replicates: int = 1000
    confidence: float = 0.95
    rope: float = 0.01
    rng_seed: int = 0

    def __post_init__(self) -> None:
        for name in ("n_replicates", "n_reference_replicates"):
            if getattr(self, name) < 100:
                raise ConfigError(f"{name}={getattr(self, name)} must be at least 100")
        if not 0 < self.confidence < 1:
            raise ConfigError(f"confidence={self.confidence} must lie between 0 and 1")
        if self.rope < 0:
            raise ConfigError(f"rope={self.rope} must not be negative")
        if self.rng_seed < 0:
            raise ConfigError(f"rng_seed={self.rng_seed} must not be negative")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came out.

    Parameters
    ----------
    experiment : Experiment
        What was compared.
    config : ComparisonConfig
        How.
    n_clusters : int
        Number of artists in the test set, the unit of resampling.
    contrasts : DataFrame
        A row per family, contrast and metric; the content of comparison.csv.
    asked : tuple of Contrast, length n_rows
        What each row of `contrasts` asks, in their order.
    scores : DataFrame
        A row per configuration or baseline, seed, level (track or window) and metric.
    per_class : DataFrame
        A row per configuration, seed and genre.
    per_class_contrasts : DataFrame
        A row per main effect (or single pair) and genre, for average precision.
    replicates : mapping of (configuration, metric) to ndarray of shape (n_replicates,)
        Bootstrap values, mean over the seeds.
    seed_values : mapping of (configuration, metric) to ndarray of shape (n_seeds,)
        The value of each seed on the test set.
    legacy_curve : DataFrame
        contrast, n_replicates, p: the reference's p-value as its replicates grow.
    """

    experiment: Experiment
    config: ComparisonConfig
    n_clusters: int
    contrasts: pd.DataFrame
    asked: tuple[Contrast, ...]
    scores: pd.DataFrame
    per_class: pd.DataFrame
    per_class_contrasts: pd.DataFrame
    replicates: Mapping[tuple[str, str], NDArray[np.float64]]
    seed_values: Mapping[tuple[str, str], NDArray[np.float64]]
    legacy_curve: pd.DataFrame

    def __repr__(self) -> str:
        """Return how much was compared: tables are worth a look of their own."""
        return (
            f"Comparison({counted(len(self.experiment.runs), 'configuration')}, "
            f"{counted(len(self.contrasts), 'contrast')}, {counted(self.n_clusters, self.unit)})"
        )

    @property
    def primary_metrics(self) -> tuple[str, ...]:
        """The metrics that are compared: weighted F1 needs thresholds."""
        experiment = self.experiment
        return primary_metrics(has_decisions=experiment.has_decisions, task=experiment.task)

    @property
    def levels(self) -> pd.DataFrame:
        """A row per configuration, seed and level of the tree of genres; empty without one."""
        return levels_table(self.per_class, self.experiment.description.parents)

    @property
    def unit(self) -> str:
        """What is resampled: artist, or track where no artists are known."""
        return self.experiment.unit

    @property
    def few_clusters(self) -> bool:
        """Whether there are too few artists (or tracks) for any p-value to be a finding."""
        return self.n_clusters < MIN_CLUSTERS
