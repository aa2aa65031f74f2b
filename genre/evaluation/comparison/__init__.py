"""Comparing configurations: contrasts, intervals, tests, corrections."""

from genre.evaluation.comparison.analysis import analyse
from genre.evaluation.comparison.contrasts import Contrast, pair_contrasts, planned_contrasts
from genre.evaluation.results import Comparison, ComparisonConfig

__all__ = [
    "Comparison",
    "ComparisonConfig",
    "Contrast",
    "analyse",
    "pair_contrasts",
    "planned_contrasts",
]
