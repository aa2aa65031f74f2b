"""The answer in two sentences that need no statistics to be understood."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from genre.evaluation.bootstrap import MIN_CLUSTERS
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.metrics import METRICS

ALPHA = 0.05
SMALLEST = 0.001
"""A tenth of a point, which is as finely as points are written."""
EFFECTS = {
    "attention: on - off": ("Attention helped", "Attention did harm"),
    "loss: focal - bce": (
        "The focal loss did better than bce",
        "The bce loss did better than focal",
    ),
}


def asked_contrasts(comparison: Comparison) -> pd.DataFrame:
    """Give the family that answers the question: the planned contrasts, or else the pairs."""
    table = comparison.contrasts
    if table.empty:
        return table
    family = "planned" if "planned" in set(table["family"]) else "pairs"
    return table[table["family"] == family]


def plain_answer(comparison: Comparison) -> str:
    """Say what was found, and what this test can see.

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
    metric = comparison.primary_metrics[-1]
    rows = asked[asked["metric"] == metric]
    if not comparison.experiment.any_run.y_true.any():
        return "Nothing can be compared. No genre of the truth has a test track."
    shown = asked[asked["p_holm"] < ALPHA]
    if not shown.empty:
        # The same contrast may be shown by both metrics: F1 is the one people know.
        best = shown.assign(
            order=(shown["metric"] != metric) * 10.0 - shown["delta"].abs()
        ).sort_values("order")
        row = best.iloc[0].to_dict()
        others = shown["contrast"].nunique() - 1
        return f"{_found(row, others)} {_limit(row, comparison)}"
    row = rows.iloc[int(np.argmax(np.abs(rows["delta"].to_numpy(dtype=np.float64))))].to_dict()
    return f"{_undecided(rows, row)} {_limit(row, comparison)}"


def count_units(comparison: Comparison) -> str:
    """Write how many artists (or tracks) the test set has: ``1 artist``, ``31 artists``."""
    n_units = comparison.n_clusters
    return f"{n_units} {comparison.unit}{'' if n_units == 1 else 's'}"


def points(value: float) -> str:
    """Write a difference in points: 0.041 is ``4.1``."""
    return f"{100 * abs(value):.1f}"


def _found(row: Mapping[Any, Any], n_others: int) -> str:
    size = f"by {points(row['delta'])} points of {METRICS[row['metric']].points_of}"
    words = _winner(row)
    more = f" ({n_others} more in the list below)" if n_others else ""
    if row["claim_scope"] == "checkpoint":
        return (
            f"{words} {size}{more}, but each was trained once, so the next training could turn "
            "that round."
        )
    return f"{words} {size}{more}."


def _winner(row: Mapping[Any, Any]) -> str:
    name, is_up = str(row["contrast"]), row["delta"] > 0
    if name in EFFECTS:
        return EFFECTS[name][0 if is_up else 1]
    if name.startswith("interaction"):
        return f"Attention helps {'more' if is_up else 'less'} under the focal loss than under bce"
    a, b = name.split(" - ", maxsplit=1)
    return f"{a} did better than {b}" if is_up else f"{b} did better than {a}"


def _undecided(rows: pd.DataFrame, row: Mapping[Any, Any]) -> str:
    what = METRICS[row["metric"]].points_of
    widest = float(np.max(np.abs(rows[["ci_low", "ci_high"]].to_numpy(dtype=np.float64))))
    if widest <= row["rope"] and row["claim_scope"] == "configuration":
        return (
            f"For all practical purposes they are equal: within {points(widest)} points of {what}."
        )
    if row["delta"] == 0:
        return f"No difference was found: they score the same {what}."
    return (
        f"Nothing is decided: the largest difference, {points(row['delta'])} points of {what}, may "
        "be luck."
    )


def _limit(row: Mapping[Any, Any], comparison: Comparison) -> str:
    if row["delta"] == 0 and row["detectable"] == 0:
        return f"They agree on each of {count_units(comparison)}."
    size = points(max(row["detectable"], SMALLEST))
    return (
        f"With {count_units(comparison)}, a single test finds a true difference of {size} points "
        "four times in five, and a smaller one less often."
    )
