"""Which of all is chosen, what it scored, and how it stands beside the best of the other kind."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from genre.evaluation.comparison.choice import Chosen, chosen
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import BASELINES, LOGISTIC
from genre.evaluation.inputs.records import FROZEN
from genre.evaluation.metrics import title_of
from genre.evaluation.report.markdown import number, p_phrase, span

ALPHA = 0.05


def leading(comparison: Comparison) -> str:
    """Write what is chosen on validation among all, baselines included, and what that shows.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    str
        A few sentences; where nothing was chosen they say what was seen on the test tracks.
    """
    best, metric = chosen(comparison.experiment), comparison.primary_metrics[0]
    scores = _scores(comparison, metric)
    if scores.empty:
        return "Nothing can be compared. No genre of the truth has a test track."
    if best is None and len(comparison.experiment.runs) == 1:
        return _alone(next(iter(comparison.experiment.runs)), scores, metric)
    if best is None:
        return (
            f"The highest test {title_of(metric)} is that of {_told(scores.iloc[0])}; that was "
            "seen afterwards, and validation says nothing."
        )
    sentences = [_first(best, scores, metric), *_beside(best, comparison)]
    sentences += _ahead(best, scores)
    if not best.is_network:
        sentences += _next(best, comparison)
    return " ".join(sentences)


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


def points(value: float) -> str:
    """Write a difference in points: 0.041 is ``4.1``.

    Parameters
    ----------
    value : float
        A difference of either sign; it is written without.
    """
    return f"{100 * abs(value):.1f}"


def _scores(comparison: Comparison, metric: str) -> pd.DataFrame:
    """List what all have scored on test, the best first and of equals a model."""
    rows = pd.concat([primary(comparison, kind, metric) for kind in ("model", "baseline")])
    rows = rows.sort_values("value", ascending=False, kind="stable")
    return rows[rows["value"].notna()]


def _first(best: Chosen, scores: pd.DataFrame, metric: str) -> str:
    if best.n_candidates == 1:
        return _alone(best.name, scores, metric)
    included = ", baselines included" if best.baseline else ""
    scored = _scored(best.name, scores, metric)
    return f"Chosen on validation among {best.n_candidates}{included}: {best.name}, {scored}."


def _alone(name: str, scores: pd.DataFrame, metric: str) -> str:
    return f"The only model is {name}, {_scored(name, scores, metric)}."


def _scored(name: str, scores: pd.DataFrame, metric: str) -> str:
    told = scores[scores["config"] == name]
    return f"with a test {title_of(metric)} of {_figures(told.iloc[0])}"


def _beside(best: Chosen, comparison: Comparison) -> Iterator[str]:
    """Write what the one planned test of the two kinds has shown."""
    rows = comparison.contrasts
    for row in rows[rows["family"] == "baseline"].to_dict("records"):
        gain = -row["delta"] if best.is_network else row["delta"]
        kind = "baseline" if best.is_network else "network"
        score = row["mean_B"] if best.is_network else row["mean_A"]
        words = f"The best {kind} on validation, {best.other}, scores {number(score)}"
        if gain == 0:
            yield f"{words}, the same."
            continue
        size = f"{points(gain)} points {'more' if gain > 0 else 'less'}"
        yield f"{words}: {size}{_verdict(row, comparison)}"


def _verdict(row: Mapping[Any, Any], comparison: Comparison) -> str:
    if comparison.few_clusters:
        return f", from too few {comparison.unit}s to say more."
    p = row["p_holm"]
    if not p < ALPHA:
        return f", which may be luck ({p_phrase(p)})."
    if row["claim_scope"] == "checkpoint":
        return (
            f", more than luck of the test tracks ({p_phrase(p)}); the network was trained once, "
            "and the next training could turn that round."
        )
    return f", more than luck ({p_phrase(p)})."


def _ahead(best: Chosen, scores: pd.DataFrame) -> Iterator[str]:
    """Write what else led on test: an observation, as the test part chooses nothing."""
    first = scores.iloc[0]
    own = scores[scores["config"] == best.name].iloc[0]
    if first["config"] == best.name or first["value"] <= own["value"]:
        return
    told = "" if first["config"] == best.other else f" with {_figures(first)}"
    yield (
        f"On the test tracks {first['config']} came first{told}; that is seen afterwards and "
        "chooses nothing."
    )


def _next(best: Chosen, comparison: Comparison) -> Iterator[str]:
    """Write where the model is, and what could make a network better than a baseline."""
    experiment = comparison.experiment
    winner = experiment.description.winner
    if winner is not None:
        yield _where(best.name, BASELINES.get(winner.config_name, winner.config_name))
    if experiment.records:
        yield f"What may help a network next: {_means(comparison)}."


def _where(name: str, held: str) -> str:
    if name == held:
        return f"The model in best/ is {name}, as a network without layers."
    if name == BASELINES[LOGISTIC]:  # of an experiment from before it was one
        return f"The model in best/ is still {held}: genre train again puts it there."
    return (
        f"{name[0].upper()}{name[1:]} cannot be packed as a model: best/ holds {held}, which comes "
        "nearest on validation."
    )


def _means(comparison: Comparison) -> str:
    records = [recorded.record for recorded in comparison.experiment.records]
    trained = [one for one in records if one.config.get("architecture") != FROZEN]
    means = []
    if len(trained) == len(records):
        means.append("a pre-trained network under it (genre backbone add musicnn, --configs all)")
    if any(one.n_epochs is not None and one.best_epoch == one.n_epochs for one in trained):
        means.append("more epochs, as a run was best in its last one (--epochs)")
    return " or ".join([part for part in (", ".join(means), "more tracks") if part])


def _told(row: "pd.Series[Any]") -> str:
    return f"{row['config']}, {_figures(row)}"


def _figures(row: "pd.Series[Any]") -> str:
    interval = span(float(row["ci_low"]), float(row["ci_high"]))
    value = number(float(row["value"]))
    return value if interval == "-" else f"{value} ({interval})"
