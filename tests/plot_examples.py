"""Every picture drawn from small made-up data: for few and many genres, and at the edges."""

from collections.abc import Callable
from typing import Any

import librosa.display
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from genre.evaluation import plots
from genre.evaluation.calibration import Scaling, coverage_precision, logit
from genre.evaluation.metrics import per_class_table
from genre.evaluation.projection import project

CONFIGS = ["attnTrue_lossbce", "attnTrue_lossfocal", "attnFalse_lossbce", "attnFalse_lossfocal"]
MEL = np.random.default_rng(0).uniform(-80, 0, (500, 96))
BAND_HZ = np.geomspace(40, 10_500, 96)
SAMPLES = np.sin(np.arange(220_500) / 20)  # ten seconds at 22,050 Hz, as many as MEL has
PARTS = ("training", "validation", "test")


def genre_names(n_labels: int) -> list[str]:
    # A dollar sign must not begin a formula.
    return [f"progressive genre $ {label} $" for label in range(n_labels)]


def make_history(*, with_ap: bool = True) -> pd.DataFrame:
    epochs = np.arange(1, 9)
    columns = {
        f"{part}_{name}": np.linspace(0.9, 0.2, 8)
        for part in ("train", "val")
        for name in ("loss", "f1", "accuracy")
    }
    history = pd.DataFrame({"epoch": epochs, **columns})
    return (
        history.assign(val_macro_ap=[0.1, 0.2, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1])
        if with_ap
        else history
    )


class Case:
    """Truth and scores of some tracks.

    `n_labels` genres; `n_tracks` tracks; with `empty`, the first genre has no track.
    """

    def __init__(self, n_labels: int, *, n_tracks: int = 120, empty: bool = False) -> None:
        rng = np.random.default_rng(0)
        self.genres = genre_names(n_labels)
        self.y_true: NDArray[np.bool_] = rng.random((n_tracks, n_labels)) < 0.2
        self.y_true[np.arange(n_tracks), np.arange(n_tracks) % n_labels] = True
        if empty:
            self.y_true[:, 0] = False
        noise = rng.random(self.y_true.shape)
        self.y_score = np.clip(0.4 * self.y_true + 0.6 * noise, 0, 1)
        self.decisions: NDArray[np.bool_] = self.y_score > 0.5
        self.thresholds = np.linspace(0.3, 0.7, n_labels)
        self.scores = {name: self.y_score**power for power, name in enumerate(CONFIGS, start=1)}

    @property
    def table(self) -> pd.DataFrame:
        table = per_class_table(
            self.y_true,
            self.y_score,
            self.decisions,
            genres=self.genres,
            artist=np.arange(len(self.y_true)).astype(str),
            thresholds=self.thresholds,
        )
        for name in ("precision", "recall", "f1", "ap"):
            table[f"{name}_low"] = table[name] - 0.1
            table[f"{name}_high"] = table[name] + 0.1
        return table


CASES = {
    "2 genres": Case(2),
    "7 genres": Case(7),
    "50 genres": Case(50),
    "a genre without tracks": Case(3, empty=True),
    "one track": Case(3, n_tracks=1),
}


def make_contrasts() -> pd.DataFrame:
    rows = [
        {"contrast": f"{a} - {b}", "metric": metric, "delta": 0.1, "ci_low": 0.0, "ci_high": 0.2}
        for a in CONFIGS[:2]
        for b in CONFIGS[2:]
        for metric in ("macro_ap", "weighted_f1")
    ]
    return pd.DataFrame(rows)


def make_curve() -> pd.DataFrame:
    rows = [(f"{a} - {CONFIGS[3]}", size, 10.0**-size) for a in CONFIGS[:3] for size in (10, 1000)]
    return pd.DataFrame(rows, columns=["contrast", "n_replicates", "p"])


def calibrated(case: Case) -> NDArray[np.float64]:
    scaling = Scaling(temperature=1.7, bias=np.linspace(-0.5, 0.5, len(case.genres)))
    return scaling.scores(logit(case.y_score))


def draw_map(case: Case) -> Figure:
    features = np.random.default_rng(1).normal(size=(len(case.y_true), 12))
    found = project(features, method="pca")
    return plots.plot_track_map(
        found.points, case.y_true, case.genres, axis_labels=found.axis_labels
    )


