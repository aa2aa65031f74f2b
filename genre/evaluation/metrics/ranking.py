"""Metrics of the order of scores, without a threshold: average precision, ROC-AUC, LRAP."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from genre.evaluation.metrics.checks import check_arrays


def average_precision(
    y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]
) -> NDArray[np.float64]:
    """Average precision of each class.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores.

    Returns
    -------
    ndarray of shape (n_labels,), in [0, 1]
        NaN for a class without positives (scikit-learn would say 0).

    Examples
    --------
    The positives of the first class are first and third of four, so that precision there is 1/1
    and 2/3; the second class has none:

    >>> y_true = np.array([[True, False], [False, False], [True, False], [False, False]])
    >>> y_score = np.array([[0.9, 0.1], [0.7, 0.2], [0.5, 0.3], [0.2, 0.4]])
    >>> average_precision(y_true, y_score).round(4)
    array([0.8333,    nan])
    """
    check_arrays(y_true, y_score)
    values = np.full(y_true.shape[1], np.nan)
    for label in np.flatnonzero(y_true.any(axis=0)):
        # Sorted here: scikit-learn checks its arguments anew for every class, 20 times as long.
        order = np.argsort(-y_score[:, label], kind="stable")
        hits = np.cumsum(y_true[order, label])
        # Of equal scores only the last is a possible cut.
        cuts = np.append(np.flatnonzero(np.diff(y_score[order, label])), len(order) - 1)
        precision = hits[cuts] / (cuts + 1)
        values[label] = np.diff(hits[cuts], prepend=0) @ precision / hits[-1]
    return values


def roc_auc(y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Area under the ROC curve of each class.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores.

    Returns
    -------
    ndarray of shape (n_labels,), in [0, 1]
        NaN for a class without positives or without negatives.

    Examples
    --------
    Three of the first class's four pairs are in order; equal scores are half a pair each:

    >>> y_true = np.array([[True, True], [False, False], [True, False], [False, False]])
    >>> y_score = np.array([[0.9, 0.5], [0.7, 0.5], [0.5, 0.5], [0.2, 0.5]])
    >>> roc_auc(y_true, y_score)
    array([0.75, 0.5 ])
    """
    check_arrays(y_true, y_score)
    n_positives = y_true.sum(axis=0, dtype=np.float64)
    n_pairs = n_positives * (len(y_true) - n_positives)
    # The sum of the positives' ranks, less the least that it can be, counts the pairs that are won
    # (Mann and Whitney 1947); equal scores share their ranks, which is half a pair each.
    ranks = np.sum(rankdata(y_score, axis=0) * y_true, axis=0)
    won = ranks - n_positives * (n_positives + 1) / 2
    nan = np.full(len(n_pairs), np.nan)
    return np.asarray(np.divide(won, n_pairs, out=nan, where=n_pairs > 0))


def macro_average_precision(y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]) -> float:
    """Mean average precision of the classes that have a positive: the first primary metric.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores.

    Returns
    -------
    float, in [0, 1]
        NaN where no class has a positive.

    Examples
    --------
    The first class is perfect; of the second the one positive is second of three; the third has
    none and is left out:

    >>> y_true = np.array([[True, False, False], [False, True, False], [False, False, False]])
    >>> y_score = np.array([[0.9, 0.8, 0.1], [0.3, 0.6, 0.2], [0.1, 0.4, 0.3]])
    >>> macro_average_precision(y_true, y_score)  # (1 + 1 / 2) / 2
    0.75
    """
    return mean_of_defined(average_precision(y_true, y_score))


def macro_auc(y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]) -> float:
    """Mean ROC-AUC of the classes that have both positives and negatives.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores.

    Returns
    -------
    float, in [0, 1]
        NaN where no class has both.
    """
    return mean_of_defined(roc_auc(y_true, y_score))


def label_ranking_average_precision(
    y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]
) -> float:
    """Mean over rows of how high the true labels rank among all labels of the row.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores.

    Returns
    -------
    float, in [0, 1]
        Over the rows with a true label (scikit-learn would count the others as perfect).
    """
    check_arrays(y_true, y_score)
    labelled = y_true.any(axis=1)
    truth, scores = y_true[labelled], y_score[labelled]
    shares = np.zeros(len(truth))
    # Label by label for all rows at once: scikit-learn's loop over rows is 100 times slower.
    for label in range(y_true.shape[1]):
        above = scores >= scores[:, [label]]
        precision = np.sum(above & truth, axis=1) / np.sum(above, axis=1)
        shares += np.where(truth[:, label], precision, 0.0)
    return mean_of_defined(shares / truth.sum(axis=1))


def mean_of_defined(values: NDArray[np.float64]) -> float:
    """Mean of the values that are not NaN; NaN, without a warning, where there is none.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Any numbers.
    """
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else float("nan")


def top_1_accuracy(y_true: NDArray[np.bool_], y_score: NDArray[np.floating[Any]]) -> float:
    """Share of rows whose highest score is one of their labels.

    Parameters
    ----------
    y_true, y_score : ndarray of shape (n_rows, n_labels), bool and in [0, 1]
        Truth and scores.

    Returns
    -------
    float, in [0, 1]
        Over the rows with a true label; with one label to each row, the usual accuracy by argmax.
        Of equal scores the first label's counts.
    """
    check_arrays(y_true, y_score)
    labelled = np.flatnonzero(y_true.any(axis=1))
    return mean_of_defined(y_true[labelled, y_score[labelled].argmax(axis=1)].astype(np.float64))
