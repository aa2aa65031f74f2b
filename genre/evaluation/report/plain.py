"""The answer in two sentences that need no statistics to be understood."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from genre.evaluation.bootstrap import MIN_CLUSTERS
from genre.evaluation.comparison.contrasts import MAIN_EFFECTS, Contrast, Kind
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.metrics import METRICS

ALPHA = 0.05
SMALLEST = 0.001
"""A tenth of a point, which is as finely as points are written."""
EFFECTS = {
    Kind.ATTENTION: ("Attention helped", "Attention did harm"),
    Kind.LOSS: ("The focal loss did better than bce", "The bce loss did better than focal"),
    Kind.INTERACTION: (
        "Attention helps more under the focal loss than under bce",
        "Attention helps less under the focal loss than under bce",
    ),
}
"""What each kind of contrast has found when A is above B, and when it is below."""


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
    if table.empty:
        return table
    family = "planned" if "planned" in set(table["family"]) else "pairs"
    return table[table["family"] == family]


def plain_answer(comparison: Comparison) -> str:
    """Write what was found, and what this test can see.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    str
        Two sentences; points are hundredths, so that 0.041 of F1 is 4.1 points.
    """
    asked = asked_contrasts(comparison)
    if asked.empty:
        return (
            "Only one configuration is finished, so there is nothing to compare. Its scores are "
            "below."
        )
    if comparison.few_clusters:
        return (
            "Which model is better cannot be said from this test. It has "
            f"{count_units(comparison)}; with fewer than {MIN_CLUSTERS} any difference may be luck."
        )
    if not comparison.experiment.any_run.y_true.any():
        return "Nothing can be compared. No genre of the truth has a test track."
    shown = asked[asked["p_holm"] < ALPHA]
    if not shown.empty:
        best = _to_tell(shown, comparison)
        row, contrast = asked.loc[best].to_dict(), comparison.asked[best]
        n_others = len({comparison.asked[index] for index in shown.index}) - 1
        return f"{_found(contrast, row, n_others)} {_limit(row, comparison)}"
    rows = asked[asked["metric"] == comparison.primary_metrics[-1]]
    largest = _to_tell(rows, comparison)
    row, contrast = rows.loc[largest].to_dict(), comparison.asked[largest]
    return f"{_undecided(contrast, rows, row)} {_limit(row, comparison)}"


def _to_tell(rows: pd.DataFrame, comparison: Comparison) -> int:
    """Choose the row to speak of: the largest difference, in F1 where there is one."""
    metric = comparison.primary_metrics[-1]

    def _rank(index: int) -> tuple[bool, bool, float]:
        # A difference of differences is twice as wide: beside the others it would always seem the
        # largest. The same contrast may be shown by both metrics: F1 is the one people know.
        row = rows.loc[index].to_dict()
        return comparison.asked[index].is_interaction, row["metric"] != metric, -abs(row["delta"])

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


def points(value: float) -> str:
    """Write a difference in points: 0.041 is ``4.1``.

    Parameters
    ----------
    value : float
        A difference of either sign; it is written without.
    """
    return f"{100 * abs(value):.1f}"


def _found(contrast: Contrast, row: Mapping[Any, Any], n_others: int) -> str:
    size = f"by {points(row['delta'])} points of {METRICS[row['metric']].points_of}"
    words = _winner(contrast, is_up=row["delta"] > 0)
    more = f" ({n_others} more in the list below)" if n_others else ""
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
    named = "largest difference"
    if contrast.kind in MAIN_EFFECTS:
        # A single pair may differ more; this is what was asked for.
        whose = "attention" if contrast.kind is Kind.ATTENTION else "the loss"
        named = f"larger effect, that of {whose}" if len(rows) > 1 else f"effect of {whose}"
    return f"Nothing is decided: the {named}, {size}, may be luck."


def _limit(row: Mapping[Any, Any], comparison: Comparison) -> str:
    if row["delta"] == 0 and row["detectable"] == 0:
        return f"They agree on each of {count_units(comparison)}."
    size = points(max(row["detectable"], SMALLEST))
    return (
        f"With {count_units(comparison)}, a single test finds a true difference of {size} points "
        "four times in five, and a smaller one less often."
    )
