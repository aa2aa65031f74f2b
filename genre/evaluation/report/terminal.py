"""The compact summary for a terminal."""

import textwrap

import pandas as pd

from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import ExperimentFolder
from genre.evaluation.metrics import title_of
from genre.evaluation.report.cautions import Caution, Weight, cautions
from genre.evaluation.report.markdown import number, p_text, signed, span
from genre.evaluation.report.plain import plain_answer
from genre.wording import aligned

_WIDTH = 100


def summary_text(comparison: Comparison) -> str:
    """Write scores, contrasts and the gravest cautions, and where the report lies.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    str
        Several lines without a newline at the end.
    """
    paragraphs = plain_answer(comparison).split("\n\n")
    parts = [
        *(
            textwrap.fill(one, _WIDTH, break_long_words=False, break_on_hyphens=False)
            for one in paragraphs
        ),
        _scores(comparison),
    ]
    table = comparison.contrasts
    for family, heading in (
        ("planned", "planned contrasts"),
        ("pairs", "all pairs"),
        ("baseline", "network and baseline"),
    ):
        rows = table[table["family"] == family]
        if len(rows):
            parts.append(f"{heading}, {_scope(rows, comparison)}:\n{_contrasts(rows)}")
    parts.append("\n".join(f"note: {one.text}" for one in _gravest(comparison)))
    parts.append(where_it_is(comparison))
    return "\n\n".join(part for part in parts if part)


def where_it_is(comparison: Comparison) -> str:
    """Write in one line where the report lies, for a browser and for an editor.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    """
    folder = ExperimentFolder(comparison.experiment.folder)
    return f"report: {folder.page} and {folder.report}"


def _scores(comparison: Comparison) -> str:
    scores = comparison.scores
    shown = scores[(scores["level"] == "track") & scores["seed"].isin(["mean", ""])]
    rows = []
    for name in dict.fromkeys(shown["config"]):
        own = shown[shown["config"] == name].set_index("metric")
        cells = [str(name)]
        for metric in comparison.primary_metrics:
            row = own.loc[metric]
            cells += [number(row["value"]), span(row["ci_low"], row["ci_high"])]
        rows.append(cells)
    percent = f"{comparison.config.confidence:.0%}".replace("%", " %")
    header = ["per track, genres of all levels" if len(comparison.levels) else "per track"]
    for metric in comparison.primary_metrics:
        header += [title_of(metric), percent]
    return "\n".join(aligned([header, *rows]))


def _contrasts(rows: pd.DataFrame) -> str:
    header = ["A - B", "metric", "difference", "interval", "p", "p Holm"]
    cells = [
        [
            row["contrast"],
            title_of(row["metric"]),
            signed(row["delta"]),
            span(row["ci_low"], row["ci_high"], with_sign=True),
            p_text(row["p_raw"]),
            p_text(row["p_holm"]),
        ]
        for row in rows.to_dict("records")
    ]
    return "\n".join(aligned([header, *cells]))


def _scope(rows: pd.DataFrame, comparison: Comparison) -> str:
    n_seeds = int(rows["n_seeds"].min())
    units = f"{comparison.n_clusters} test {comparison.unit}s"
    if n_seeds < 2:
        return f"checkpoint comparison (one seed), {units}"
    return f"{n_seeds} seeds, {units}"


def _gravest(comparison: Comparison) -> list[Caution]:
    """Select the cautions that are not light, the gravest first."""
    grave = [one for one in cautions(comparison) if one.weight > Weight.LIGHT]
    return sorted(grave, key=lambda one: -one.weight)
