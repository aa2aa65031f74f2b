"""The metrics by name: what each computes, what it needs, and what tables and axes call it.

A metric that is registered here is part of every record of a run, of scores.csv and, unless
``is_shown=False``, of the report's tables::

    METRICS["coverage_error"] = Metric(
        function=coverage_error, needs="scores", title="coverage error", higher_is_better=False
    )
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from genre.errors import ConfigError
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
from genre.evaluation.metrics.ranking import (
    label_ranking_average_precision,
    macro_auc,
    macro_average_precision,
    top_1_accuracy,
)
from genre.plugins import Registry

Needs = Literal["scores", "decisions"]
LEFT_OUT = ("n_labels_without_positives", "n_labels_without_negatives", "n_rows_without_labels")
WINDOW_F1 = "window_f1"
"""The weighted F1 of windows, which is compared beside the metrics of tracks."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One number for all tracks, or all windows, of a test set.

    Parameters
    ----------
    function : callable
        From truth, bool, and what `needs` says, both of shape (n_rows, n_labels), to a float: in
        [0, 1], or NaN where nothing can be said. The order of rows and labels must not matter.
    needs : scores or decisions
        Whether the function takes scores in [0, 1] or decisions, bool.
    title : str
        What tables and axes call it.
    higher_is_better : bool
        Whether 1 is perfect, or 0.
    is_shown : bool
        Whether the report's tables have a column for it; records and scores.csv hold every metric.
    is_primary : bool
        Whether models are compared by it, with intervals and p-values; then
        `genre.evaluation.comparison.measures.MEASURES` must hold it under the same name, and higher
        must be better.
    points_of : str
        What a difference is so many points of, in a sentence; by default the title.

    Raises
    ------
    ConfigError
        On a need that nobody can serve, without a title, or where a primary one is a loss.
    """

    function: Callable[[NDArray[np.bool_], NDArray[Any]], float]
    needs: Needs
    title: str
    higher_is_better: bool = True
    is_shown: bool = True
    is_primary: bool = False
    points_of: str = ""

    def __post_init__(self) -> None:
        if self.needs not in get_args(Needs):
            raise ConfigError(f"needs={self.needs!r} must be one of: {', '.join(get_args(Needs))}")
        if not self.title:
            raise ConfigError("title='' must be what tables and axes call the metric")
        if self.is_primary and not self.higher_is_better:
            raise ConfigError(
                "is_primary=True must come with higher_is_better=True: comparisons call the larger "
                "number the better one"
            )
        if not self.points_of:
            object.__setattr__(self, "points_of", self.title)


METRICS: Registry[Metric] = Registry(
    "metric",
    {
        "macro_ap": Metric(
            function=macro_average_precision,
            needs="scores",
            title="macro AP",
            is_primary=True,
            points_of="average precision",
        ),
        "weighted_f1": Metric(
            function=weighted_f1,
            needs="decisions",
            title="weighted F1",
            is_primary=True,
            points_of="F1",
        ),
        "weighted_precision": Metric(
            function=weighted_precision,
            needs="decisions",
            title="weighted precision",
            is_shown=False,
        ),
        "weighted_recall": Metric(
            function=weighted_recall, needs="decisions", title="weighted recall", is_shown=False
        ),
        "macro_f1": Metric(function=macro_f1, needs="decisions", title="macro F1"),
        "macro_precision": Metric(
            function=macro_precision, needs="decisions", title="macro precision", is_shown=False
        ),
        "macro_recall": Metric(
            function=macro_recall, needs="decisions", title="macro recall", is_shown=False
        ),
        "micro_f1": Metric(function=micro_f1, needs="decisions", title="micro F1"),
        "micro_precision": Metric(
            function=micro_precision, needs="decisions", title="micro precision", is_shown=False
        ),
        "micro_recall": Metric(
            function=micro_recall, needs="decisions", title="micro recall", is_shown=False
        ),
        "samples_f1": Metric(function=samples_f1, needs="decisions", title="samples F1"),
        "samples_precision": Metric(
            function=samples_precision, needs="decisions", title="samples precision", is_shown=False
        ),
        "samples_recall": Metric(
            function=samples_recall, needs="decisions", title="samples recall", is_shown=False
        ),
        "subset_accuracy": Metric(
            function=subset_accuracy, needs="decisions", title="subset accuracy"
        ),
        "elementwise_accuracy": Metric(
            function=elementwise_accuracy, needs="decisions", title="elementwise accuracy"
        ),
        "hamming_loss": Metric(
            function=hamming_loss,
            needs="decisions",
            title="Hamming loss",
            higher_is_better=False,
            is_shown=False,
        ),
        "jaccard": Metric(function=jaccard, needs="decisions", title="Jaccard", is_shown=False),
        "macro_auc": Metric(function=macro_auc, needs="scores", title="macro AUC"),
        "lrap": Metric(function=label_ranking_average_precision, needs="scores", title="LRAP"),
        "top_1_accuracy": Metric(function=top_1_accuracy, needs="scores", title="top-1 accuracy"),
        "brier": Metric(function=brier, needs="scores", title="Brier", higher_is_better=False),
        "ece": Metric(
            function=expected_calibration_error, needs="scores", title="ECE", higher_is_better=False
        ),
    },
)
"""All metrics by the name they have in files."""


def evaluate(
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.floating[Any]],
    decisions: NDArray[np.bool_] | None = None,
) -> dict[str, float]:
    """Compute every metric, and count what had to be left out.

    Parameters
    ----------
    y_true : ndarray of shape (n_tracks, n_labels), bool
        The genres of each track.
    y_score : ndarray of shape (n_tracks, n_labels), in [0, 1]
        The scores.
    decisions : ndarray of shape (n_tracks, n_labels), bool, optional
        The genres assigned, from `genre.evaluation.thresholds.decide`. Without them there are
        only the metrics that need none.

    Returns
    -------
    dict of str to float
        One value per name of `METRICS`, then ``n_labels_without_positives``,
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
        if metric.needs in given
    }
    values["n_labels_without_positives"] = float(np.sum(~y_true.any(axis=0)))
    values["n_labels_without_negatives"] = float(np.sum(y_true.all(axis=0)))
    values["n_rows_without_labels"] = float(np.sum(~y_true.any(axis=1)))
    return values


def primary_metrics(*, has_decisions: bool) -> tuple[str, ...]:
    """List the metrics that models are compared by.

    Parameters
    ----------
    has_decisions : bool
        Whether there are thresholds; without them only metrics of scores are left.
    """
    return tuple(
        name
        for name, metric in METRICS.items()
        if metric.is_primary and (has_decisions or metric.needs == "scores")
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
