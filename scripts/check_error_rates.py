"""Simulate test sets where the truth is known, and count how often each procedure is wrong.

Section 1 of the statistics page is repeated (windows, tracks or artists resampled; the t-test over
replicates; one seed, two and five; the combined standard error), with the coverage of BCa intervals
and the power to find a real difference; then exclusive genres, by accuracy and macro F1; and the
interval of one genre that few artists have. The same --rng-seed gives the same figures, whatever
the number of processes.
"""

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Any

from jsonargparse import Namespace

from error_rates import STUDIES, Rate, one_repeat, rates
from error_rates.procedures import POWER_EFFECT, true_delta
from figures import figures_parser, write_figures


def main() -> int:
    """Simulate, print a table, and write it as JSON where asked."""
    words = _words()
    started = time.perf_counter()
    found = simulate_all(words.studies, words.n_repeats, words.rng_seed, words.n_workers)
    seconds = time.perf_counter() - started
    for rate in found:
        print(_line(rate))
    differences = {
        name: true_delta(STUDIES[name].setting, POWER_EFFECT)
        for name in words.studies
        if name.startswith("power")
    }
    figures: dict[str, Any] = {
        "rates": [_plain(rate) for rate in found],
        "n_repeats": words.n_repeats,
        "rng_seed": words.rng_seed,
        "true_differences": differences,
        "seconds": seconds,
    }
    for name, difference in differences.items():
        print(f"{name}: the true difference in weighted F1 is {difference:.4f}")
    print(f"{words.n_repeats} repeats of {len(words.studies)} studies in {seconds:.0f} s")
    write_figures(figures, words.json)
    return 0 if all(rate.is_within is not False for rate in found) else 1


def simulate_all(
    studies: Sequence[str], n_repeats: int, rng_seed: int, n_workers: int
) -> list[Rate]:
    """Repeat every study on some processes.

    Parameters
    ----------
    studies : sequence of str
        Keys of `STUDIES`.
    n_repeats, rng_seed, n_workers : int
        Test sets per study, seed, processes.
    """
    found = []
    with ProcessPoolExecutor(n_workers) as pool:
        for study in studies:
            ask = partial(one_repeat, study, rng_seed=rng_seed)
            answers = list(pool.map(ask, range(n_repeats), chunksize=5))
            found += rates(study, answers)
            print(f"{study}: done", file=sys.stderr)
    return found


def _line(rate: Rate) -> str:
    words = {None: "", True: "  within its error of", False: "  NOT within its error of"}
    promise = f"{words[rate.is_within]} {rate.nominal:.0%}" if rate.is_within is not None else ""
    share = f"{100 * rate.rate:5.1f} % ± {100 * rate.error:.1f}"
    return f"{rate.study:22s} {rate.procedure:44s} {share}{promise}"


def _plain(rate: Rate) -> dict[str, Any]:
    nominal = None if rate.is_within is None else rate.nominal
    return {**asdict(rate), "nominal": nominal, "is_within": rate.is_within}


def _words() -> Namespace:
    parser = figures_parser("check_error_rates.py", __doc__ or "")
    parser.add_argument("--n-repeats", type=int, default=400, help="Simulated test sets per study.")
    parser.add_argument("--rng-seed", type=int, default=0, help="Seed of everything.")
    parser.add_argument(
        "--n-workers", type=int, default=min(2, os.cpu_count() or 1), help="Processes."
    )
    parser.add_argument(
        "--studies", nargs="+", choices=list(STUDIES), default=list(STUDIES), help="Which ones."
    )
    words = parser.parse_args()
    if words.n_repeats < 1 or words.n_workers < 1 or words.rng_seed < 0:
        parser.error("n-repeats and n-workers must be at least 1 and rng-seed at least 0")
    # One thread a process: the matrices are small.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    return words


if __name__ == "__main__":
    raise SystemExit(main())
