"""The metrics by name: what each computes, what it needs, and what tables and axes call it.

A metric that is registered here is part of every record of a run, of scores.csv and, unless
``is_shown=False``, of the report's tables::

    METRICS["coverage_error"] = Metric(
        function=coverage_error, needs="scores", title="coverage error", higher_is_better=False
    )
"""

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
from genre.evaluation.metrics.exclusive import (
    accuracy,
    balanced_accuracy,
    log_loss,
    top_calibration_error,
)
from genre.evaluation.metrics.metric import Metric
from genre.evaluation.metrics.ranking import (
    label_ranking_average_precision,
    macro_auc,
    macro_average_precision,
    top_1_accuracy,
)
from genre.plugins import Registry
from genre.tasks import Task

_EACH: tuple[Task, ...] = ("multilabel",)
_WHICH: tuple[Task, ...] = ("exclusive",)

LEFT_OUT = ("n_labels_without_positives", "n_labels_without_negatives", "n_rows_without_labels")
WINDOW_F1 = "window_f1"
"""The weighted F1 of windows, which is compared beside the metrics of tracks."""


METRICS: Registry[Metric] = Registry(
    "metric",
    {
        "accuracy": Metric(
            function=accuracy,
            needs="decisions",
            title="accuracy",
            tasks=_WHICH,
            primary_for=_WHICH,
        ),
        "macro_ap": Metric(
            function=macro_average_precision,
            needs="scores",
            title="macro AP",
            primary_for=_EACH,
            points_of="average precision",
        ),
        "weighted_f1": Metric(
            function=weighted_f1,
            needs="decisions",
            title="weighted F1",
            tasks=_EACH,
            primary_for=_EACH,
            points_of="F1",
        ),
        "weighted_precision": Metric(
            function=weighted_precision,
            needs="decisions",
            title="weighted precision",
            tasks=_EACH,
            is_shown=False,
        ),
        "weighted_recall": Metric(
            function=weighted_recall,
            needs="decisions",
            title="weighted recall",
            tasks=_EACH,
            is_shown=False,
        ),
        "macro_f1": Metric(
            function=macro_f1,
            needs="decisions",
            title="macro F1",
            primary_for=_WHICH,
            points_of="F1",
        ),
        "macro_precision": Metric(
            function=macro_precision, needs="decisions", title="macro precision", is_shown=False
        ),
        "macro_recall": Metric(
            function=macro_recall,
            needs="decisions",
            title="macro recall",
            tasks=_EACH,
            is_shown=False,
        ),
        "balanced_accuracy": Metric(
            function=balanced_accuracy, needs="decisions", title="balanced accuracy", tasks=_WHICH
        ),
        "micro_f1": Metric(function=micro_f1, needs="decisions", title="micro F1", tasks=_EACH),
        "micro_precision": Metric(
            function=micro_precision,
            needs="decisions",
            title="micro precision",
            tasks=_EACH,
            is_shown=False,
        ),
        "micro_recall": Metric(
            function=micro_recall,
            needs="decisions",
            title="micro recall",
            tasks=_EACH,
            is_shown=False,
        ),
        "samples_f1": Metric(
            function=samples_f1, needs="decisions", title="samples F1", tasks=_EACH
        ),
        "samples_precision": Metric(
            function=samples_precision,
            needs="decisions",
            title="samples precision",
            tasks=_EACH,
            is_shown=False,
        ),
        "samples_recall": Metric(
            function=samples_recall,
            needs="decisions",
            title="samples recall",
            tasks=_EACH,
            is_shown=False,
        ),
        "subset_accuracy": Metric(
            function=subset_accuracy, needs="decisions", title="subset accuracy", tasks=_EACH
        ),
        "elementwise_accuracy": Metric(
            function=elementwise_accuracy,
            needs="decisions",
            title="elementwise accuracy",
            tasks=_EACH,
        ),
        "hamming_loss": Metric(
            function=hamming_loss,
            needs="decisions",
            title="Hamming loss",
            higher_is_better=False,
            tasks=_EACH,
            is_shown=False,
        ),
        "jaccard": Metric(
            function=jaccard, needs="decisions", title="Jaccard", tasks=_EACH, is_shown=False
        ),
        "macro_auc": Metric(function=macro_auc, needs="scores", title="macro AUC"),
        "lrap": Metric(
            function=label_ranking_average_precision, needs="scores", title="LRAP", tasks=_EACH
        ),
        "top_1_accuracy": Metric(
            function=top_1_accuracy, needs="scores", title="top-1 accuracy", tasks=_EACH
        ),
        "brier": Metric(function=brier, needs="scores", title="Brier", higher_is_better=False),
        "log_loss": Metric(
            function=log_loss,
            needs="scores",
            title="log loss",
            higher_is_better=False,
            tasks=_WHICH,
        ),
        "ece": Metric(
            function=expected_calibration_error,
            needs="scores",
            title="ECE",
            higher_is_better=False,
            tasks=_EACH,
        ),
        "top_ece": Metric(
            function=top_calibration_error,
            needs="scores",
            title="ECE of the best",
            higher_is_better=False,
            tasks=_WHICH,
        ),
    },
)
"""All metrics by the name they have in files."""


