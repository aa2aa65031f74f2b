"""The reference's procedure, repeated to show what it does.

Windows are resampled as if they were independent, scored with a fixed threshold of 0.5, and the
replicates go into a paired t-test as if they were observations. Its p-value therefore falls with
the number of replicates, whatever the data: t is about sqrt(B) times the difference in standard
errors.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student_t

from genre.evaluation.bootstrap import draw_weights, weighted_f1_statistic
from genre.evaluation.comparison.contrasts import Contrast
from genre.evaluation.comparison.measures import WINDOW_F1
from genre.evaluation.inputs import PooledRun

BLOCK_VALUES = 4_000_000
CURVE_SIZES = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True, kw_only=True)
class LegacyTest:
    """A paired t-test over replicates: invalid, because p depends on their number.

    Parameters
    ----------
    t, p : float
        Statistic and p-value with all replicates.
    """

    t: float
    p: float


def legacy_replicates(
    runs: Mapping[str, PooledRun], *, n_replicates: int, rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """Bootstrap the weighted F1 per window at 0.5, window by window.

    Parameters
    ----------
    runs : mapping of configuration to PooledRun
        One checkpoint of each, all with the same windows.
    n_replicates : int
        How often the windows are drawn.
    rng : Generator
        Where chance comes from.

    Returns
    -------
    dict of configuration to ndarray of shape (n_replicates,)
        The same resamples for all.
    """
    n_windows = len(next(iter(runs.values())).window_track)
    statistics = {
        name: weighted_f1_statistic(
            run.y_true[run.window_track], WINDOW_F1.values(run), np.arange(n_windows)
        )
        for name, run in runs.items()
    }
    values: dict[str, list[NDArray[np.float64]]] = {name: [] for name in runs}
    step = max(1, BLOCK_VALUES // n_windows)
    for start in range(0, n_replicates, step):
        size = min(step, n_replicates - start)
        weights = draw_weights(n_windows, n_replicates=size, rng=rng)
        for name, statistic in statistics.items():
            values[name].append(statistic(weights))
    return {name: np.concatenate(blocks) for name, blocks in values.items()}


def legacy_test(
    contrast: Contrast, replicates: Mapping[str, NDArray[np.float64]], *, n_replicates: int
) -> LegacyTest:
    """Test the first replicates of a contrast as if each were an observation.

    Parameters
    ----------
    contrast : Contrast
        What is tested.
    replicates : mapping of configuration to ndarray of shape (n,)
        From `legacy_replicates`.
    n_replicates : int
        How many of them.
    """
    differences = np.sum(
        [weight * replicates[name][:n_replicates] for name, weight in contrast.weights.items()],
        axis=0,
    )
    spread = float(np.std(differences, ddof=1))
    mean = float(np.mean(differences))
    # Replicates of equal models differ by rounding only.
    if spread < 1e-12:
        return LegacyTest(t=0.0, p=1.0) if abs(mean) < 1e-12 else LegacyTest(t=np.inf, p=0.0)
    t = mean / (spread / np.sqrt(len(differences)))
    return LegacyTest(t=t, p=float(2 * student_t.sf(abs(t), len(differences) - 1)))


def legacy_curve(
    contrasts: Iterable[Contrast], replicates: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """Compute the reference's p-value for growing numbers of replicates.

    Parameters
    ----------
    contrasts : iterable of Contrast
        What is tested.
    replicates : mapping of configuration to ndarray of shape (n,)
        From `legacy_replicates`.

    Returns
    -------
    DataFrame
        contrast, n_replicates, p.
    """
    n_all = min((len(values) for values in replicates.values()), default=0)
    sizes: Sequence[int] = sorted({size for size in CURVE_SIZES if size < n_all} | {n_all})
    rows = [
        (contrast.name, size, legacy_test(contrast, replicates, n_replicates=size).p)
        for contrast in contrasts
        for size in sizes
    ]
    return pd.DataFrame(rows, columns=["contrast", "n_replicates", "p"])
