"""The compact summary for a terminal."""

import pandas as pd

from genre.evaluation.report.answer import METRIC_NAMES, cautions, chosen_on_validation
from genre.evaluation.report.markdown import aligned, number, p_text, signed, span
from genre.evaluation.results import Comparison


def summary_text(comparison: Comparison) -> str:
    """Write scores, contrasts and the gravest cautions, and where the report lies.

    Returns
    -------
    str
        Several lines without a newline at the end.
    """
    parts = [_scores(comparison)]
    table = comparison.contrasts
    for family, heading in (("planned", "planned contrasts"), ("pairs", "all pairs")):
        rows = table[table["family"] == family]
        if len(rows):
            parts.append(f"{heading}, {_scope(rows)}:\n{_contrasts(rows)}")
    parts.append("\n".join(f"note: {line}" for line in _gravest(comparison)))
    parts.append(f"best on validation: {chosen_on_validation(comparison)}")
    parts.append(f"report: {comparison.experiment.folder / 'REPORT.md'}")
    return "\n\n".join(part for part in parts if part)


def _scores(comparison: Comparison) -> str:
    scores = comparison.scores
    shown = scores[(scores["level"] == "track") & scores["seed"].isin(["mean", ""])]
    rows = []
    for name in dict.fromkeys(shown["config"]):
        own = shown[shown["config"] == name].set_index("metric")
        macro, weighted = own.loc["macro_ap"], own.loc["weighted_f1"]
        rows.append(
            [
                str(name),
                number(macro["value"]),
                span(macro["ci_low"], macro["ci_high"]),
                number(weighted["value"]),
                span(weighted["ci_low"], weighted["ci_high"]),
            ]
        )
    header = ["per track", "macro AP", "95 %", "weighted F1", "95 %"]
    percent = f"{comparison.config.confidence:.0%}".replace("%", " %")
    return aligned([percent if cell == "95 %" else cell for cell in header], rows)


def _contrasts(rows: pd.DataFrame) -> str:
    return aligned(
        ["A - B", "metric", "difference", "interval", "p", "p Holm"],
        [
            [
                row["contrast"],
                METRIC_NAMES[row["metric"]],
                signed(row["delta"]),
                span(row["ci_low"], row["ci_high"], with_sign=True),
                p_text(row["p_raw"]),
                p_text(row["p_holm"]),
            ]
            for row in rows.to_dict("records")
        ],
    )


def _scope(rows: pd.DataFrame) -> str:
    n_seeds, n_units = int(rows["n_seeds"].min()), int(rows["n_units"].iloc[0])
    if n_seeds < 2:
        return f"checkpoint comparison (one seed), {n_units} test artists"
    return f"{n_seeds} seeds, {n_units} test artists"


def _gravest(comparison: Comparison) -> list[str]:
    grave = ("Checkpoint", "few_clusters", "Split by track", "Not finished")
    lines = [line for line in cautions(comparison) if line.startswith(grave)]
    without = [line for line in cautions(comparison) if "have no test track" in line]
    return lines + without
