"""Tables per genre."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import classification_report

from genre.evaluation.metrics.decisions import count
from genre.evaluation.metrics.ranking import average_precision, roc_auc

LOW_SUPPORT_ARTISTS = 10


def per_class_table(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    decisions: NDArray[np.bool_],
    *,
    genres: Sequence[str],
    artist: NDArray[np.str_],
    thresholds: NDArray[np.floating[Any]],
) -> pd.DataFrame:
    """Judge every genre by itself.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_tracks, n_labels), bool and in [0, 1]
        Truth and scores.
    decisions : ndarray of shape (n_tracks, n_labels), bool
        What was assigned.
    genres : sequence of str, length n_labels
        Names of the columns.
    artist : ndarray of shape (n_tracks,), str
        Who made each track.
    thresholds : ndarray of shape (n_labels,), in [0, 1]
        That the decisions were made with.

    Returns
    -------
    DataFrame
        A row per genre: genre, n_pos_tracks, n_pos_artists, threshold, TP, FP, FN, precision,
        recall, f1, ap, auc (NaN where undefined), low_support (fewer than 10 positive artists).

    Examples
    --------
    Two jazz tracks of one artist, of which 0.5 finds one; a blues track, which it finds, with one
    of jazz:

    >>> y_true = np.array([[True, False], [True, False], [False, True]])
    >>> y_score = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]])
    >>> table = per_class_table(
    ...     y_true,
    ...     y_score,
    ...     y_score >= 0.5,
    ...     genres=["jazz", "blues"],
    ...     artist=np.array(["Ada", "Ada", "Ben"]),
    ...     thresholds=np.array([0.5, 0.5]),
    ... )
    >>> table[["genre", "n_pos_artists", "TP", "FP", "FN", "precision", "recall", "ap"]]
       genre  n_pos_artists  TP  FP  FN  precision  recall   ap
    0   jazz              1   1   0   1        1.0     0.5  1.0
    1  blues              1   1   1   0        0.5     1.0  1.0
    """
    counts = count(y_true, decisions)
    hits = counts.true_positives.astype(int)
    n_artists = [len(np.unique(artist[y_true[:, label]])) for label in range(len(genres))]
    return pd.DataFrame(
        {
            "genre": list(genres),
            "n_pos_tracks": counts.positives.astype(int),
            "n_pos_artists": n_artists,
            "threshold": np.asarray(thresholds, dtype=np.float64),
            "TP": hits,
            "FP": counts.predicted.astype(int) - hits,
            "FN": counts.positives.astype(int) - hits,
            "precision": counts.measure("precision"),
            "recall": counts.measure("recall"),
            "f1": counts.measure("f1"),
            "ap": average_precision(y_true, y_score),
            "auc": roc_auc(y_true, y_score),
            "low_support": np.array(n_artists) < LOW_SUPPORT_ARTISTS,
        }
    )


def report_text(
    y_true: NDArray[np.bool_], decisions: NDArray[np.bool_], genres: Sequence[str]
) -> str:
    """Write scikit-learn's classification report: each genre, then the four averages.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_tracks, n_labels), bool
        Truth and what was assigned.
    genres : sequence of str, length n_labels
        Names of the columns.

    Returns
    -------
    str
        Precision, recall, F1 and support, with ``zero_division=0``.
    """
    labels = list(range(len(genres)))
    return str(
        classification_report(
            y_true, decisions, labels=labels, target_names=list(genres), zero_division=0
        )
    )
