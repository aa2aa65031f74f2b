"""What a difference is worth: interval, p-value, effect size.

With several seeds the claim is about configurations, and the spread between seeds belongs to the
error: ``SE^2 = (Var* - N) + sum c_k^2 s_k^2 / S_k`` with Satterthwaite's degrees of freedom. With
one seed it is about two checkpoints, and artists are the only source of chance.

N is the noise that a single training adds for single artists. It is in both variances: Var* of a
mean of seeds holds it once, divided by S, and so does s_k^2 / S, because the seeds are scored on
one set of artists. The replicates know its size: it is the variance of each seed about the mean of
its seeds. The plain sum Var* + sum c_k^2 s_k^2 / S_k counts it twice; where it outweighs what seeds
change as a whole, a test at 5 % is then wrong in 1 % of simulated cases and finds less
(`error_rates`). That sum is kept as `Estimate.se_noise_twice`; it decides nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student_t
from statsmodels.stats.multitest import multipletests

from genre.evaluation.bootstrap import MIN_CLUSTERS, Interval, cluster_interval, percentile_interval
from genre.evaluation.comparison.contrasts import Contrast
from genre.evaluation.comparison.measures import Replicated
from genre.evaluation.comparison.results import ComparisonConfig


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


POWER = 0.8
NOTHING = float("nan")


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A weighted sum of configurations and its uncertainty.

    Parameters
    ----------
    value : float
        In points of the metric.
    n_seeds : int
        Seeds of the configuration with the fewest; 1: checkpoints are compared.
    se : float
        The standard error behind `interval`, `p_value` and `detectable`.
    se_test, se_seed : float
        Standard errors from the artists and from the seeds (NaN with one seed).
    interval, percentile : Interval
        The interval to quote, and the percentile interval beside it.
    p_value : float
        Of the t statistic; NaN with one seed, where the randomisation test is asked.
    se_noise_twice, p_noise_twice : float
        By the plain sum of both variances, which counts the noise of runs by artist twice (NaN with
        one seed).
    freedom : float
        Degrees of freedom of the t distribution behind `se`.
    detectable : float
        The smallest true difference found with 80 % power.
    replicates : ndarray of shape (n_replicates,)
        Bootstrap values.
    """

    value: float
    n_seeds: int
    se: float
    se_test: float
    se_seed: float
    interval: Interval
    percentile: Interval
    p_value: float
    se_noise_twice: float
    p_noise_twice: float
    freedom: float
    detectable: float
    replicates: NDArray[np.float64]


def estimate(
    weights: Mapping[str, float],
    runs: Mapping[str, Sequence[Replicated]],
    config: ComparisonConfig,
    *,
    fixed: Collection[str] = (),
) -> Estimate:
    """Estimate a weighted sum of configurations, from the runs of each, one per seed.

    Where any configuration has a single seed, the first of each is used.

    Parameters
    ----------
    weights : mapping of configuration to float
        Those of a contrast, or 1 for a single configuration.
    runs : mapping of configuration to sequence of Replicated
        One per seed, all on the same resamples.
    config : ComparisonConfig
        How to compare.
    fixed : collection of str
        What has no seeds, as it would be the same with any: a baseline. Artists are its only
        chance.
    """
    used, n_seeds = _used(weights, runs, fixed)
    value = float(_combined(weights, used, "value"))
    replicates = _combined(weights, used, "replicates")
    jackknife = _combined(weights, used, "jackknife")
    # One artist alone does not say how much another would differ.
    alone = len(jackknife) < 2
    variance = float("nan") if alone else float(np.var(replicates, ddof=1))
    terms = _seed_terms(weights, used)
    # A variance that is not known stays so: max() gives its first argument beside NaN.
    shared = max(variance - _noise_of_runs(weights, used), 0.0)
    total, freedom = satterthwaite(shared, len(jackknife), terms)
    twice, freedom_twice = satterthwaite(variance, len(jackknife), terms)
    interval = cluster_interval(replicates, value, jackknife, confidence=config.confidence)
    plain = percentile_interval(replicates, confidence=config.confidence)
    quantile = float(student_t.ppf((1 + config.confidence) / 2, freedom))
    if len(jackknife) >= MIN_CLUSTERS and n_seeds > 1:
        half = total * quantile
        interval = Interval(low=value - half, high=value + half, method="t")
    return Estimate(
        value=value,
        n_seeds=n_seeds,
        se=total,
        se_test=float(np.sqrt(variance)),
        se_seed=satterthwaite(0.0, len(jackknife), terms)[0] if n_seeds > 1 else NOTHING,
        interval=interval,
        percentile=interval if alone else plain,
        p_value=t_test_p(value, total, freedom) if n_seeds > 1 else NOTHING,
        se_noise_twice=twice if n_seeds > 1 else NOTHING,
        p_noise_twice=t_test_p(value, twice, freedom_twice) if n_seeds > 1 else NOTHING,
        freedom=freedom,
        detectable=(quantile + float(student_t.ppf(POWER, freedom))) * total,
        replicates=replicates,
    )


