"""What the tests of comparisons share: runs and numbers made up, and small experiments compared."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genre.evaluation.comparison import (
    Comparison,
    ComparisonConfig,
    Contrast,
)
from genre.evaluation.comparison.measures import Replicated
from genre.evaluation.inputs import PooledRun
from tests.synthetic_experiment import SKILLS

QUICK = ComparisonConfig(n_replicates=400, n_reference_replicates=100)
TWO = {name: SKILLS[name] for name in ("attnTrue_lossbce", "attnFalse_lossbce")}
PAIR = Contrast(side_a=("A",), side_b=("B",))


def make_replicated(value: float, *, spread: float = 0.1, n_clusters: int = 20) -> Replicated:
    rng = np.random.default_rng(0)
    return Replicated(
        value=value,
        replicates=value + spread * rng.normal(size=500),
        jackknife=value + spread * rng.normal(size=n_clusters) / n_clusters,
    )


def line(comparison: Comparison, family: str, contrast: str, metric: str) -> pd.Series:
    table = comparison.contrasts
    chosen = (table["family"] == family) & (table["contrast"] == contrast)
    rows = table[chosen & (table["metric"] == metric)]
    assert len(rows) == 1
    return rows.iloc[0]


def as_run(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> PooledRun:
    nothing = np.zeros(y_true.shape)
    names = np.arange(len(y_true)).astype(str)
    return PooledRun(
        genres=tuple("abcde"),
        track_id=names,
        artist=names,
        y_true=y_true,
        y_score=nothing,
        decisions=decisions,
        window_score=nothing,
        window_track=np.arange(len(y_true)),
        thresholds=nothing,
        train_prior=nothing,
        val_choice=(0.0,),
    )


def exchangeable_runs(
    n_models: int, rng: np.random.Generator, *, seed_spread: float
) -> tuple[NDArray[np.bool_], list[NDArray[np.bool_]], NDArray[np.int64]]:
    """Give truth, decisions of models alike in distribution, and artists: 60 x 3 tracks.

    A run draws how good it is once (`seed_spread`), then errs a little by artist.
    """
    cluster = np.repeat(np.arange(60), 3)
    y_true = np.eye(5, dtype=np.bool_)[cluster % 5]
    hardness = rng.normal(size=(60, 5))[cluster]
    decisions = []
    for _ in range(n_models):
        skill = 1.6 + seed_spread * rng.normal()
        logits = skill * (y_true - 0.5) + 0.8 * hardness
        logits = logits + 0.2 * rng.normal(size=(60, 5))[cluster]
        decisions.append(logits + 0.2 * rng.normal(size=y_true.shape) > 0.1)
    return y_true, decisions, cluster
