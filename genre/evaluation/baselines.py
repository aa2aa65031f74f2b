"""What needs no network: answers every model must beat.

Random at the training prior, every genre always, the most frequent genre always, and a support
vector machine on summary features of each track. Logistic regression is a network without layers:
see `genre.experiment.logistic`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from genre.errors import GenreError
from genre.tasks import best_class

SVM_C = 3.0

Floats = NDArray[np.floating[Any]]
Scorer = Callable[[Floats], NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """Scores and decisions of an answer that did not listen.

    Parameters
    ----------
    name : str
        What it does, for tables.
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        Its scores.
    decisions : ndarray of shape (n_tracks, n_labels), bool
        Its decisions.
    """

    name: str
    y_score: NDArray[np.float64]
    decisions: NDArray[np.bool_]


def random_at_prior(train_prior: NDArray[np.floating[Any]], rng: np.random.Generator) -> Baseline:
    """Assign each genre by chance, as often as the training tracks have it.

    Parameters
    ----------
    train_prior : ndarray of shape (n_tracks, n_labels), in [0, 1]
        For each test track the share of its training tracks with each genre.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    Baseline
        The expected F1 of a class is its share p where test and training tracks agree.
    """
    y_score = rng.random(train_prior.shape)
    return Baseline(
        name="random at the prior", y_score=y_score, decisions=y_score >= 1 - train_prior
    )


def random_class(train_prior: NDArray[np.floating[Any]], rng: np.random.Generator) -> Baseline:
    """Assign one of exclusive genres by chance, as often as the training tracks have it.

    Parameters
    ----------
    train_prior : ndarray of shape (n_tracks, n_labels), in [0, 1]
        For each test track the share of its training tracks with each genre.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    Baseline
        Its accuracy is expected to be the sum of the squared shares.
    """
    # The largest of logarithms with Gumbel's noise is a draw of the shares.
    with np.errstate(divide="ignore"):
        noisy = np.log(train_prior) + rng.gumbel(size=train_prior.shape)
    y_score = np.exp(noisy - np.logaddexp.reduce(noisy, axis=1, keepdims=True))
    return Baseline(name="random at the prior", y_score=y_score, decisions=best_class(noisy))


def all_positive(train_prior: NDArray[np.floating[Any]]) -> Baseline:
    """Assign every genre to every track: the F1 of a class is ``2 p / (1 + p)``.

    Parameters
    ----------
    train_prior : ndarray of shape (n_tracks, n_labels), in [0, 1]
        Only its shape matters.
    """
    ones = np.ones(train_prior.shape)
    return Baseline(name="every genre always", y_score=ones, decisions=ones > 0)


def majority_genre(train_prior: NDArray[np.floating[Any]]) -> Baseline:
    """Assign the most frequent genre of the training tracks to every track.

    Parameters
    ----------
    train_prior : ndarray of shape (n_tracks, n_labels), in [0, 1]
        For each test track the share of its training tracks with each genre.
    """
    decisions = np.zeros(train_prior.shape, dtype=np.bool_)
    decisions[np.arange(len(train_prior)), np.argmax(train_prior, axis=1)] = True
    return Baseline(
        name="most frequent genre", y_score=decisions.astype(np.float64), decisions=decisions
    )


def support_vectors(
    x_train: NDArray[np.floating[Any]],
    y_train: NDArray[np.bool_],
    *x_other: NDArray[np.floating[Any]],
) -> tuple[NDArray[np.float64], ...]:
    """Fit one support vector machine per genre on summary features and score other tracks.

    Parameters
    ----------
    x_train, y_train : ndarray of shape (n_train, n_features) and (n_train, n_labels), bool
        Features, standardised here, and genres. The kernel is a Gaussian as wide as the features'
        spread.
    *x_other : ndarrays of shape (n_tracks, n_features)
        The tracks to score.

    Returns
    -------
    tuple of ndarray of shape (n_tracks, n_labels), in [0, 1]
        The distance from the border, through a sigmoid: it ranks, it is no probability. A genre
        that all or no training tracks have is scored with its share.
    """
    if x_train.ndim != 2 or len(x_train) != len(y_train) or not len(x_train):
        raise GenreError(
            f"x_train of shape {x_train.shape} must have a row for each of the {len(y_train)} rows "
            "of y_train, and at least one"
        )
    scores = tuple(np.empty((len(x), y_train.shape[1])) for x in x_other)
    for label in range(y_train.shape[1]):
        share = float(y_train[:, label].mean())
        if share in (0.0, 1.0):
            for part in scores:
                part[:, label] = share
            continue
        score = _fit_svm(x_train, y_train[:, label])
        for part, x in zip(scores, x_other, strict=True):
            if len(x):
                part[:, label] = score(x)
    return scores


def _fit_svm(x_train: Floats, is_genre: NDArray[np.bool_]) -> Scorer:
    model = make_pipeline(StandardScaler(), SVC(C=SVM_C))
    model.fit(x_train, is_genre)
    return lambda x: 1 / (1 + np.exp(-model.decision_function(x)))
