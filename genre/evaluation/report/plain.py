"""The answer in a few sentences that need no statistics to be understood."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from genre.evaluation.bootstrap import MIN_CLUSTERS
from genre.evaluation.comparison.contrasts import Contrast, Kind
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.metrics import METRICS
from genre.evaluation.report.leader import ALPHA, leading, points

SMALLEST = 0.001
"""A tenth of a point, which is as finely as points are written."""
EFFECTS = {
    Kind.ATTENTION: ("Attention helped", "Attention did harm"),
    Kind.LOSS: ("The focal loss did better than bce", "The bce loss did better than focal"),
}
"""What each kind of main effect has found when A is above B, and when it is below."""


def asked_contrasts(comparison: Comparison) -> pd.DataFrame:
    """Select the family that answers the question: the planned contrasts, or else the pairs.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    DataFrame
        Rows of `Comparison.contrasts` with their index, by which `Comparison.asked` has what each
        asks.
    """
    table = comparison.contrasts
    family = "planned" if "planned" in set(table["family"]) else "pairs"
    rows = table[table["family"] == family]
    return rows[[not comparison.asked[index].is_interaction for index in rows.index]]


def plain_answer(comparison: Comparison) -> str:
    """Write what is chosen, and what was found between the configurations.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    str
        Two paragraphs, or the first alone where there is one configuration; points are
        hundredths, so that 0.041 of F1 is 4.1 points.
    """
    return "\n\n".join(part for part in (leading(comparison), _between(comparison)) if part)


def _between(comparison: Comparison) -> str:
    """Write what was found between configurations, and what this test can see."""
    asked = asked_contrasts(comparison)
    if asked.empty or not comparison.experiment.any_run.y_true.any():
        return ""
    if comparison.few_clusters:
        return (
            "Which configuration is better cannot be said from this test. It has "
            f"{count_units(comparison)}; with fewer than {MIN_CLUSTERS} any difference may be luck."
        )
    table = comparison.contrasts
    pairs = table[table["family"] == "pairs"]
    for rows in (asked, pairs):
        shown = rows[rows["p_holm"] < ALPHA]
        if not shown.empty:
            best = _to_tell(shown, comparison)
            row, contrast = shown.loc[best].to_dict(), comparison.asked[best]
            n_others = len({comparison.asked[index] for index in shown.index}) - 1
            return f"{_found(contrast, row, n_others)} {_limit(row, comparison)}"
    rows = pairs[pairs["metric"] == comparison.primary_metrics[-1]]
    largest = _to_tell(rows, comparison)
    row, contrast = rows.loc[largest].to_dict(), comparison.asked[largest]
    return f"{_undecided(contrast, rows, row)} {_limit(row, comparison)}"


def _to_tell(rows: pd.DataFrame, comparison: Comparison) -> int:
    """Choose the row to speak of: the largest difference, in F1 where there is one."""
    metric = comparison.primary_metrics[-1]

    def _rank(index: int) -> tuple[bool, float]:
        # The same contrast may be shown by both metrics: F1 is the one people know.
        row = rows.loc[index].to_dict()
        return row["metric"] != metric, -abs(row["delta"])

    return min((int(index) for index in rows.index), key=_rank)


def count_units(comparison: Comparison) -> str:
    """Write how many artists (or tracks) the test set has: ``1 artist``, ``31 artists``.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    """
    n_units = comparison.n_clusters
    return f"{n_units} {comparison.unit}{'' if n_units == 1 else 's'}"


def _found(contrast: Contrast, row: Mapping[Any, Any], n_others: int) -> str:
    size = f"by {points(row['delta'])} points of {METRICS[row['metric']].points_of}"
    words = _winner(contrast, is_up=row["delta"] > 0)
    more = f" ({n_others} more in the tables below)" if n_others else ""
    if row["claim_scope"] == "checkpoint":
        return (
            f"{words} {size}{more}, but each was trained once, so the next training could turn "
            "that round."
        )
    return f"{words} {size}{more}."


def _winner(contrast: Contrast, *, is_up: bool) -> str:
    if contrast.kind in EFFECTS:
        return EFFECTS[contrast.kind][0 if is_up else 1]
    (a,), (b,) = contrast.side_a, contrast.side_b
    return f"{a} did better than {b}" if is_up else f"{b} did better than {a}"


def _undecided(contrast: Contrast, rows: pd.DataFrame, row: Mapping[Any, Any]) -> str:
    what = METRICS[row["metric"]].points_of
    widest = float(np.max(np.abs(rows[["ci_low", "ci_high"]].to_numpy(dtype=np.float64))))
    if widest <= row["rope"] and row["claim_scope"] == "configuration":
        return (
            f"For all practical purposes they are equal: within {points(widest)} points of {what}."
        )
    if row["delta"] == 0:
        return f"No difference was found: they score the same {what}."
    size = f"{points(row['delta'])} points of {what}"
    return (
        f"Nothing is decided between configurations: {_winner(contrast, is_up=row['delta'] > 0)} "
        f"by {size}{_of_how_many(rows)}, which may be luck."
    )


def _of_how_many(rows: pd.DataFrame) -> str:
    return f", the largest difference of {len(rows)} pairs" if len(rows) > 1 else ""


def _limit(row: Mapping[Any, Any], comparison: Comparison) -> str:
    if row["delta"] == 0 and row["detectable"] == 0:
        return f"They agree on each of {count_units(comparison)}."
    size = points(max(row["detectable"], SMALLEST))
    return (
        f"With {count_units(comparison)}, a single test finds a true difference of {size} points "
        "four times in five, and a smaller one less often."
    )
