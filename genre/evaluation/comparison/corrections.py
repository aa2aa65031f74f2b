"""Corrections for the number of tests."""

from collections.abc import Iterable

import numpy as np
from statsmodels.stats.multitest import multipletests


def adjust(p_values: Iterable[float], *, method: str) -> list[float]:
    """Correct p-values for their number.

    Parameters
    ----------
    p_values : iterable of float
        NaN where there was no test; these do not count.
    method : str
        ``holm`` (family-wise error) or ``fdr_bh`` (false discoveries).
    """
    values = np.array(list(p_values), dtype=np.float64)
    corrected = np.full(len(values), np.nan)
    tested = ~np.isnan(values)
    if tested.any():
        corrected[tested] = multipletests(values[tested], method=method)[1]
    return [float(value) for value in corrected]
