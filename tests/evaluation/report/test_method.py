"""How the figures came about: genre.evaluation.report.method."""

from dataclasses import replace

from genre.evaluation.comparison import Comparison
from genre.evaluation.report.method import method_section


def test_the_method_names_what_is_resampled_and_how_often(small_comparison: Comparison) -> None:
    heading, lines = method_section(small_comparison)
    assert heading == "## How it was computed"
    assert lines.startswith("- Whole artists are resampled, 200 times, with rng_seed 0;")
    assert "Holm corrects within a family" in lines
    assert "none where one artist alone has the genre" in lines


def test_where_nothing_is_compared_no_test_is_explained(small_comparison: Comparison) -> None:
    alone = replace(small_comparison, contrasts=small_comparison.contrasts.iloc[:0])
    _, lines = method_section(alone)
    assert "Holm" not in lines
    assert "zero_division=0" in lines
