"""REPORT.md: the answer first, then the tables and how they came about."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import ExperimentFolder
from genre.evaluation.metrics import METRICS, title_of
from genre.evaluation.report.answer import answer, is_chosen
from genre.evaluation.report.background import (
    data_section,
    runs_section,
    settings_section,
)
from genre.evaluation.report.cautions import cautions
from genre.evaluation.report.corrected import corrected_section
from genre.evaluation.report.genre_tables import genres_section, levels_section, mistakes_section
from genre.evaluation.report.markdown import (
    bullets,
    number,
    p_text,
    plain,
    signed,
    span,
    table,
    tiny_p_text,
)
from genre.evaluation.report.method import method_section
from genre.evaluation.report.pictures import caption_of, in_front
from genre.evaluation.report.track_tables import tracks_section
from genre.evaluation.report.trust import trust_section
from genre.tasks import Task


def markdown_report(comparison: Comparison, pictures: Mapping[str, Path]) -> str:
    """Write the report.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    pictures : mapping of str to Path
        From `draw_pictures`.

    Returns
    -------
    str
        Markdown, with a newline at the end.
    """
    folder = comparison.experiment.folder
    first, *numbers = answer(comparison)
    what = "Comparison of" if len(comparison.experiment.runs) > 1 else "Report of"
    parts = [f"# {what} {plain(folder.resolve().name)}", "## The answer", first]
    parts += _picture(comparison, pictures, in_front(pictures))
    parts += ["## In numbers", bullets(numbers)]
    parts += ["## What may not be concluded", bullets(one.text for one in cautions(comparison))]
    parts += _scores_section(comparison)
    densities = [f"densities_{metric}" for metric in comparison.primary_metrics]
    parts += _picture(comparison, pictures, *densities)
    parts += _contrasts_section(comparison, pictures)
    parts += corrected_section(comparison)
    parts += genres_section(comparison)
    parts += _picture(comparison, pictures, "per_class_ap", "per_genre_scores")
    parts += levels_section(comparison)
    parts += mistakes_section(comparison)
    parts += _picture(comparison, pictures, "confusion")
    parts += _picture(comparison, pictures, "precision_recall")
    parts += tracks_section(comparison)
    parts += trust_section(comparison)
    parts += _picture(comparison, pictures, "calibration", "reliability", "coverage")
    parts += runs_section(comparison, _picture(comparison, pictures, "grid_curves"))
    parts += data_section(comparison)
    parts += method_section(comparison)
    parts += settings_section(comparison)
    return "\n\n".join(part for part in parts if part) + "\n"


def _picture(comparison: Comparison, pictures: Mapping[str, Path], *names: str) -> list[str]:
    folder = ExperimentFolder(comparison.experiment.folder).pictures.name
    return [
        f"![{caption_of(name, unit=comparison.unit)}]({folder}/{name}.png)"
        for name in names
        if name in pictures
    ]


def _scores_section(comparison: Comparison) -> list[str]:
    unit = comparison.unit
    is_exclusive = comparison.experiment.task == "exclusive"
    decided = ["Thresholds from validation"] * is_chosen(comparison)
    if is_exclusive:
        decided = ["The best genre is the answer"]
    n_seeds = [len(by_seed) for by_seed in comparison.experiment.runs.values()]
    means = ["mean over seeds"] * (max(n_seeds) > 1)
    words = "; ".join([*decided, *means, f"intervals over {unit}s{_and_seeds(n_seeds)}"])
    parts = [
        "## Scores per track",
        (
            f"{words[0].upper()}{words[1:]}. Lower is better for "
            f"{_lower_is_better(comparison.experiment.task)}."
        ),
        _score_table(comparison.scores, "track"),
    ]
    if not len(comparison.experiment.any_run.window_track):
        return parts
    return [
        *parts,
        "## Scores per window",
        (
            "As models are often judged: every window by itself, not calibrated"
            f"{'' if is_exclusive else ', at the fixed threshold of 0.5'}. The support "
            "vector machine sees a track as one window."
        ),
        _score_table(comparison.scores, "window"),
    ]


def _and_seeds(n_seeds: Sequence[int]) -> str:
    if max(n_seeds) < 2:
        return ""
    return " and seeds" if min(n_seeds) > 1 else " (and seeds, where there are several)"


def _lower_is_better(task: Task) -> str:
    *others, last = [
        metric.title
        for metric in METRICS.values()
        if metric.is_shown and not metric.higher_is_better and task in metric.tasks
    ]
    return f"{', '.join(others)} and {last}" if others else last


def _score_table(scores: pd.DataFrame, level: str) -> str:
    shown = scores[(scores["level"] == level) & scores["seed"].isin(["mean", ""])]
    known = set(shown["metric"])
    metrics = [name for name, metric in METRICS.items() if metric.is_shown and name in known]
    rows = []
    for name in dict.fromkeys(shown["config"]):
        own = shown[shown["config"] == name].set_index("metric")
        cells = [f"{name} (baseline)" if own["kind"].iloc[0] == "baseline" else str(name)]
        for metric in metrics:
            row = own.loc[metric]
            interval = span(row["ci_low"], row["ci_high"])
            value = number(row["value"])
            cells.append(value if interval == "-" else f"{value} ({interval})")
        rows.append(cells)
    return table(["model", *map(title_of, metrics)], rows)


def _contrasts_section(comparison: Comparison, pictures: Mapping[str, Path]) -> list[str]:
    contrasts = comparison.contrasts
    if contrasts.empty:
        return []
    parts = []
    for family, heading, words in (
        ("planned", "## Planned contrasts", "Asked for before any result was seen."),
        ("pairs", "## All pairs", "A family of its own."),
        (
            "baseline",
            "## Network and baseline",
            "The best of each kind on validation, in the figure they were chosen by: one test.",
        ),
    ):
        rows = contrasts[contrasts["family"] == family]
        if len(rows):
            resampled = f"{words} {comparison.unit.capitalize()}s are resampled."
            parts += [heading, resampled, _contrast_table(rows)]
            if f"forest_{family}" != in_front(pictures):
                parts += _picture(comparison, pictures, f"forest_{family}")
    rows = contrasts[contrasts["family"] == "windows"]
    if len(rows):
        parts += [
            "## The customary test",
            (
                "Models are often compared like this: windows count as if each were a piece of its "
                "own, one training of each model (here the lowest seed) decides at 0.5, and a "
                "paired t-test is made over bootstrap replicates (legacy_ttest, **invalid: p "
                "depends on B**, the number of replicates, which anybody may choose). Beside it "
                "stands what resampling the "
                f"{comparison.unit}s says of the same number."
            ),
            _legacy_table(rows, comparison.unit),
            *_picture(comparison, pictures, "legacy_p"),
        ]
    return parts


def _contrast_table(rows: pd.DataFrame) -> str:
    header = ["A - B", "metric", "A", "B", "difference", "interval", "p", "p Holm"]
    header += ["P(A > B) over seeds", "within equivalence", "detectable"]
    return table(
        header,
        [
            [
                row["contrast"],
                title_of(row["metric"]),
                number(row["mean_A"]),
                number(row["mean_B"]),
                signed(row["delta"]),
                f"{span(row['ci_low'], row['ci_high'], with_sign=True)} ({row['ci_method']})",
                p_text(row["p_raw"]),
                p_text(row["p_holm"]),
                number(row["p_A_beats_B"], digits=2),
                f"{row['share_in_rope']:.0%}",
                number(row["detectable"]),
            ]
            for row in rows.to_dict("records")
        ],
    )


def _legacy_table(rows: pd.DataFrame, unit: str) -> str:
    return table(
        ["A - B", "difference", f"interval over {unit}s", "p Holm", "legacy t", "legacy p"],
        [
            [
                row["contrast"],
                signed(row["delta"]),
                span(row["ci_low"], row["ci_high"], with_sign=True),
                p_text(row["p_holm"]),
                f"{row['legacy_t']:.1f}",
                tiny_p_text(row["legacy_p"]),
            ]
            for row in rows.to_dict("records")
        ],
    )
