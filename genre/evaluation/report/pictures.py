"""The pictures of a report."""

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from genre.evaluation.calibration import coverage_precision
from genre.evaluation.comparison.contrasts import Kind
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import PooledRun
from genre.evaluation.metrics import title_of
from genre.evaluation.plots import (
    plot_bootstrap_densities,
    plot_calibration,
    plot_confusion,
    plot_coverage,
    plot_dumbbell,
    plot_forest,
    plot_grid_curves,
    plot_legacy_p,
    plot_per_genre_scores,
    plot_precision_recall,
    plot_reliability,
    save_figure,
)
from genre.evaluation.report.answer import chosen_on_validation
from genre.evaluation.report.trust import as_asked, calibration_of

CAPTIONS: dict[str, str] = {
    "forest_planned": "Planned contrasts, with intervals",
    "forest_pairs": "All pairs, with intervals",
    "legacy_p": "The customary test's p-value falls as replicates are added",
    "per_class_ap": "Average precision of each genre, mean over seeds",
    "precision_recall": "Precision and recall of each genre, lowest seed",
    "reliability": "Scores against the share that is right, lowest seed",
    "calibration": "Before and after calibration: the configuration chosen on validation, "
    "lowest seed",
    "coverage": "What more caution gains: precision against coverage, lowest seed",
    "per_genre_scores": "Each genre under the configuration chosen on validation, lowest seed, "
    "with intervals over {unit}s",
    "confusion": "Which genres the tracks of each genre are given by the configuration chosen on "
    "validation, lowest seed: how many, and their share of the row",
    "grid_curves": "Every training, epoch by epoch",
}
"""By name; ``unit`` is what is resampled."""


def caption_of(name: str, *, unit: str) -> str:
    """Return the words under a picture.

    Parameters
    ----------
    name : str
        A key of `CAPTIONS`, or ``densities_`` and a primary metric.
    unit : str
        What is resampled: artist or track.
    """
    if name.startswith("densities_"):
        metric = title_of(name.removeprefix("densities_"))
        return f"Bootstrap distribution of {metric} over {unit}s"
    return CAPTIONS[name].format(unit=unit)


def in_front(names: Collection[str]) -> str:
    """Choose the picture that stands beside the answer: of the family that was asked.

    Parameters
    ----------
    names : collection of str
        Which pictures there are.
    """
    return "forest_planned" if "forest_planned" in names else "forest_pairs"


def draw_pictures(comparison: Comparison, folder: Path) -> dict[str, Path]:
    """Draw every picture that the data allow.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    folder : Path
        Where the PNG files go.

    Returns
    -------
    dict of str to Path
        By name; `caption_of` has the words for each.
    """
    return {
        name: save_figure(figure, folder / f"{name}.png") for name, figure in _figures(comparison)
    }


def _figures(comparison: Comparison) -> Iterator[tuple[str, Figure]]:
    table = comparison.contrasts
    for family in ("planned", "pairs"):
        rows = table[table["family"] == family]
        if len(rows):
            yield f"forest_{family}", plot_forest(rows, rope=comparison.config.rope)
    names = sorted(comparison.experiment.runs, reverse=True)
    has_classes = bool(comparison.experiment.any_run.y_true.any())
    for metric in comparison.primary_metrics:
        # A density by itself shows no more than its interval.
        if len(names) < 2 or (metric == "macro_ap" and not has_classes):
            continue
        yield (
            f"densities_{metric}",
            plot_bootstrap_densities(
                {name: comparison.replicates[name, metric] for name in names},
                {name: comparison.seed_values[name, metric] for name in names},
                metric=metric,
            ),
        )
    if len(comparison.legacy_curve):
        yield "legacy_p", plot_legacy_p(_few_lines(comparison))
    histories = {
        recorded.place.name: recorded.folder.read_history()
        for recorded in comparison.experiment.records
    }
    known = {name: history for name, history in histories.items() if history is not None}
    if known:
        yield "grid_curves", plot_grid_curves(known)
    yield from _genre_figures(comparison, names)


def _genre_figures(comparison: Comparison, names: list[str]) -> Iterator[tuple[str, Figure]]:
    runs = comparison.experiment.runs
    first: dict[str, PooledRun] = {name: runs[name][min(runs[name])] for name in names}
    common = comparison.experiment.any_run
    written = [comparison.experiment.called(genre) for genre in common.genres]
    scores = {name: run.y_score for name, run in first.items()}
    if common.y_true.any():
        means = comparison.per_class.groupby(["config", "genre"])["ap"].mean()
        columns = {
            name: np.array([means[name, genre] for genre in common.genres]) for name in names
        }
        if len(names) > 1 or not comparison.experiment.has_decisions:
            yield "per_class_ap", plot_dumbbell(written, columns, metric="Average precision")
        yield "precision_recall", plot_precision_recall(common.y_true, scores, written)
    best = chosen_on_validation(comparison)
    before = first[best].uncalibrated
    if len(names) > 1 or before is None:  # else the picture of calibration has the same line
        yield "reliability", plot_reliability(common.y_true, scores)
    if before is not None:
        temperature = calibration_of(first[best]).temperature
        yield (
            "calibration",
            plot_calibration(common.y_true, before, scores[best], temperature=temperature),
        )
    if not comparison.experiment.has_decisions:
        return
    curves = {
        name: coverage_precision(asked.y_true, asked.y_score, asked.thresholds)
        for name, asked in ((name, as_asked(run)) for name, run in first.items())
    }
    yield "coverage", plot_coverage(curves, task=common.task)
    table = comparison.per_class
    rows = table[(table["config"] == best) & (table["seed"] == min(runs[best]))]
    rows = rows.assign(genre=rows["genre"].map(comparison.experiment.called))
    yield "per_genre_scores", plot_per_genre_scores(rows, title=best)
    yield (
        "confusion",
        plot_confusion(common.y_true, first[best].decisions, written),
    )


def _few_lines(comparison: Comparison) -> pd.DataFrame:
    """Keep the planned contrasts, which come first, or else up to six pairs."""
    curve = comparison.legacy_curve
    names = list(dict.fromkeys(curve["contrast"]))
    planned = {one.name for one in comparison.asked if one.kind not in (Kind.PAIR, Kind.BASELINE)}
    return curve[curve["contrast"].isin(planned or set(names[:6]))]
