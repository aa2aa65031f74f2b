"""A metric says what it is, or is refused."""

from typing import Any

import pytest

from genre.errors import ConfigError
from genre.evaluation.metrics.decisions import jaccard
from genre.evaluation.metrics.metric import Metric


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"needs": "score", "title": "x"}, "needs='score' must be one of: scores, decisions"),
        ({"needs": "scores", "title": ""}, "title='' must be what tables and axes call"),
        (
            {
                "needs": "scores",
                "title": "x",
                "primary_for": ("exclusive",),
                "higher_is_better": False,
            },
            "primary_for must come with higher_is_better=True",
        ),
    ],
)
def test_a_metric_that_nobody_can_use_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Metric(function=jaccard, **options)
