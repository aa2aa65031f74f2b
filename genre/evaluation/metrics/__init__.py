"""How good scores and decisions are: the registry of metrics, and tables per genre.

Convention: every metric is a function of ``(y_true, y_score, decisions)``, each of shape
``(n_tracks, n_labels)``, and returns one float. Rows may also be windows. Where a metric has
nothing to say the rule is fixed: 0 for a precision, recall or F1 without denominator
(``zero_division=0``); classes without positives are left out of macro averages, classes
without positives or without negatives out of ROC-AUC, rows without a true label out of LRAP and
top-1 accuracy, and `evaluate` counts what was left out. Nothing left at all gives NaN.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.metrics.calibration import brier, expected_calibration_error
from genre.evaluation.metrics.checks import check_arrays
from genre.evaluation.metrics.decisions import (
    elementwise_accuracy,
    hamming_loss,
    jaccard,
    macro_f1,
    macro_precision,
    macro_recall,
    micro_f1,
    micro_precision,
    micro_recall,
    samples_f1,
    samples_precision,
    samples_recall,
    subset_accuracy,
    weighted_f1,
    weighted_precision,
    weighted_recall,
)
from genre.evaluation.metrics.per_class import per_class_table, report_text
from genre.evaluation.metrics.ranking import (
    average_precision,
    label_ranking_average_precision,
    macro_auc,
    macro_average_precision,
    roc_auc,
    top_1_accuracy,
)

__all__ = [
    "METRICS",
    "THRESHOLD_FREE",
    "Metric",
    "average_precision",
    "elementwise_accuracy",
    "evaluate",
    "macro_average_precision",
    "per_class_table",
    "report_text",
    "roc_auc",
    "subset_accuracy",
    "weighted_f1",
]

Metric = Callable[[NDArray[np.bool_], NDArray[np.floating[Any]], NDArray[np.bool_]], float]

METRICS: dict[str, Metric] = {
    "macro_ap": macro_average_precision,
    "weighted_f1": weighted_f1,
    "weighted_precision": weighted_precision,
    "weighted_recall": weighted_recall,
    "macro_f1": macro_f1,
    "macro_precision": macro_precision,
    "macro_recall": macro_recall,
    "micro_f1": micro_f1,
    "micro_precision": micro_precision,
    "micro_recall": micro_recall,
    "samples_f1": samples_f1,
    "samples_precision": samples_precision,
    "samples_recall": samples_recall,
    "subset_accuracy": subset_accuracy,
    "elementwise_accuracy": elementwise_accuracy,
    "hamming_loss": hamming_loss,
    "jaccard": jaccard,
    "macro_auc": macro_auc,
    "lrap": label_ranking_average_precision,
    "top_1_accuracy": top_1_accuracy,
    "brier": brier,
    "ece": expected_calibration_error,
}
"""All metrics by name; the first two are the primary ones."""

LEFT_OUT = ("n_labels_without_positives", "n_labels_without_negatives", "n_rows_without_labels")
THRESHOLD_FREE = ("macro_ap", "macro_auc", "lrap", "top_1_accuracy", "brier", "ece", *LEFT_OUT)
"""What needs scores and no decisions."""


def evaluate(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    decisions: NDArray[np.bool_],
) -> dict[str, float]:
    """Compute every metric, and count what had to be left out.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The genres of each track.
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        The scores.
    decisions : ndarray of shape (n_tracks, n_labels), bool
        The genres assigned, from `genre.evaluation.thresholds.decide`.

    Returns
    -------
    dict of str to float
        One value per name of `METRICS`, then ``n_labels_without_positives``,
        ``n_labels_without_negatives`` and ``n_rows_without_labels``.
    """
    check_arrays(y_true, y_score, decisions)
    values = {name: metric(y_true, y_score, decisions) for name, metric in METRICS.items()}
    values["n_labels_without_positives"] = float(np.sum(~y_true.any(axis=0)))
    values["n_labels_without_negatives"] = float(np.sum(y_true.all(axis=0)))
    values["n_rows_without_labels"] = float(np.sum(~y_true.any(axis=1)))
    return values
