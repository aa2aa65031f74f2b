"""What a metric is, to tables, comparisons and pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from genre.errors import ConfigError
from genre.tasks import TASKS, Task

Needs = Literal["scores", "decisions"]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One number for all tracks, or all windows, of a test set.

    Parameters
    ----------
    function : callable
        From truth, bool, and what `needs` says, both of shape (n_rows, n_labels), to a float: in
        [0, 1], or at least 0 where lower is better, or NaN where nothing can be said. The order of
        rows and labels must not matter.
    needs : scores or decisions
        Whether the function takes scores in [0, 1] or decisions, bool.
    title : str
        What tables and axes call it.
    higher_is_better : bool
        Whether 1 is perfect, or 0.
    is_shown : bool
        Whether the report's tables have a column for it; records and scores.csv hold every metric.
    tasks : tuple of multilabel, exclusive
        Which questions it judges the answers to.
    primary_for : tuple of multilabel, exclusive
        For which of these models are compared by it, with intervals and p-values; then
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
    tasks: tuple[Task, ...] = TASKS
    primary_for: tuple[Task, ...] = ()
    points_of: str = ""

    def __post_init__(self) -> None:
        if self.needs not in get_args(Needs):
            raise ConfigError(f"needs={self.needs!r} must be one of: {', '.join(get_args(Needs))}")
        if not self.title:
            raise ConfigError("title='' must be what tables and axes call the metric")
        if self.primary_for and not self.higher_is_better:
            raise ConfigError(
                "primary_for must come with higher_is_better=True: comparisons call the larger "
                "number the better one"
            )
        if not self.points_of:
            object.__setattr__(self, "points_of", self.title)
