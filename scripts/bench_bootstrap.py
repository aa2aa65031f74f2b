"""Time the bootstrap beside loops of scikit-learn, and in a large case; one process.

Small: 2,000 tracks of 14 windows, 16 genres, 4 models, 10,000 replicates that resample the tracks.
scikit-learn is timed on a few replicates and scaled, ours is timed whole with drawing and counting;
replicates computed by both must agree. Large: 100,000 tracks of 10,000 artists, 50 genres, 20 runs.
OMP_NUM_THREADS=1 keeps matrix products, the only threaded part, to one core.
"""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jsonargparse import Namespace
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from figures import figures_parser, peak_megabytes, tell_figures
from genre.evaluation.bootstrap import (
    draw_weights,
    f1_statistic,
    macro_ap_statistic,
    macro_auc_statistic,
    weighted_f1_statistic,
)
from genre.evaluation.bootstrap.weights import blocks

Statistics = Sequence[Callable[[NDArray[Any]], NDArray[np.float64]]]
Loop = Callable[[NDArray[np.intp]], list[float]]


def main() -> None:
    """Measure what was asked for, print it, and write it as JSON where asked."""
    words = _words()
    scale = words.scale
    figures: dict[str, Any] = {"scale": scale, "threads": os.environ.get("OMP_NUM_THREADS", "all")}
    if "small" in words.cases:
        figures |= small_case(
            n_tracks=max(int(2000 * scale), 400),
            n_replicates=max(int(10_000 * scale), 100),
            n_timed=words.n_timed,
        )
    if "large" in words.cases:
        figures |= large_case(
            n_artists=max(int(10_000 * scale), 40),
            n_runs=max(int(20 * scale), 2),
            n_replicates=max(int(10_000 * scale), 100),
        )
    tell_figures(figures, words.json)


def small_case(*, n_tracks: int, n_replicates: int, n_timed: int) -> dict[str, Any]:
    """Compare with loops of scikit-learn: F1 per window, average precision and AUC per track."""
    rng = np.random.default_rng(0)
    n_windows, n_labels, n_models = 14, 16, 4
    y_true = make_truth(n_tracks, n_labels, rng)
    tracks = np.repeat(np.arange(n_tracks), n_windows)
    # Tracks differ in what a model takes them for; their windows differ a little more.
    shared = [rng.normal(size=y_true.shape)[tracks] for _ in range(n_models)]
    windows = [make_scores(y_true[tracks], rng, shared=one) for one in shared]
    y_score = [one.reshape(n_tracks, n_windows, n_labels).mean(axis=1) for one in windows]
    decisions = [one >= 0.5 for one in windows]

    truth = y_true[tracks]
    of_track = np.arange(n_tracks * n_windows).reshape(n_tracks, n_windows)

    def _loop_f1(drawn: NDArray[np.intp]) -> list[float]:
        rows = of_track[drawn].ravel()
        return [
            f1_score(truth[rows], one[rows], average="weighted", zero_division=0)
            for one in decisions
        ]

    def _loop(metric: Callable[..., float]) -> Loop:
        return lambda drawn: [metric(y_true[drawn], one[drawn]) for one in y_score]

    cases: dict[str, tuple[Callable[[], Statistics], Loop]] = {
        "": (lambda: [weighted_f1_statistic(truth, one, tracks) for one in decisions], _loop_f1),
        "ap_": (
            lambda: [macro_ap_statistic(y_true, one, np.arange(n_tracks)) for one in y_score],
            _loop(average_precision_score),
        ),
        "auc_": (
            lambda: [macro_auc_statistic(y_true, one, np.arange(n_tracks)) for one in y_score],
            _loop(roc_auc_score),
        ),
    }
    figures: dict[str, Any] = {"n_tracks": n_tracks, "n_replicates": n_replicates}
    sizes = {"n_replicates": n_replicates, "n_timed": n_timed}
    for prefix, (make, loop) in cases.items():
        figures |= _beside(prefix, make, loop, n_tracks, **sizes)
    return figures


def _beside(
    prefix: str,
    make: Callable[[], Statistics],
    loop: Loop,
    n_tracks: int,
    *,
    n_replicates: int,
    n_timed: int,
) -> dict[str, Any]:
    """Time ours whole and the loop on a few of the same replicates."""
    started = time.perf_counter()
    weights = draw_weights(n_tracks, n_replicates=n_replicates, rng=np.random.default_rng(1))
    ours = np.array([statistic(weights) for statistic in make()])
    seconds = time.perf_counter() - started
    theirs = []
    started = time.perf_counter()
    for row in weights[:n_timed]:
        theirs.append(loop(np.repeat(np.arange(n_tracks), row)))
    per_replicate = (time.perf_counter() - started) / n_timed
    difference = float(np.max(np.abs(ours[:, :n_timed] - np.array(theirs).T)))
    return {
        f"{prefix}seconds": seconds,
        f"{prefix}sklearn_seconds": per_replicate * n_replicates,
        f"{prefix}ratio_vs_sklearn": per_replicate * n_replicates / seconds,
        f"{prefix}max_abs_difference": difference,
    }


