"""What scores are worth: metrics, thresholds, comparisons, pictures and the report.

Arrays come in, from anybody's model: this room knows neither audio nor networks. `compare` is the
whole of it in one call; the steps can be had one by one: `fit_scaling` and `fit_thresholds` on
validation tracks, `decide`, `evaluate` and `per_class_table` on test tracks, and `cluster_interval`
around a number of them. Pictures are in `genre.evaluation.plots`.

Everything is imported when it is first asked for.
"""

from typing import TYPE_CHECKING

from genre.lazy import offer

if TYPE_CHECKING:
    from genre.evaluation.bootstrap import (
        Interval,
        cluster_interval,
        cluster_rows,
        draw_weights,
        macro_ap_statistic,
        weighted_f1_statistic,
    )
    from genre.evaluation.calibration import (
        Calibration,
        Scaling,
        fit_scaling,
        judge_calibration,
        logit,
    )
    from genre.evaluation.comparison import ComparisonConfig, analyse, compare
    from genre.evaluation.inputs import load_experiment
    from genre.evaluation.metrics import (
        METRICS,
        Metric,
        average_precision,
        evaluate,
        macro_average_precision,
        per_class_table,
        roc_auc,
        weighted_f1,
    )
    from genre.evaluation.projection import project
    from genre.evaluation.thresholds import Thresholds, decide, fit_thresholds

__all__ = [
    "METRICS",
    "Calibration",
    "ComparisonConfig",
    "Interval",
    "Metric",
    "Scaling",
    "Thresholds",
    "analyse",
    "average_precision",
    "cluster_interval",
    "cluster_rows",
    "compare",
    "decide",
    "draw_weights",
    "evaluate",
    "fit_scaling",
    "fit_thresholds",
    "judge_calibration",
    "load_experiment",
    "logit",
    "macro_ap_statistic",
    "macro_average_precision",
    "per_class_table",
    "project",
    "roc_auc",
    "weighted_f1",
    "weighted_f1_statistic",
]

__getattr__, __dir__ = offer(
    __name__,
    {
        "bootstrap": (
            "Interval",
            "cluster_interval",
            "cluster_rows",
            "draw_weights",
            "macro_ap_statistic",
            "weighted_f1_statistic",
        ),
        "calibration": (
            "Calibration",
            "Scaling",
            "fit_scaling",
            "judge_calibration",
            "logit",
        ),
        "comparison": ("ComparisonConfig", "analyse", "compare"),
        "inputs": ("load_experiment",),
        "metrics": (
            "METRICS",
            "Metric",
            "average_precision",
            "evaluate",
            "macro_average_precision",
            "per_class_table",
            "roc_auc",
            "weighted_f1",
        ),
        "projection": ("project",),
        "thresholds": (
            "Thresholds",
            "decide",
            "fit_thresholds",
        ),
    },
)