BY_CASE: dict[str, Callable[[Case], Figure]] = {
    "genre_counts": lambda case: plots.plot_genre_counts(
        case.genres, {part: case.y_true.sum(axis=0) + n for n, part in enumerate(PARTS)}
    ),
    "artists_per_genre": lambda case: plots.plot_artists_per_genre(
        case.genres, np.arange(len(case.genres)) + 3, np.linspace(0.1, 0.9, len(case.genres))
    ),
    "genre_cooccurrence": lambda case: plots.plot_genre_cooccurrence(case.genres, case.y_true),
    "confusion": lambda case: plots.plot_confusion(case.y_true, case.decisions, case.genres),
    "precision_recall": lambda case: plots.plot_precision_recall(
        case.y_true, case.scores, case.genres
    ),
    "dumbbell": lambda case: plots.plot_dumbbell(
        case.genres,
        {name: scores.mean(axis=0) for name, scores in case.scores.items()},
        metric="Average precision",
    ),
    "per_genre_scores": lambda case: plots.plot_per_genre_scores(case.table, title=CONFIGS[0]),
    "reliability": lambda case: plots.plot_reliability(case.y_true, case.scores),
    "calibration": lambda case: plots.plot_calibration(
        case.y_true, case.y_score, calibrated(case), temperature=1.7
    ),
    "coverage": lambda case: plots.plot_coverage(
        {
            name: coverage_precision(case.y_true, scores, case.thresholds)
            for name, scores in case.scores.items()
        }
    ),
    "track_timeline": lambda case: plots.plot_track_timeline(
        case.y_score[:9],
        np.arange(len(case.y_score[:9])) * 2.0,
        window_seconds=4.0,
        genres=case.genres,
        thresholds=case.thresholds,
        title="jazz/a $ b $.ogg",
    ),
    "track_map": draw_map,
    "track_scores": lambda case: plots.plot_track_scores(
        case.y_score[:5],
        case.y_true[:5],
        case.thresholds,
        case.genres,
        titles=[f"A very long name of an artist - and of a song, number {n}" for n in range(5)][
            : len(case.y_true)
        ],
    ),
}
OTHERS: dict[str, Callable[[], Figure]] = {
    "training_curves": lambda: plots.plot_training_curves(make_history(), title="a run, seed 0"),
    "grid_curves": lambda: plots.plot_grid_curves(
        {f"{name}/seed{seed}": make_history() for name in CONFIGS for seed in range(3)}
    ),
    "losses": lambda: plots.plot_losses(
        np.linspace(-5, 5, 50), {"BCE": np.ones((2, 50)), "focal": np.zeros((2, 50))}
    ),
    "forest": lambda: plots.plot_forest(make_contrasts(), rope=0.01),
    "bootstrap_densities": lambda: plots.plot_bootstrap_densities(
        {name: np.linspace(0.4, 0.6, 50) for name in CONFIGS},
        {name: np.array([0.45, 0.55]) for name in CONFIGS},
        metric="macro_ap",
    ),
    "legacy_p": lambda: plots.plot_legacy_p(make_curve()),
    "track": lambda: plots.plot_track(
        SAMPLES,
        MEL,
        sample_rate=22_050,
        hop_length=441,
        band_edges_hz=(0.0, 11_025.0),
        window_starts=np.array([0, 100, 200, 300]),
        window_frames=200,
        display=librosa.display,
        title="jazz/a $ b $.ogg",
    ),
    "windows": lambda: plots.plot_windows(
        {f"draw {n}": MEL[100 * n : 100 * n + 200] for n in range(4)},
        BAND_HZ,
        frames_per_second=50,
        label="Power (dB)",
    ),
    "maps_over_mel": lambda: plots.plot_maps_over_mel(
        MEL[:200],
        BAND_HZ,
        {f"block {n}": np.arange(4.0 * n).reshape(-1, 2) for n in (1, 2, 3)},
        frames_per_second=50,
        label="Let through (0 to 1)",
    ),
    "channel_weights": lambda: plots.plot_channel_weights(
        {"block 1": np.array([0.2, 0.9, 0.5]), "block 2": np.linspace(0, 1, 96)}
    ),
    "network": lambda: plots.plot_network(
        ["window", "block 1", "pooling", "head"],
        [(1, 96, 200), (24, 24, 50), (1728,), (50,)],
        [["log-mel"], ["conv 5×5 step 2×2, norm, ReLU", "max pool"], ["mean"], ["linear"]],
        [0, 6396, 0, 12_103],
    ),
}


# The data of a picture


def rectangles(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def widths(axes: Axes) -> list[float]:
    return [patch.get_width() for patch in rectangles(axes)]


def segments(axes: Axes) -> list[NDArray[Any]]:
    """List the lines of the first collection of lines, each of shape (n_points, 2)."""
    (first, *_) = [one for one in axes.collections if isinstance(one, LineCollection)]
    return [np.asarray(segment) for segment in first.get_segments()]


def xs(line: Line2D) -> NDArray[Any]:
    return np.asarray(line.get_xdata())


def ys(line: Line2D) -> NDArray[Any]:
    return np.asarray(line.get_ydata())


def line_data(axes: Axes, label: str) -> tuple[NDArray[Any], NDArray[Any]]:
    (line,) = [line for line in axes.get_lines() if line.get_label() == label]
    return xs(line), ys(line)
