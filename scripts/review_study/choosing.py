"""Whether the queue's order of unlabelled tracks teaches more than a random order."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from genre.review.choosing import spread_order
from review_study.material import Material, scores_of

FIRST, STEP, N_STEPS = 5, 20, 5
TEST_SHARE = 0.4
ORDERS = ("queue", "unsure and spread", "unsure", "random")
"""The queue's own order is spread alone."""


def choosing(material: Material, *, seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Label more and more tracks in each order, and test on artists that are never labelled.

    Parameters
    ----------
    material : Material
        The collection; its labels are the answers.
    seeds : sequence of int
        Of the test artists and the first tracks.

    Returns
    -------
    list of dict
        One per order and seed: macro average precision after each step.
    """
    found = []
    for seed in seeds:
        rng = np.random.default_rng([seed, 77])
        artists = rng.permutation(np.unique(material.artist))
        is_test = np.isin(material.artist, artists[: round(TEST_SHARE * len(artists))])
        pool = rng.permutation(np.flatnonzero(~is_test))
        first = {int(row) for has in material.y_true.T for row in pool[has[pool]][:FIRST]}
        for order in ORDERS:
            curve = _curve(material, sorted(first), pool, np.flatnonzero(is_test), order)
            found.append({"order": order, "seed": seed, "macro_ap": curve})
    return found


def unsureness(y_score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure how unsure a model is of tracks: 1 where a genre lies at one half, 0 where none does.

    Parameters
    ----------
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        Its scores.

    Returns
    -------
    ndarray of shape (n_tracks,), in [0, 1]
    """
    return np.asarray(1 - np.abs(2 * y_score - 1).min(axis=1), dtype=np.float64)


def _curve(
    material: Material,
    first: Sequence[int],
    pool: NDArray[np.intp],
    test: NDArray[np.intp],
    order: str,
) -> list[float]:
    labelled, curve = list(first), []
    x, y_true = material.summaries, material.y_true
    for step in range(N_STEPS + 1):
        scores = scores_of(x[labelled], y_true[labelled], x[test])
        curve.append(float(average_precision_score(y_true[test], scores, average="macro")))
        left = pool[~np.isin(pool, labelled)]
        if step == N_STEPS or not len(left):
            break
        chosen = np.arange(len(left))
        unsure = unsureness(scores_of(x[labelled], y_true[labelled], x[left]))
        if order == "unsure":
            chosen = np.argsort(-unsure, kind="stable")
        elif order != "random":
            worth = 0.05 + unsure if order == "unsure and spread" else None
            chosen = np.array(spread_order(x[left], x[labelled], worth=worth))
        labelled += left[chosen[:STEP]].tolist()
    return curve


def told(found: Sequence[dict[str, Any]]) -> list[str]:
    """Write the curves as a table of Markdown: means, and the interval of the difference.

    Parameters
    ----------
    found : sequence of dict
        From `choosing`.
    """
    lines = [
        "| order | first | " + " | ".join(f"+{STEP * n}" for n in range(1, N_STEPS + 1)) + " |"
    ]
    lines.append("|---" * (N_STEPS + 2) + "|")
    curves = {
        order: np.array([row["macro_ap"] for row in found if row["order"] == order])
        for order in ORDERS
    }
    for order, curve in curves.items():
        lines.append(f"| {order} | {_cells(curve, '.3f')} |")
    for order in ORDERS[:-1]:
        lines.append(f"| {order} − random | {_cells(curves[order] - curves['random'], '+.3f')} |")
    return lines


def _cells(curves: NDArray[np.float64], form: str) -> str:
    return " | ".join(f"{column.mean():{form}} ± {_half(column):.3f}" for column in curves.T)


def _half(values: NDArray[np.float64]) -> float:
    """Half of a 95 % interval of the mean by Student's t."""
    from scipy.stats import t

    if len(values) < 2:
        return float("nan")
    return float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