def _used(
    weights: Mapping[str, float],
    runs: Mapping[str, Sequence[Replicated]],
    fixed: Collection[str],
) -> tuple[dict[str, Sequence[Replicated]], int]:
    """Take all seeds of each, or the first alone where any that has seeds has but one."""
    n_seeds = min(len(runs[name]) for name in weights if name not in fixed)
    return {name: runs[name] if n_seeds > 1 else runs[name][:1] for name in weights}, n_seeds


def _combined(
    weights: Mapping[str, float], used: Mapping[str, Sequence[Replicated]], field: str
) -> NDArray[np.float64]:
    """Add up the seed means of one field of the configurations."""
    means = [
        weight * np.mean([getattr(run, field) for run in used[name]], axis=0)
        for name, weight in weights.items()
    ]
    return np.asarray(np.sum(means, axis=0))


def _seed_terms(
    weights: Mapping[str, float], used: Mapping[str, Sequence[Replicated]]
) -> list[tuple[float, int]]:
    """List ``c_k^2 s_k^2`` and S_k of each configuration; nothing where there is one seed."""
    return [
        (weight**2 * float(np.var([run.value for run in used[name]], ddof=1)), len(used[name]))
        for name, weight in weights.items()
        if len(used[name]) > 1
    ]


def _noise_of_runs(weights: Mapping[str, float], used: Mapping[str, Sequence[Replicated]]) -> float:
    """Compute the variance over artists that single runs, not their configuration, account for.

    ``N = sum c_k^2 v_k / S_k``, where v_k is the variance of the replicates of a seed about the
    mean of its seeds, summed over seeds and divided by S_k - 1: what Var* and s_k^2 / S_k both
    hold.
    """
    total = 0.0
    # Seeds that happen to score exactly the same show no spread: nothing is counted twice then.
    if not any(term for term, _ in _seed_terms(weights, used)):
        return total
    for name, weight in weights.items():
        values = np.array([run.replicates for run in used[name]])
        if len(values) > 1:
            spread = np.var(values - values.mean(axis=0), axis=1, ddof=1).sum() / (len(values) - 1)
            total += weight**2 * float(spread) / len(values)
    return total


def satterthwaite(
    variance: float, n_clusters: int, terms: Sequence[tuple[float, int]]
) -> tuple[float, float]:
    """Add the variance of artists and of seeds.

    Parameters
    ----------
    variance : float
        Over artists.
    n_clusters : int
        Artists behind it.
    terms : sequence of (float, int)
        For each configuration ``c_k^2 s_k^2`` and the number of its seeds.

    Returns
    -------
    tuple of float
        The standard error and its degrees of freedom.
    """
    parts = [(variance, max(n_clusters - 1, 1))]
    parts += [(term / n_seeds, n_seeds - 1) for term, n_seeds in terms]
    total = sum(part for part, _ in parts)
    scale = sum(part**2 / freedom for part, freedom in parts)
    freedom = total**2 / scale if scale > 0 else float(max(n_clusters - 1, 1))
    return float(np.sqrt(total)), freedom


def p_a_beats_b(
    contrast: Contrast, runs: Mapping[str, Sequence[Replicated]], *, n_seeds: int
) -> float:
    """Share of the pairs of seeds in which A scores higher, a tie counting half.

    Parameters
    ----------
    contrast : Contrast
        What A and B are.
    runs : mapping of configuration to sequence of Replicated
        One per seed.
    n_seeds : int
        Of the configuration with the fewest that has any.

    Returns
    -------
    float, in [0, 1]
        Mean over the matched configurations; NaN with one seed and for an interaction.
    """
    if contrast.is_interaction or n_seeds < 2:
        return float("nan")
    shares = []
    for a, b in zip(contrast.side_a, contrast.side_b, strict=True):
        value_a = np.array([run.value for run in runs[a]])
        value_b = np.array([run.value for run in runs[b]])
        shares.append(np.heaviside(value_a[:, np.newaxis] - value_b, 0.5).mean())
    return float(np.mean(shares))


def t_test_p(value: float, standard_error: float, freedom: float) -> float:
    """Compute the two-sided p-value of a value with its standard error; 1 for exactly nothing.

    Parameters
    ----------
    value, standard_error : float
        In the same unit.
    freedom : float
        Degrees of freedom of the t distribution.
    """
    if standard_error == 0:
        return 1.0 if value == 0 else 0.0
    return float(2 * student_t.sf(abs(value) / standard_error, freedom))


def share_in_rope(found: Estimate, rope: float) -> float:
    """Compute how likely a difference is negligible.

    Replicates know nothing of seeds: where there are several, the t distribution has both.

    Parameters
    ----------
    found : Estimate
        The difference.
    rope : float, at least 0
        A difference up to this is negligible.

    Returns
    -------
    float, in [0, 1]
    """
    if found.n_seeds < 2 or not found.se > 0:
        return float(np.mean(np.abs(found.replicates) <= rope))
    below, above = (
        student_t.cdf((edge - found.value) / found.se, found.freedom) for edge in (-rope, rope)
    )
    return float(above - below)
