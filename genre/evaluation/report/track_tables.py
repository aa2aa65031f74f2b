"""The tracks that the chosen configuration tells best and worst, by name."""

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import PooledRun
from genre.evaluation.report.answer import chosen_on_validation
from genre.evaluation.report.markdown import number, plain, table

MOST_TRACKS = 5
"""So many of the best and of the worst."""
SMALLEST_SCORE = 1e-6
"""A score of 0 for what is true would cost without end."""


def tracks_section(comparison: Comparison) -> list[str]:
    """Name the tracks whose scores are nearest to the truth, and those that are farthest from it.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    list of str
        Nothing where there are too few tracks to choose from.
    """
    best = chosen_on_validation(comparison)
    by_seed = comparison.experiment.runs[best]
    run = by_seed[min(by_seed)]
    n_shown = min(MOST_TRACKS, len(run.track_id) // 2)
    if not n_shown:
        return []
    losses = track_losses(run.y_true, run.y_score)
    order = np.argsort(losses, kind="stable")
    header = ["track", "its genres", "highest other", "log loss"]
    tables = [
        table(header, [_cells(int(row), run, losses, comparison) for row in rows])
        for rows in (order[:n_shown], order[::-1][:n_shown])
    ]
    return [
        "## Best and worst tracks",
        (
            f"{best}, seed {min(by_seed)}, with its scores; ordered by the log loss, mean over "
            "genres, which is low where the track's own genres score near 1 and all others near 0."
        ),
        "### Nearest to the truth",
        tables[0],
        "### Farthest from it",
        "Listen to these first: where the label is wrong, so is the measure.",
        tables[1],
    ]


def track_losses(y_true: NDArray[np.bool_], y_score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the log loss of each track, mean over genres.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        Truth and scores.

    Returns
    -------
    ndarray of shape (n_tracks,), in nats, 0 or more
    """
    right = np.where(y_true, y_score, 1 - y_score).clip(SMALLEST_SCORE, 1)
    losses: NDArray[np.float64] = -np.log(right).mean(axis=1)
    return losses


def _cells(
    row: int, run: PooledRun, losses: NDArray[np.float64], comparison: Comparison
) -> list[str]:
    def _written(label: int) -> str:
        name = plain(comparison.experiment.called(run.genres[label]))
        return f"{name} {number(float(run.y_score[row, label]), digits=2)}"

    own = np.flatnonzero(run.y_true[row])
    others = np.flatnonzero(~run.y_true[row])
    highest = others[run.y_score[row, others].argsort(kind="stable")[::-1][:1]]
    return [
        plain(str(run.track_id[row])),
        ", ".join(map(_written, own.tolist())) or "none",
        ", ".join(map(_written, highest.tolist())) or "none",
        number(float(losses[row]) + 0.0),
    ]
