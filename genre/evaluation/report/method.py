"""How the figures of a report came about."""

from genre.evaluation.comparison.results import Comparison
from genre.evaluation.report.markdown import bullets


def method_section(comparison: Comparison) -> list[str]:
    """Write how the figures were computed.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    """
    config, unit = comparison.config, comparison.unit
    lines = [
        (
            f"Whole {unit}s are resampled, {config.n_replicates} times, with rng_seed "
            f"{config.rng_seed}; all models, seeds and metrics share the same resamples."
        ),
        *(_of_differences(comparison) if len(comparison.contrasts) else ()),
        (
            f"Intervals of a single genre: the jackknife over {unit}s on the scale of log odds, "
            f"with Student's t; none where one {unit} alone has the genre, or all are judged alike "
            "(a value of 0 or 1), as nothing says then how far off it is."
        ),
        (
            "Precision, recall and F1 are 0 where their denominator is 0 (zero_division=0). Macro "
            "averages leave out genres without a test track; the set is that of all replicates."
        ),
    ]
    return ["## How it was computed", bullets(lines)]


def _of_differences(comparison: Comparison) -> list[str]:
    config, unit = comparison.config, comparison.unit
    return [
        (
            f"One seed: BCa interval, and a test that exchanges two models within {unit}s. Several "
            f"seeds: t interval and p from the variance over {unit}s plus the variance over seeds, "
            "with Satterthwaite's degrees of freedom."
        ),
        (
            f"What a single training changes for single {unit}s stands in both variances and is "
            "counted once (column se). Simple addition counts it twice and finds too little: "
            "columns se_noise_twice and p_noise_twice show it, nothing here uses them."
        ),
        (
            "Holm corrects within a family: planned contrasts on both primary metrics, pairs, "
            "windows; network against baseline is one test of its own. A contrast without a test "
            "(the interaction with one seed) does not count."
        ),
        (
            f"Equivalence: within {config.rope:g}; with several seeds its share is that of the t "
            "distribution. Detectable: found with 80 % power by a single test. Differences "
            "are shares of 1; the answer's points are hundredths, so that 0.041 is 4.1 points. "
            "P(A > B) over seeds: of all pairs of a training of A and one of B, the share in which "
            "A scores higher."
        ),
    ]
