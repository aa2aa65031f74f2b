"""What scores are worth: metrics, thresholds, comparisons, pictures and the report.

Arrays come in, from anybody's model: this room knows neither audio nor networks. `compare` is the
whole of it in one call.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genre.evaluation.comparison import compare

__all__ = ["compare"]


def __getattr__(name: str) -> object:
    # Lazily: tagging needs thresholds alone, not pandas, statsmodels and matplotlib.
    if name == "compare":
        from genre.evaluation.comparison import compare

        return compare
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
