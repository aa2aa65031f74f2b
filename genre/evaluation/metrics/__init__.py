"""How good scores and decisions are: the registry of metrics, and tables per genre.

Convention: a metric is a function of the truth and of what it needs, ``f(y_true, y_score)`` or
``f(y_true, decisions)``, each of shape ``(n_tracks, n_labels)``, and returns one float. Rows may
also be windows. Where a metric has nothing to say the rule is fixed: 0 for a precision, recall or
F1 without denominator (``zero_division=0``); classes without positives are left out of macro
averages, classes without positives or without negatives out of ROC-AUC, rows without a true label
out of LRAP and top-1 accuracy, and `evaluate` counts what was left out. Nothing left at all gives
NaN.
"""

from genre.evaluation.metrics.confusion import Confusion, confusion, confusion_table
from genre.evaluation.metrics.decisions import (
    elementwise_accuracy,
    subset_accuracy,
    weighted_f1,
)
from genre.evaluation.metrics.metric import Metric
from genre.evaluation.metrics.per_class import per_class_table, report_text
from genre.evaluation.metrics.ranking import (
    average_precision,
    macro_average_precision,
    roc_auc,
)
from genre.evaluation.metrics.registry import (
    METRICS,
    evaluate,
    primary_metrics,
    title_of,
)

__all__ = [
    "METRICS",
    "Confusion",
    "Metric",
    "average_precision",
    "confusion",
    "confusion_table",
    "elementwise_accuracy",
    "evaluate",
    "macro_average_precision",
    "per_class_table",
    "primary_metrics",
    "report_text",
    "roc_auc",
    "subset_accuracy",
    "title_of",
    "weighted_f1",
]
