"""Comparing configurations: contrasts, intervals, tests, corrections."""

from genre.evaluation.comparison.analysis import analyse, compare
from genre.evaluation.comparison.contrasts import Contrast, pair_contrasts, planned_contrasts
from genre.evaluation.comparison.results import Comparison, ComparisonConfig

__all__ = [
    "Comparison",
    "ComparisonConfig",
    "Contrast",
    "analyse",
    "compare",
    "pair_contrasts",
    "planned_contrasts",
]
