"""Labels swapped on purpose, and how many of the first suggestions are these."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.review.ranking import RULES, mean_scores
from review_study.material import Material, Truth, out_of_fold

SHARES = (0.05, 0.10)
UNITS = ("track", "artist")
N_RUNS = 3
KEPT = "log odds"
"""The rule that the queue uses."""


def swapped(
    material: Material, *, share: float, unit: str, rng: np.random.Generator
) -> tuple[Truth, NDArray[np.bool_]]:
    """Swap one genre of tracks for another that they have not.

    Parameters
    ----------
    material : Material
        The collection.
    share : float, in (0, 1)
        Of the tracks, about how many are swapped.
    unit : {"track", "artist"}
        Whether tracks are drawn, or artists with all their tracks of the genre, which all get the
        same wrong one.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        With the swaps.
    is_swapped : ndarray of shape (n_tracks,), bool
        Which tracks have one.
    """
    y_true, n_tracks = material.y_true.copy(), len(material.y_true)
    is_swapped = np.zeros(n_tracks, dtype=bool)
    keys = np.arange(n_tracks).astype(str) if unit == "track" else material.artist
    for key in rng.permutation(np.unique(keys)):
        if is_swapped.sum() >= round(share * n_tracks):
            break
        rows = np.flatnonzero(keys == key)
        has = material.y_true[rows].any(axis=0)
        if has.all():
            continue
        goes = rng.choice(np.flatnonzero(has))
        comes = rng.choice(np.flatnonzero(~has))
        rows = rows[material.y_true[rows, goes]]
        y_true[rows, goes], y_true[rows, comes] = False, True
        is_swapped[rows] = True
    return y_true, is_swapped


def swaps(material: Material, *, seeds: Sequence[int], n_folds: int) -> list[dict[str, Any]]:
    """Measure the precision of the first n suggestions for n swapped tracks.

    Parameters
    ----------
    material : Material
        The collection.
    seeds : sequence of int
        A draw of swaps each; the folds are dealt by other numbers.
    n_folds : int
        Of the scoring.

    Returns
    -------
    list of dict
        One per share, unit and seed: the precision of each rule and of a random order, and how
        often the model is wrong about tracks that were not swapped.
    """
    found = []
    for share in SHARES:
        for unit in UNITS:
            for seed in seeds:
                rng = np.random.default_rng([seed, round(100 * share), UNITS.index(unit)])
                y_true, is_swapped = swapped(material, share=share, unit=unit, rng=rng)
                runs = np.stack(
                    [
                        out_of_fold(material, y_true, n_folds=n_folds, seed=1000 * seed + run + 1)
                        for run in range(N_RUNS)
                    ]
                )
                found.append(
                    {"share": share, "unit": unit, "seed": seed, "n_swapped": int(is_swapped.sum())}
                    | {"precision": precisions(y_true, runs, is_swapped)}
                    | {"random_order": float(is_swapped.mean())}
                    | {"model_errs": error_rate(material.y_true, runs, ~is_swapped)}
                )
    return found


def precisions(
    y_true: Truth, runs: NDArray[np.float64], is_swapped: NDArray[np.bool_]
) -> dict[str, float]:
    """Compute the share of swapped tracks among the first n of each rule's order.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        With the swaps.
    runs : ndarray of shape (n_runs, n_tracks, n_labels)
        Scores.
    is_swapped : ndarray of shape (n_tracks,), bool
        n of them are.
    """
    n = int(is_swapped.sum())
    return {
        name: float(is_swapped[np.argsort(-rule(y_true, runs), kind="stable")[:n]].mean())
        for name, rule in RULES.items()
    }


def error_rate(y_true: Truth, runs: NDArray[np.float64], is_right: NDArray[np.bool_]) -> float:
    """Count how often the best genre of a rightly labelled track is none of its own.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        Without the swaps.
    runs : ndarray of shape (n_runs, n_tracks, n_labels)
        Scores.
    is_right : ndarray of shape (n_tracks,), bool
        Which tracks were not swapped.
    """
    best = mean_scores(runs).argmax(axis=1)
    return float(1 - y_true[np.arange(len(best)), best][is_right].mean())


def told(found: Sequence[dict[str, Any]]) -> list[str]:
    """Write the precisions as a table of Markdown.

    Parameters
    ----------
    found : sequence of dict
        From `swaps`.
    """
    names = [*RULES, "random order", "model errs"]
    lines = [f"| swapped | by | {' | '.join(names)} | per seed, {KEPT} |"]
    lines.append("|---" * (len(names) + 3) + "|")
    for share in SHARES:
        for unit in UNITS:
            rows = [row for row in found if (row["share"], row["unit"]) == (share, unit)]
            if not rows:
                continue
            means = [np.mean([row["precision"][name] for row in rows]) for name in RULES]
            means += [
                np.mean([row[name] for row in rows]) for name in ("random_order", "model_errs")
            ]
            seeds = ", ".join(f"{100 * row['precision'][KEPT]:.0f}" for row in rows)
            cells = " | ".join(f"{100 * mean:.0f} %" for mean in means)
            lines.append(f"| {100 * share:.0f} % | {unit} | {cells} | {seeds} |")
    return lines
