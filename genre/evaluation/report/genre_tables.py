"""The tables of genres in a report: each by itself, by level, and what is taken for what."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from genre.evaluation.comparison.results import Comparison
from genre.evaluation.metrics import confusion_table, title_of
from genre.evaluation.report.answer import chosen_on_validation, is_chosen
from genre.evaluation.report.markdown import number, plain, span, table
from genre.evaluation.thresholds import MIN_POSITIVES
from genre.wording import counted

MOST_MISTAKES = 10
"""So many rows at the most: the picture shows all."""


def genres_section(comparison: Comparison) -> list[str]:
    """Judge each genre, under the configuration that was chosen.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    """
    best = chosen_on_validation(comparison)
    per_class = comparison.per_class
    own = per_class[per_class["config"] == best]
    seed = int(own["seed"].min())
    own = own[own["seed"] == seed]
    shared = _shared_threshold(own)
    is_cut = "threshold" in own and comparison.experiment.task == "multilabel"
    has_own = is_cut and bool((own["threshold"] != shared).any())
    rows = [
        _genre_cells(row, comparison, shared=shared, has_own=has_own)
        for row in own.to_dict("records")
    ]
    header = ["genre", "tracks", *(["artists"] if comparison.unit == "artist" else [])]
    if comparison.experiment.has_decisions:
        header += ["threshold"] if has_own else []
        header += ["TP / FP / FN", "precision", "recall", "F1"]
    words = f"{best}, seed {seed}; every run is in per_class.csv"
    if len(comparison.per_class_contrasts):
        words += (
            ", and what the configurations change in each genre, with Benjamini-Hochberg p-values, "
            "in per_class_contrasts.csv"
        )
    return [
        "## Genres",
        f"{words}.{_about_threshold(shared, comparison, has_own=has_own)}",
        table([*header, "AP", "AUC"], rows),
    ]


def levels_section(comparison: Comparison) -> list[str]:
    """Judge each level of the tree of genres by itself.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    list of str
        Nothing where there is no tree.
    """
    levels = comparison.levels
    if levels.empty:
        return []
    best = chosen_on_validation(comparison)
    own = levels[levels["config"] == best]
    metrics = ["macro_ap", *(["weighted_f1"] if comparison.experiment.has_decisions else [])]
    means = own.groupby("level", sort=False)[["n_genres", *metrics]].mean()
    n_seeds = own["seed"].nunique()
    rows = [
        [str(level), f"{row['n_genres']:.0f}", *(number(row[name]) for name in metrics)]
        for level, row in means.iterrows()
    ]
    return [
        "## Levels",
        (
            f"{best}, mean over {counted(n_seeds, 'seed')}; every run is in levels.csv. Genres "
            "that are kinds of no other stand on level 0, leaves have none below them. All other "
            "figures of this report are over the genres of all levels."
        ),
        table(["level", "genres", *map(title_of, metrics)], rows),
    ]


def mistakes_section(comparison: Comparison) -> list[str]:
    """List what is most often taken for what, where a track has one genre and is given one.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    list of str
        Nothing where a track may have several genres, or no track is given another.
    """
    if comparison.experiment.task != "exclusive":
        return []
    best = chosen_on_validation(comparison)
    by_seed = comparison.experiment.runs[best]
    run = by_seed[min(by_seed)]
    cells = confusion_table(run.y_true, run.decisions, genres=run.genres)
    wrong = cells[cells["genre"] != cells["given"]]
    wrong = wrong.sort_values(["n_tracks", "share"], ascending=False, kind="stable")
    if wrong.empty:
        return []
    called = comparison.experiment.called
    rows = [
        [
            plain(called(row["genre"])),
            plain(called(row["given"])),
            str(row["n_tracks"]),
            f"{row['share']:.1%}",
        ]
        for row in wrong.head(MOST_MISTAKES).to_dict("records")
    ]
    n_wrong, n_tracks = int(wrong["n_tracks"].sum()), len(run.y_true)
    first = f", the {MOST_MISTAKES} most frequent first" if len(wrong) > MOST_MISTAKES else ""
    words = f"{best}, seed {min(by_seed)}: {n_wrong} of {n_tracks} tracks are given another genre"
    return [
        "## Mistakes",
        f"{words}{first}; every cell of every run is in confusion.csv.",
        table(["genre", "given", "tracks", "share of the genre"], rows),
    ]


def _shared_threshold(rows: pd.DataFrame) -> float:
    """Find the threshold that several genres have in common; NaN where none is."""
    if "threshold" not in rows:
        return float("nan")
    counts = rows["threshold"].value_counts()
    return float(counts.index[0]) if counts.iloc[0] > 1 else float("nan")


def _about_threshold(shared: float, comparison: Comparison, *, has_own: bool) -> str:
    """Write the shared threshold once, and why it is shared."""
    if np.isnan(shared) or comparison.experiment.task == "exclusive":
        return ""
    whose = "Genres without a number of their own share" if has_own else "All genres share"
    why = (
        f": fewer than {MIN_POSITIVES} validation tracks of a genre are too few to fit its own"
        if is_chosen(comparison)
        else ""
    )
    mean = " (mean over folds)" if comparison.experiment.description.n_folds else ""
    return f" {whose} one threshold, {number(shared, digits=2)}{mean}{why}."


def _genre_cells(
    row: Mapping[Any, Any], comparison: Comparison, *, shared: float, has_own: bool
) -> list[str]:
    decided = []
    if comparison.experiment.has_decisions:
        if has_own:
            is_shared = row["threshold"] == shared
            decided.append("shared" if is_shared else number(row["threshold"], digits=2))
        decided.append(f"{row['TP']} / {row['FP']} / {row['FN']}")
        decided += [number(row[name], digits=2) for name in ("precision", "recall", "f1")]
    return [
        plain(comparison.experiment.called(row["genre"]))
        + (f" (few {comparison.unit}s)" if row["low_support"] else ""),
        str(row["n_pos_tracks"]),
        *([str(row["n_pos_artists"])] if comparison.unit == "artist" else []),
        *decided,
        f"{number(row['ap'], digits=2)} ({span(row['ap_low'], row['ap_high'])})",
        number(row["auc"], digits=2),
    ]