def evaluate(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    decisions: NDArray[np.bool_] | None = None,
    *,
    task: Task = "multilabel",
) -> dict[str, float]:
    """Compute every metric of a task, and count what had to be left out.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The genres of each track.
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        The scores.
    decisions : ndarray of shape (n_tracks, n_labels), bool, optional
        The genres assigned, from `genre.evaluation.thresholds.decide`. Without them there are
        only the metrics that need none.
    task : multilabel or exclusive
        Which question was answered.

    Returns
    -------
    dict of str to float
        One value per name of `METRICS` that is of the task, then ``n_labels_without_positives``,
        ``n_labels_without_negatives`` and ``n_rows_without_labels``.

    Examples
    --------
    Of four tracks the first has the genre; it has the best score, but another reaches 0.5 too:

    >>> y_true = np.array([[True], [False], [False], [False]])
    >>> y_score = np.array([[0.9], [0.6], [0.1], [0.0]])
    >>> values = evaluate(y_true, y_score, y_score >= 0.5)
    >>> values["macro_ap"], values["macro_precision"], values["macro_recall"]
    (1.0, 0.5, 1.0)
    >>> "macro_precision" in evaluate(y_true, y_score)
    False
    """
    given = (
        {"scores": y_score} if decisions is None else {"scores": y_score, "decisions": decisions}
    )
    check_arrays(y_true, *given.values())
    values = {
        name: metric.function(y_true, given[metric.needs])
        for name, metric in METRICS.items()
        if metric.needs in given and task in metric.tasks
    }
    values["n_labels_without_positives"] = float(np.sum(~y_true.any(axis=0)))
    values["n_labels_without_negatives"] = float(np.sum(y_true.all(axis=0)))
    values["n_rows_without_labels"] = float(np.sum(~y_true.any(axis=1)))
    return values


def primary_metrics(*, has_decisions: bool, task: Task = "multilabel") -> tuple[str, ...]:
    """List the metrics that models are compared by.

    Parameters
    ----------
    has_decisions : bool
        Whether there are thresholds; without them only metrics of scores are left.
    task : multilabel or exclusive
        Which question the models answer.
    """
    return tuple(
        name
        for name, metric in METRICS.items()
        if task in metric.primary_for and (has_decisions or metric.needs == "scores")
    )


def title_of(name: str) -> str:
    """Return what tables and axes call a number.

    Parameters
    ----------
    name : str
        A key of `METRICS`, or ``window_f1``; another name is its own title.
    """
    if name == WINDOW_F1:
        return f"{METRICS['weighted_f1'].title} per window at 0.5"
    return METRICS[name].title if name in METRICS else name
