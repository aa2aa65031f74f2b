"""Compare an experiment and write everything beside its runs."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from genre.atomic import write_text
from genre.config import to_mapping
from genre.evaluation.comparison import analyse
from genre.evaluation.comparison.genres import confusions
from genre.evaluation.comparison.results import Comparison, ComparisonConfig
from genre.evaluation.inputs import ExperimentFolder, load_experiment
from genre.evaluation.report.document import markdown_report
from genre.evaluation.report.page import report_page
from genre.evaluation.report.pictures import draw_pictures


def compare_experiment(
    folder: Path, config: ComparisonConfig | None = None, *, out: Path | None = None
) -> Comparison:
    """Compare the finished runs of an experiment and write tables, pictures and the report.

    Parameters
    ----------
    folder : Path
        The experiment, such as ``results/demo``.
    config : ComparisonConfig, optional
        How to compare.
    out : Path, optional
        Where to write; by default beside the runs.

    Raises
    ------
    GenreError
        When there is nothing to compare, or a file is broken; the message names it.
    """
    experiment = load_experiment(folder)
    if out is not None:
        experiment = replace(experiment, folder=out)
    comparison = analyse(experiment, config or ComparisonConfig())
    write_comparison(comparison)
    return comparison


def write_comparison(comparison: Comparison) -> None:
    """Write what was found into the folder of the experiment.

    The files are comparison.csv and .json, scores.csv, per_class.csv, per_class_contrasts.csv,
    confusion.csv, levels.csv where there is a tree of genres, ``pictures/*.png``, and last
    REPORT.md, which refers to all of them, and report.html, which holds the same text and pictures
    on one page.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    """
    folder = ExperimentFolder(comparison.experiment.folder)
    for name, table in (
        ("comparison", comparison.contrasts),
        ("scores", comparison.scores),
        ("per_class", comparison.per_class),
        ("per_class_contrasts", comparison.per_class_contrasts),
        ("confusion", confusions(comparison.experiment)),
    ):
        write_text(folder.table(name), table.to_csv(index=False))
    if len(comparison.levels):
        write_text(folder.table("levels"), comparison.levels.to_csv(index=False))
    else:
        folder.table("levels").unlink(missing_ok=True)  # of an earlier tree
    content = json.dumps(_as_json(comparison), indent=1, allow_nan=False)
    write_text(folder.comparison, content + "\n")
    pictures = draw_pictures(comparison, folder.pictures)
    markdown = markdown_report(comparison, pictures)
    write_text(folder.report, markdown)
    write_text(folder.page, report_page(markdown, folder.path))


def _as_json(comparison: Comparison) -> dict[str, Any]:
    experiment = comparison.experiment
    primary = comparison.scores["metric"].isin(comparison.primary_metrics)
    return {
        "config": to_mapping(comparison.config),
        "n_test_tracks": len(experiment.any_run.track_id),
        "n_test_artists": comparison.n_clusters,
        "unit": comparison.unit,
        "notes": list(experiment.notes),
        "few_clusters": comparison.few_clusters,
        "genres": list(experiment.any_run.genres),
        "seeds": {name: list(by_seed) for name, by_seed in experiment.runs.items()},
        "levels": _records(comparison.levels),
        "unfinished": list(experiment.unfinished),
        "contrasts": _records(comparison.contrasts),
        "scores": _records(comparison.scores[primary]),
        "legacy_ttest": "invalid: p depends on B",
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Turn rows into plain values; what is not a finite number becomes null."""
    return [
        {str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")
    ]


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
