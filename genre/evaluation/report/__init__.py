"""The report of a comparison: tables, pictures, and the answer in plain words."""

from genre.evaluation.report.answer import answer
from genre.evaluation.report.cautions import cautions
from genre.evaluation.report.terminal import summary_text, where_it_is
from genre.evaluation.report.trust import calibration_of
from genre.evaluation.report.writing import compare_experiment, write_comparison

__all__ = [
    "answer",
    "calibration_of",
    "cautions",
    "compare_experiment",
    "summary_text",
    "where_it_is",
    "write_comparison",
]
