"""Tracks as the studies see them: summaries of their spectrograms, labels and artists."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from genre.dataset import open_folder
from genre.dataset.labels import select_genres
from genre.dataset.tracks import Track
from genre.review.choosing import summary_of

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
C = 0.1
MAX_ITERATIONS = 1000


@dataclass(frozen=True, kw_only=True)
class Material:
    """A collection.

    Parameters
    ----------
    summaries : ndarray of shape (n_tracks, n_features)
        Of each track's log-mel.
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The labels as their owner has them.
    artist : ndarray of shape (n_tracks,), str
        Who made each track.
    genres : tuple of str
        The vocabulary.
    tracks : tuple of Track
        The tracks themselves, where there are any.
    """

    summaries: Floats
    y_true: Truth
    artist: NDArray[np.str_]
    genres: tuple[str, ...]
    tracks: tuple[Track, ...] = ()


def load_material(data: Path, cache: Path) -> Material:
    """Read a folder of tracks.

    Parameters
    ----------
    data : Path
        The folder.
    cache : Path
        Its spectrograms.
    """
    music = open_folder(data, cache=cache, find_duplicates=False, progress=False)
    selection = select_genres(music.audible)
    return Material(
        summaries=np.stack([summary_of(music.store.load(track)) for track in selection.tracks]),
        y_true=selection.vocabulary.encode(selection.tracks),
        artist=np.array([track.artist for track in selection.tracks]),
        genres=selection.vocabulary.genres,
        tracks=selection.tracks,
    )


def scores_of(train: Floats, y_true: Truth, test: Floats) -> Floats:
    """Score tracks by a logistic regression for each genre.

    Parameters
    ----------
    train : ndarray of shape (n_train, n_features)
        To learn from.
    y_true : ndarray of shape (n_train, n_labels), bool
        Their labels.
    test : ndarray of shape (n_test, n_features)
        To be scored.

    Returns
    -------
    ndarray of shape (n_test, n_labels), in [0, 1]
        The share of a genre that all or none have.
    """
    scaler = StandardScaler().fit(train)
    columns = []
    for has in y_true.T:
        if has.all() or not has.any():
            columns.append(np.full(len(test), float(has.mean())))
            continue
        model = make_pipeline(scaler, LogisticRegression(C=C, max_iter=MAX_ITERATIONS))
        columns.append(model.fit(train, has).predict_proba(test)[:, 1])
    return np.stack(columns, axis=1)


def out_of_fold(material: Material, y_true: Truth, *, n_folds: int, seed: int) -> Floats:
    """Score every track by a model that never trained on its artist.

    Parameters
    ----------
    material : Material
        The collection.
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The labels to learn, right or wrong.
    n_folds : int
        Into how many folds artists are dealt.
    seed : int
        Of the dealing.
    """
    artists = np.random.default_rng(seed).permutation(np.unique(material.artist))
    fold_of = {name: number % n_folds for number, name in enumerate(artists)}
    fold = np.array([fold_of[name] for name in material.artist])
    scores = np.empty(y_true.shape)
    for number in range(n_folds):
        test = fold == number
        scores[test] = scores_of(material.summaries[~test], y_true[~test], material.summaries[test])
    return scores
