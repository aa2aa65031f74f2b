"""Metrics of decisions, all from counts: TP, predicted positives PP and positives P.

``precision = TP / PP``, ``recall = TP / P``, ``F1 = 2 TP / (PP + P)``, 0 where the denominator
is 0. Averages as scikit-learn names them: *macro* over classes, *weighted* over classes by P,
*micro* from the sums over classes, *samples* over rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.metrics.checks import check_arrays

Average = Literal["macro", "weighted", "micro", "samples"]
Measure = Literal["precision", "recall", "f1"]
OfDecisions = Callable[[NDArray[np.bool_], NDArray[np.bool_]], float]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Counts of one axis of the arrays: per class, or per row.

    Parameters
    ----------
    true_positives, predicted, positives : ndarray of shape (n,), float
        TP, PP and P.
    """

    true_positives: NDArray[np.float64]
    predicted: NDArray[np.float64]
    positives: NDArray[np.float64]

    def measure(self, name: Measure) -> NDArray[np.float64]:
        """Compute precision, recall or F1, of shape (n,), in [0, 1].

        Parameters
        ----------
        name : precision, recall or f1
            Which of the three.
        """
        if name == "f1":
            return divide(2 * self.true_positives, self.predicted + self.positives)
        return divide(
            self.true_positives, self.predicted if name == "precision" else self.positives
        )


def count(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_], *, axis: int = 0) -> Counts:
    """Count TP, PP and P.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        The truth, and what was assigned.
    axis : int
        0 counts per class, 1 per row.
    """
    check_arrays(y_true, decisions)
    return Counts(
        true_positives=np.sum(y_true & decisions, axis=axis, dtype=np.float64),
        predicted=np.sum(decisions, axis=axis, dtype=np.float64),
        positives=np.sum(y_true, axis=axis, dtype=np.float64),
    )


def divide(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide, with 0 where the denominator is 0.

    Parameters
    ----------
    numerator, denominator : ndarray of float
        Of shapes that can be broadcast.
    """
    zeros = np.zeros(np.broadcast_shapes(numerator.shape, denominator.shape))
    return np.divide(numerator, denominator, out=zeros, where=denominator > 0)


def averaged(
    y_true: NDArray[np.bool_], decisions: NDArray[np.bool_], *, measure: Measure, average: Average
) -> float:
    """Precision, recall or F1 under one of the four averages.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        The truth, and what was assigned.
    measure : precision, recall or f1
        What is averaged.
    average : macro, weighted, micro or samples
        Over what; see the head of this module.

    Returns
    -------
    float, in [0, 1]
        Equal to scikit-learn's with ``zero_division=0``; macro is the mean over the labels that
        have a positive, 0 where none has.
    """
    counts = count(y_true, decisions, axis=1 if average == "samples" else 0)
    if average == "micro":
        counts = Counts(
            true_positives=counts.true_positives.sum(keepdims=True),
            predicted=counts.predicted.sum(keepdims=True),
            positives=counts.positives.sum(keepdims=True),
        )
    values = counts.measure(measure)
    if average == "macro":
        values = values[counts.positives > 0]
        return float(values.mean()) if len(values) else 0.0
    if average != "weighted":
        return float(values.mean())
    total = counts.positives.sum()
    return float(values @ counts.positives / total) if total else 0.0


def weighted_f1(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> float:
    """Compute the mean F1 of the classes, each as heavy as it has positives: a primary metric.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        The truth, and what was assigned.

    Returns
    -------
    float, in [0, 1]
        0 where nothing is positive.

    Examples
    --------
    The first class has two positives and an F1 of ``2 * 1 / (1 + 2)``, the second one has one and
    is perfect:

    >>> y_true = np.array([[True, False], [True, False], [False, True]])
    >>> decisions = np.array([[True, False], [False, False], [False, True]])
    >>> round(weighted_f1(y_true, decisions), 4)  # (2 * 2 / 3 + 1) / 3
    0.7778
    """
    return averaged(y_true, decisions, measure="f1", average="weighted")


def _metric(measure: Measure, average: Average) -> OfDecisions:
    def _averaged(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> float:
        return averaged(y_true, decisions, measure=measure, average=average)

    _averaged.__name__ = _averaged.__qualname__ = f"{average}_{measure}"
    _averaged.__doc__ = f"Compute the {average} average of {measure}, in [0, 1]."
    return _averaged


weighted_precision = _metric("precision", "weighted")
weighted_recall = _metric("recall", "weighted")
macro_f1 = _metric("f1", "macro")
macro_precision = _metric("precision", "macro")
macro_recall = _metric("recall", "macro")
micro_f1 = _metric("f1", "micro")
micro_precision = _metric("precision", "micro")
micro_recall = _metric("recall", "micro")
samples_f1 = _metric("f1", "samples")
samples_precision = _metric("precision", "samples")
samples_recall = _metric("recall", "samples")


def subset_accuracy(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> float:
    """Share of rows whose labels are all right, in [0, 1].

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        The truth, and what was assigned.
    """
    check_arrays(y_true, decisions)
    return float(np.mean(np.all(y_true == decisions, axis=1)))


def elementwise_accuracy(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> float:
    """Share of single yes-or-no answers that are right, in [0, 1]; high where labels are rare.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        The truth, and what was assigned.
    """
    check_arrays(y_true, decisions)
    return float(np.mean(y_true == decisions))


def hamming_loss(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> float:
    """Share of single yes-or-no answers that are wrong, in [0, 1]; lower is better.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        The truth, and what was assigned.
    """
    return 1.0 - elementwise_accuracy(y_true, decisions)


def jaccard(y_true: NDArray[np.bool_], decisions: NDArray[np.bool_]) -> float:
    """Mean over rows of (labels in both) / (labels in either), in [0, 1]; 0 where none is.

    Parameters
    ----------
    y_true, decisions : ndarray of shape (n_rows, n_labels), bool
        The truth, and what was assigned.
    """
    counts = count(y_true, decisions, axis=1)
    either = counts.predicted + counts.positives - counts.true_positives
    return float(divide(counts.true_positives, either).mean())
