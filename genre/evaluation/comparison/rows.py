"""Columns of the table of contrasts."""

from collections.abc import Mapping, Sequence

import numpy as np

from genre.evaluation.comparison.contrasts import Contrast
from genre.evaluation.comparison.inference import Estimate
from genre.evaluation.comparison.measures import Replicated


def uncertainty(found: Estimate) -> dict[str, float | str]:
    """Make the columns of an estimate's standard errors and intervals.

    Parameters
    ----------
    found : Estimate
        The estimate.
    """
    return {
        "se": found.se,
        "se_test": found.se_test,
        "se_seed": found.se_seed,
        "ci_low": found.interval.low,
        "ci_high": found.interval.high,
        "ci_method": found.interval.method,
        "percentile_low": found.percentile.low,
        "percentile_high": found.percentile.high,
    }


def sides(
    contrast: Contrast, replicated: Mapping[str, Sequence[Replicated]], n_seeds: int
) -> dict[str, float]:
    """Make the columns of what is compared: both means, and their difference relative to B.

    Parameters
    ----------
    contrast : Contrast
        What A and B are.
    replicated : mapping of configuration to sequence of Replicated
        One per seed.
    n_seeds : int
        With 1 the first seed of each counts alone.
    """
    means = {
        name: float(np.mean([run.value for run in (runs if n_seeds > 1 else runs[:1])]))
        for name, runs in replicated.items()
    }
    a, b = [means[name] for name in contrast.side_a], [means[name] for name in contrast.side_b]
    if contrast.is_interaction:
        # A and B are then the two differences whose difference is asked for.
        a, b = [a[0] - b[0]], [b[1] - a[1]]
    mean_a, mean_b = float(np.mean(a)), float(np.mean(b))
    # A difference of differences has no natural base.
    has_base = mean_b > 0 and not contrast.is_interaction
    relative = (mean_a - mean_b) / mean_b if has_base else float("nan")
    return {"mean_A": mean_a, "mean_B": mean_b, "relative": relative}
