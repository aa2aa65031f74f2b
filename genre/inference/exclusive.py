"""Scores where a track is exactly one of the classes: softmax, by way of each against the rest.

With the logits z of a window, its score of class c is softmax(z)_c = σ(x_c), where

    x_c = z_c - log Σ_{j ≠ c} exp z_j

is the logit of c against the rest. So whatever makes one logit of those of a track's windows, class
by class, does so here too; and where it ends, ``softmax(log σ(x) / temperature + bias)`` makes the
scores a whole again.
"""

import numpy as np
from numpy.typing import NDArray

from genre.errors import ConfigError
from genre.inference.log_score import log_score
from genre.tasks import Task

ONLY_OF_EXCLUSIVE = (
    "must be left out: each genre of this model has a threshold of its own; it is for models that "
    "say which one (task exclusive)"
)
"""What is said of a score below which there is no answer."""


def against_the_rest(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Turn the logits of a softmax into those of each class against all others.

    Parameters
    ----------
    logits : ndarray of shape (n_rows, n_labels)
        Of at least two classes; as a network gives them.

    Returns
    -------
    ndarray of shape (n_rows, n_labels)
        Finite at any finite logit; ``σ`` of it is the softmax.
    """
    z = np.asarray(logits, dtype=np.float64)
    best = z.argmax(axis=1, keepdims=True)
    # No class but the best has more than half of the whole: the rest of it is no small difference.
    whole = np.logaddexp.reduce(z, axis=1, keepdims=True)
    rest = whole + np.log1p(-np.minimum(np.exp(z - whole), 0.5))
    others = z.copy()
    np.put_along_axis(others, best, -np.inf, axis=1)
    np.put_along_axis(rest, best, np.logaddexp.reduce(others, axis=1, keepdims=True), axis=1)
    return np.asarray(z - rest)


def softmax_scores(
    logits: NDArray[np.float64], *, temperature: float, bias: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Turn logits of each class against the rest into scores that sum to 1.

    Parameters
    ----------
    logits : ndarray of shape (n_rows, n_labels)
        From `against_the_rest`, of windows or of tracks.
    temperature : float
        Above 0; above 1 scores become less sure.
    bias : ndarray of shape (n_labels,) or ()
        Added to the logarithm of each class.

    Returns
    -------
    ndarray of shape (n_rows, n_labels), in [0, 1]
    """
    x = log_score(logits) / temperature + bias
    return np.asarray(np.exp(x - np.logaddexp.reduce(x, axis=1, keepdims=True)))


def thresholds_from(min_score: float, *, task: Task, n_labels: int) -> tuple[float, ...]:
    """Have the best class be the answer from a score on, and none below it.

    Parameters
    ----------
    min_score : float, in [0, 1]
        What the best must reach; 0 always has an answer.
    task : multilabel or exclusive
        Of the model; must be exclusive.
    n_labels : int
        Its classes.

    Returns
    -------
    tuple of float, n_labels values
        Of a bundle; `genre.evaluation.thresholds.decide` reads them.

    Raises
    ------
    ConfigError
        On another number, or where each genre has a threshold of its own.
    """
    if task == "multilabel":
        raise ConfigError(f"min_score={min_score} {ONLY_OF_EXCLUSIVE}")
    if not 0 <= min_score <= 1:
        raise ConfigError(f"min_score={min_score} must be a score, from 0 to 1")
    return (float(min_score),) * n_labels