def large_case(*, n_artists: int, n_runs: int, n_replicates: int) -> dict[str, Any]:
    """Time F1 and AP with jackknife, F1 with exchanges, AP with a tenth of the replicates."""
    rng = np.random.default_rng(0)
    cluster = np.repeat(np.arange(n_artists), 10)
    y_true = make_truth(n_artists, 50, rng)[cluster]
    runs = [make_scores(y_true, rng) for _ in range(n_runs)]
    figures: dict[str, Any] = {"large_n_tracks": len(cluster), "large_n_runs": n_runs}
    started = time.perf_counter()
    weights = draw_weights(n_artists, n_replicates=n_replicates, rng=rng)
    for y_score in runs:
        for average in ("weighted", "macro"):
            statistic = f1_statistic(y_true, y_score >= 0.5, cluster, average=average)
            statistic(weights)
            statistic.jackknife()
    figures["large_f1_seconds"] = time.perf_counter() - started
    started = time.perf_counter()
    _exchange(y_true, runs[0] >= 0.5, runs[1] >= 0.5, cluster, n_replicates, rng)
    figures["large_exchange_seconds"] = time.perf_counter() - started
    started = time.perf_counter()
    for y_score in runs:
        macro_ap_statistic(y_true, y_score, cluster)(weights[: max(n_replicates // 10, 1)])
    figures["large_ap_seconds"] = time.perf_counter() - started
    started = time.perf_counter()
    for y_score in runs:
        macro_ap_statistic(y_true, y_score, cluster).jackknife()
    figures["large_ap_jackknife_seconds"] = time.perf_counter() - started
    peak = peak_megabytes()
    figures["large_peak_gb"] = None if peak is None else peak / 1000
    return figures


def _exchange(
    y_true: NDArray[np.bool_],
    a: NDArray[np.bool_],
    b: NDArray[np.bool_],
    cluster: NDArray[np.intp],
    n_replicates: int,
    rng: np.random.Generator,
) -> None:
    """Exchange two runs within artists, as `genre.evaluation.comparison.exchange` does."""
    n_artists = int(cluster.max()) + 1
    statistic = weighted_f1_statistic(
        np.concatenate([y_true, y_true]),
        np.concatenate([a, b]),
        np.concatenate([cluster, cluster + n_artists]),
    )
    swaps = rng.random((n_replicates, n_artists), dtype=np.float32) < 0.5
    for rows in blocks(n_replicates, 2 * n_artists):
        swapped = np.hstack([swaps[rows], ~swaps[rows]])
        _ = statistic(~swapped) - statistic(swapped)


def make_truth(n_rows: int, n_labels: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Give every row one label, and some a second: (n_rows, n_labels), bool."""
    y_true = np.zeros((n_rows, n_labels), dtype=np.bool_)
    y_true[np.arange(n_rows), rng.permutation(n_rows) % n_labels] = True
    second = rng.random(n_rows) < 0.2
    y_true[second, rng.integers(n_labels, size=int(second.sum()))] = True
    return y_true


def make_scores(
    y_true: NDArray[np.bool_], rng: np.random.Generator, *, shared: NDArray[np.float64] | float = 0
) -> NDArray[np.float32]:
    """Give scores in [0, 1] that know something of the truth; `shared` is added before noise."""
    noise = rng.normal(size=y_true.shape).astype(np.float32)
    return np.asarray(1 / (1 + np.exp(1 - 2 * y_true - shared - noise)), dtype=np.float32)


def _words() -> Namespace:
    parser = figures_parser("bench_bootstrap.py", __doc__ or "")
    parser.add_argument(
        "--cases", nargs="+", choices=["small", "large"], default=["small", "large"], help="Which."
    )
    parser.add_argument("--scale", type=float, default=1.0, help="Share of the full sizes.")
    parser.add_argument(
        "--n-timed", type=int, default=20, help="Replicates on which scikit-learn is timed."
    )
    words = parser.parse_args()
    if not 0 < words.scale <= 1 or words.n_timed < 1:
        parser.error("scale must lie in (0, 1] and n-timed be at least 1")
    return words


if __name__ == "__main__":
    main()
