"""The answer in plain words, and what may not be concluded."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from genre.evaluation.comparison.results import Comparison
from genre.evaluation.metrics import title_of
from genre.evaluation.metrics.choice import mean_choice
from genre.evaluation.report.markdown import number, p_phrase, signed, span
from genre.evaluation.report.plain import ALPHA, asked_contrasts, plain_answer


def answer(comparison: Comparison) -> list[str]:
    """Write which configuration is best, and whether that is a fact.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    list of str
        First two sentences for everybody, then what stands behind them, number by number.
    """
    asked = asked_contrasts(comparison)
    lines = [*_leader(comparison), *_against_baselines(comparison)]
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
    tested = f"{p_phrase(row['p_holm'])} after Holm"
    if row["claim_scope"] == "checkpoint":
        told_apart = row["p_holm"] < ALPHA
        words = "told apart" if told_apart else "not told apart"
        if np.isnan(row["p_holm"]):
            return f"{start}, between checkpoints; an interval only, there is no test."
        return f"{start}, between checkpoints of one seed; {words}, {tested}."
    if row["p_holm"] < ALPHA:
        return f"{start}; the configurations differ, {tested}."
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
            words += ", weighted F1 how right the genres are that it gives; both are"
        else:
            words += "; it is a"
        every = "the genres of all levels, parents too" if len(comparison.levels) else "genres"
        words += f" mean over {every}, and 1 is perfect."
    words += (
        " Brackets hold where the true value lies with "
        f"{comparison.config.confidence * 100:g} % confidence."
    )
    if comparison.few_clusters or asked_contrasts(comparison).empty:
        return words
    return (
        f"{words} p says how often luck alone would show as large a difference; Holm corrects it "
        f"for the number of questions, and below {ALPHA:g} a difference counts as shown."
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


def primary(comparison: Comparison, kind: str, metric: str) -> pd.DataFrame:
    """Select the track-level rows of a metric, one per configuration or baseline, best first.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    kind : str
        model or baseline.
    metric : str
        Such as macro_ap.
    """
    scores = comparison.scores
    rows = scores[
        (scores["kind"] == kind)
        & (scores["level"] == "track")
        & (scores["metric"] == metric)
        & scores["seed"].isin(["mean", ""])
    ]
    return rows.sort_values("value", ascending=False, kind="stable")


def is_chosen(comparison: Comparison) -> bool:
    """Whether validation says which configuration to use.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    """
    runs = [run for by_seed in comparison.experiment.runs.values() for run in by_seed.values()]
    return comparison.experiment.description.winner is not None or not all(
        np.isnan(run.val_choice).any() for run in runs
    )


def chosen_on_validation(comparison: Comparison) -> str:
    """Find the configuration of the model in `best`.

    Where the experiment does not say, it is the one with the best mean on validation, and without
    validation (see `is_chosen`) simply the first.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    """
    winner = comparison.experiment.description.winner
    if winner is not None and winner.config_name in comparison.experiment.runs:
        return winner.config_name
    means = {
        name: mean_choice([run.val_choice for run in by_seed.values()])
        for name, by_seed in comparison.experiment.runs.items()
    }
    known = {name: value for name, value in means.items() if not np.isnan(value).any()}
    return max(known, key=lambda name: known[name]) if known else next(iter(means))


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
    if is_chosen(comparison):
        name = chosen_on_validation(comparison)
        yield f"Chosen on validation, so the one to use: **{name}**."


def _against_baselines(comparison: Comparison) -> Iterator[str]:
    metric = comparison.primary_metrics[0]
    models = primary(comparison, "model", metric)
    best = models.iloc[0]
    if is_chosen(comparison):
        best = models[models["config"] == chosen_on_validation(comparison)].iloc[0]
    baseline = primary(comparison, "baseline", metric).iloc[0]
    if np.isnan(best["value"]) or np.isnan(baseline["value"]):
        return
    gain = best["value"] - baseline["value"]
    words = "above" if gain > 0 else "**not above**"
    yield (
        f"It is {words} the best baseline, {baseline['config']}, with {title_of(metric)} "
        f"{number(baseline['value'])} ({signed(gain)})."
    )
