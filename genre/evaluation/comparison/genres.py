"""Every genre by itself: figures of each run, and what the configurations change."""

import numpy as np
import pandas as pd

from genre.evaluation.bootstrap import share_interval
from genre.evaluation.comparison.contrasts import MAIN_EFFECTS, pair_contrasts, planned_contrasts
from genre.evaluation.comparison.inference import adjust
from genre.evaluation.comparison.measures import CLASS_AP, CLASS_MEASURES
from genre.evaluation.comparison.resampled import Resampling
from genre.evaluation.inputs import Experiment, PooledRun
from genre.evaluation.metrics import confusion_table, per_class_table

OF_DECISIONS = (
    *("threshold", "TP", "FP", "FN"),
    *(f"{name}{end}" for name in ("precision", "recall", "f1") for end in ("", "_low", "_high")),
)
"""Columns that mean nothing without thresholds."""


def genre_table(resampling: Resampling) -> pd.DataFrame:
    """Judge every genre of every run, with intervals.

    Parameters
    ----------
    resampling : Resampling
        The experiment, and the chance that all its comparisons share.

    Returns
    -------
    DataFrame
        config, seed, the columns of `per_class_table` (thresholds are means over folds), and
        ``<metric>_low``, ``<metric>_high``; without thresholds what needs none.
    """
    tables = []
    for name, by_seed in resampling.experiment.runs.items():
        for seed, run in by_seed.items():
            table = per_class_table(
                run.y_true,
                run.y_score,
                run.decisions,
                genres=run.genres,
                artist=run.artist,
                thresholds=run.thresholds.mean(axis=0),
            )
            table.insert(0, "config", name)
            table.insert(1, "seed", seed)
            tables.append(table.assign(**_genre_intervals(resampling, run)))
    unknown = [] if resampling.experiment.has_decisions else list(OF_DECISIONS)
    return pd.concat(tables, ignore_index=True).drop(columns=unknown)


def confusions(experiment: Experiment) -> pd.DataFrame:
    """Count which genres the tracks of each genre are given, run by run.

    Parameters
    ----------
    experiment : Experiment
        The finished runs.

    Returns
    -------
    DataFrame
        config, seed, and the columns of `genre.evaluation.metrics.confusion_table`; no row where
        nothing decides which genres are given.
    """
    tables = [
        confusion_table(run.y_true, run.decisions, genres=run.genres).assign(config=name, seed=seed)
        for name, by_seed in experiment.runs.items()
        for seed, run in by_seed.items()
    ]
    columns = ["config", "seed", "genre", "given", "n_tracks", "share"]
    table = pd.concat(tables, ignore_index=True)[columns]
    return table if experiment.has_decisions else table.iloc[:0]


def _genre_intervals(resampling: Resampling, run: PooledRun) -> dict[str, list[float]]:
    columns: dict[str, list[float]] = {}
    for measure in CLASS_MEASURES:
        statistic = measure.statistic((run,), resampling.cluster)
        values, jackknife = statistic.full()[0], statistic.jackknife()
        ends = [
            share_interval(
                float(values[label]),
                jackknife[:, label],
                n_bearing=len(np.unique(resampling.cluster[run.y_true[:, label]])),
                confidence=resampling.config.confidence,
            )
            for label in range(len(run.genres))
        ]
        columns[f"{measure.name}_low"] = [interval.low for interval in ends]
        columns[f"{measure.name}_high"] = [interval.high for interval in ends]
    return columns


def genre_contrasts(resampling: Resampling) -> pd.DataFrame:
    """Compare the average precision of each genre: main effects, or the one pair there is.

    Parameters
    ----------
    resampling : Resampling
        The experiment, and the chance that all its comparisons share.

    Returns
    -------
    DataFrame
        family, genre, the columns of a contrast, and ``p_bh``; empty where neither is there.
    """
    experiment = resampling.experiment
    pairs = pair_contrasts(experiment.runs)
    planned = planned_contrasts(experiment.runs, experiment.settings)
    effects = tuple(contrast for contrast in planned if contrast.kind in MAIN_EFFECTS)
    contrasts = effects or (pairs if len(pairs) == 1 else ())
    genres = experiment.any_run.genres
    tables = []
    for contrast in contrasts:
        rows = [
            {"family": "genres", "genre": genres[row.pop("label")], **row}
            for row in resampling.class_rows(contrast, CLASS_AP)
        ]
        if rows:
            table = pd.DataFrame(rows)
            tables.append(table.assign(p_bh=adjust(table["p_raw"], method="fdr_bh")))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
