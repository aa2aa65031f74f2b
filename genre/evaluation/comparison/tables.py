"""The table of scores: every metric of every run and of every baseline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from genre.evaluation.baselines import (
    Baseline,
    all_positive,
    majority_genre,
    random_at_prior,
    random_class,
)
from genre.evaluation.bootstrap import cluster_interval
from genre.evaluation.comparison.inference import estimate
from genre.evaluation.comparison.measures import (
    MEASURES,
    WEIGHTED_F1,
    WINDOW_F1,
    WINDOW_THRESHOLD,
    Replicated,
)
from genre.evaluation.comparison.resampled import Replicates, Resampling
from genre.evaluation.inputs import BASELINES, PooledRun
from genre.evaluation.metrics import METRICS, evaluate
from genre.evaluation.thresholds import decide

N_RANDOM_DRAWS = 20


def scores_table(resampling: Resampling, replicates: Replicates) -> pd.DataFrame:
    """List every metric of every run and baseline, per track and per window.

    Parameters
    ----------
    resampling : Resampling
        The experiment, and the chance that all its comparisons share.
    replicates : mapping of measure to mapping of configuration to sequence of Replicated
        The primary numbers of every run, one per seed.

    Returns
    -------
    DataFrame
        config, kind (model or baseline), seed (a number, ``mean`` or nothing), level, metric,
        value, ci_low, ci_high, ci_method. The primary numbers have intervals. Without thresholds
        only threshold-free metrics.
    """
    rows: list[dict[str, Any]] = []
    confidence = resampling.config.confidence
    for name, by_seed in resampling.experiment.runs.items():
        for index, (seed, run) in enumerate(by_seed.items()):
            measured = {measure: by[name][index] for measure, by in replicates.items()}
            rows += _run_rows(run, measured, confidence, config=name, kind="model", seed=str(seed))
        rows += _mean_rows(name, rows, replicates, resampling)
    for name, baseline in resampling.experiment.baselines.items():
        measured = {
            metric: resampling.replicate(MEASURES[metric], baseline) for metric in replicates
        }
        labels = {"config": BASELINES.get(name, name), "kind": "baseline", "seed": ""}
        rows += _run_rows(baseline, measured, confidence, **labels)
    # An answer that does not listen has no uncertainty of its own: its score is the labels'.
    for name, run in _constant_runs(resampling):
        rows += _run_rows(run, {}, confidence, config=name, kind="baseline", seed="")
    rows += _random_rows(resampling)
    table = pd.DataFrame(rows)
    if resampling.experiment.has_decisions:
        return table
    of_decisions = [name for name, metric in METRICS.items() if metric.needs == "decisions"]
    return table[~table["metric"].isin(of_decisions)].reset_index(drop=True)


def evaluate_levels(run: PooledRun) -> dict[tuple[str, str], float]:
    """Compute every metric per track, and per window at the customary cut: 0.5, or the best.

    Parameters
    ----------
    run : PooledRun
        With or without windows.

    Returns
    -------
    dict of (level, metric) to float
        Without windows there are no values of that level.
    """
    values = {
        ("track", name): value
        for name, value in evaluate(run.y_true, run.y_score, run.decisions, task=run.task).items()
    }
    if len(run.window_track):
        truth = run.y_true[run.window_track]
        cut = WINDOW_THRESHOLD if run.task == "multilabel" else 0.0
        decisions = decide(run.window_score, np.full(len(run.genres), cut), task=run.task)
        windows = evaluate(truth, run.window_score, decisions, task=run.task)
        values |= {("window", name): value for name, value in windows.items()}
    return values


def _level_metric(measure: str) -> tuple[str, str]:
    """Where a resampled number stands in the table of scores."""
    return ("window", WEIGHTED_F1.name) if measure == WINDOW_F1.name else ("track", measure)


def _run_rows(
    run: PooledRun, measured: Mapping[str, Replicated], confidence: float, **labels: str
) -> list[dict[str, Any]]:
    intervals = {
        _level_metric(name): cluster_interval(
            found.replicates, found.value, found.jackknife, confidence=confidence
        )
        for name, found in measured.items()
    }
    rows = []
    for (level, metric), value in evaluate_levels(run).items():
        row = {**labels, "level": level, "metric": metric, "value": value}
        interval = intervals.get((level, metric))
        if interval is not None:
            row |= {"ci_low": interval.low, "ci_high": interval.high, "ci_method": interval.method}
        rows.append(row)
    return rows


def _mean_rows(
    name: str, rows: Sequence[dict[str, Any]], replicates: Replicates, resampling: Resampling
) -> list[dict[str, Any]]:
    own = [row for row in rows if row["config"] == name]
    intervals = {
        _level_metric(measure): estimate({name: 1.0}, {name: by[name]}, resampling.config).interval
        for measure, by in replicates.items()
    }
    means = []
    for level, metric in dict.fromkeys((row["level"], row["metric"]) for row in own):
        same = [row["value"] for row in own if (row["level"], row["metric"]) == (level, metric)]
        row = {"config": name, "kind": "model", "seed": "mean", "level": level, "metric": metric}
        row["value"] = float(np.mean(same))
        interval = intervals.get((level, metric))
        if interval is not None:
            # A t interval knows no bounds; every number of this table lies in [0, 1].
            row |= {"ci_low": max(interval.low, 0.0), "ci_high": min(interval.high, 1.0)}
            row["ci_method"] = interval.method
        means.append(row)
    return means


def _constant_runs(resampling: Resampling) -> Iterator[tuple[str, PooledRun]]:
    run = resampling.experiment.any_run
    constant = [majority_genre(run.train_prior)]
    if run.task == "multilabel":
        constant.insert(0, all_positive(run.train_prior))
    for baseline in constant:
        yield baseline.name, _as_run(baseline, run)


def _as_run(baseline: Baseline, run: PooledRun) -> PooledRun:
    return replace(
        run,
        y_score=baseline.y_score,
        decisions=baseline.decisions,
        # A window is answered like its track, so 0.5 gives the same decision.
        window_score=baseline.decisions[run.window_track].astype(np.float64),
    )


def _random_rows(resampling: Resampling) -> list[dict[str, Any]]:
    """Average many draws: a single one would be chance upon chance."""
    rng = np.random.default_rng([resampling.config.rng_seed, 2])
    run = resampling.experiment.any_run
    draw_one = random_at_prior if run.task == "multilabel" else random_class
    draws = [draw_one(run.train_prior, rng) for _ in range(N_RANDOM_DRAWS)]
    values = [evaluate_levels(_as_run(draw, run)) for draw in draws]
    return [
        {
            "config": draws[0].name,
            "kind": "baseline",
            "seed": "",
            "level": level,
            "metric": metric,
            "value": float(np.mean([draw[level, metric] for draw in values])),
        }
        for level, metric in values[0]
    ]
