"""The answer in plain words, and what may not be concluded."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from genre.evaluation.comparison.choice import chosen
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import BASELINES, LOGISTIC
from genre.evaluation.metrics import title_of
from genre.evaluation.report.leader import ALPHA, primary
from genre.evaluation.report.markdown import number, p_phrase, signed, span
from genre.evaluation.report.plain import asked_contrasts, plain_answer


def answer(comparison: Comparison) -> list[str]:
    """Write which configuration is best, and whether that is a fact.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    list of str
        First a few sentences for everybody, then what stands behind them, number by number.
    """
    asked = asked_contrasts(comparison)
    table = comparison.contrasts
    of_kinds = table[table["family"] == "baseline"].to_dict("records")
    told = (row for row in of_kinds if pd.notna(row["delta"]))
    lines = [*_leader(comparison), *(verdict(row, comparison) for row in told)]
    if not asked.empty:
        lines = [_headline(asked, comparison), *lines]
        lines += [verdict(row, comparison) for row in asked.to_dict("records")]
    return [plain_answer(comparison), *lines, _how_to_read(comparison)]


def verdict(row: Mapping[Any, Any], comparison: Comparison) -> str:
    """Write in one sentence what a contrast shows.

    Parameters
    ----------
    row : mapping
        A line of the table of contrasts.
    comparison : Comparison
        Where it comes from.
    """
    metric = title_of(row["metric"])
    interval = span(row["ci_low"], row["ci_high"], with_sign=True)
    start = f"{row['contrast']}, {metric}: {signed(row['delta'])} ({interval})"
    smallest = f"a true one of {number(row['detectable'])} would be found four times in five"
    if comparison.few_clusters:
        return f"{start}; too few {comparison.unit}s for a finding."
    equivalent = max(abs(row["ci_low"]), abs(row["ci_high"])) <= row["rope"]
    tested = f"{p_phrase(row['p_holm'])}{' after Holm' if row['family'] != 'baseline' else ''}"
    if row["claim_scope"] == "checkpoint":
        told_apart = row["p_holm"] < ALPHA
        words = "told apart" if told_apart else "not told apart"
        if np.isnan(row["p_holm"]):
            return f"{start}, between checkpoints; an interval only, there is no test."
        return f"{start}, between checkpoints of one seed; {words}, {tested}."
    if row["p_holm"] < ALPHA:
        return f"{start}; they differ, {tested}."
    if equivalent:
        return f"{start}; equivalent: the interval lies within {row['rope']:g} of zero."
    return f"{start}; no difference shown, {tested}; {smallest}."


def _how_to_read(comparison: Comparison) -> str:
    """Explain the words and brackets of these lines to whoever meets them for the first time."""
    if comparison.experiment.task == "exclusive":
        words = (
            "How to read this: accuracy is the share of tracks that are given their genre, macro "
            "F1 counts every genre alike, however many tracks it has; 1 is perfect."
        )
    else:
        words = (
            "How to read this: macro AP says how well a model puts the tracks of a genre before "
            "others"
        )
        if "weighted_f1" in comparison.primary_metrics:
            words += ", weighted F1 how right the genres are that it gives; both are means"
        else:
            words += "; it is a mean"
        every = "the genres of all levels, parents too" if len(comparison.levels) else "genres"
        words += f" over {every}, and 1 is perfect."
    words += (
        " Brackets hold where the true value lies with "
        f"{comparison.config.confidence * 100:g} % confidence."
    )
    if comparison.few_clusters or comparison.contrasts.empty:
        return words
    several = not asked_contrasts(comparison).empty
    holm = "; Holm corrects it for the number of questions" if several else ""
    return (
        f"{words} p says how often luck alone would show as large a difference{holm}, and below "
        f"{ALPHA:g} a difference counts as shown."
    )


def _headline(asked: pd.DataFrame, comparison: Comparison) -> str:
    """Write in one sentence whether this experiment decides anything."""
    n_asked, n_tested = len(asked), int(asked["p_holm"].notna().sum())
    n_shown = int((asked["p_holm"] < ALPHA).sum())
    if comparison.few_clusters:
        return (
            f"**Undecided**: the test set has too few {comparison.unit}s to tell configurations "
            "apart."
        )
    if asked["n_seeds"].min() < 2:
        return (
            f"**Checkpoint comparison**: {n_shown} of {n_tested} tested differences tell the "
            "checkpoints apart; with one seed nothing follows about the configurations."
        )
    if not n_shown:
        return f"**Undecided**: none of {n_asked} comparisons shows a difference between them."
    return f"**{n_shown} of {n_asked}** comparisons show a difference between configurations."


def is_chosen(comparison: Comparison) -> bool:
    """Whether validation says which configuration to use.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    """
    return chosen(comparison.experiment) is not None


def chosen_on_validation(comparison: Comparison) -> str:
    """Find the configuration whose genres, mistakes and curves are shown.

    It is the best on validation, and without validation (see `is_chosen`) simply the first. A
    baseline may be better: `genre.evaluation.comparison.choice` says so.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    """
    best = chosen(comparison.experiment)
    return next(iter(comparison.experiment.runs)) if best is None else best.network


def _leader(comparison: Comparison) -> Iterator[str]:
    for metric in comparison.primary_metrics:
        rows = primary(comparison, "model", metric)
        best = rows.iloc[0]
        if np.isnan(best["value"]):
            yield f"Test {title_of(metric)} is undefined: no genre has a test track."
            continue
        yield (
            f"Highest test {title_of(metric)}: **{best['config']}** with "
            f"{number(best['value'])} ({span(best['ci_low'], best['ci_high'])})."
        )
    to_use = chosen(comparison.experiment)
    if to_use is not None and to_use.n_candidates > 1:
        is_there = to_use.is_network or to_use.name == BASELINES[LOGISTIC]  # as a model in best/
        words = ", so the one to use" if is_there else ""
        yield f"Chosen on validation{words}: **{to_use.name}**."
