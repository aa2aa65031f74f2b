"""Every picture: arrays in, a matplotlib figure out."""

from genre.evaluation.plots.comparison import (
    plot_bootstrap_densities,
    plot_dumbbell,
    plot_forest,
    plot_legacy_p,
)
from genre.evaluation.plots.dataset import (
    plot_artists_per_genre,
    plot_genre_cooccurrence,
    plot_genre_counts,
)
from genre.evaluation.plots.scores import (
    plot_confusion,
    plot_per_genre_scores,
    plot_precision_recall,
    plot_reliability,
)
from genre.evaluation.plots.spectrogram import (
    plot_attention_map,
    plot_mel_windows,
    plot_track_timeline,
)
from genre.evaluation.plots.style import save_figure
from genre.evaluation.plots.training import plot_grid_curves, plot_losses, plot_training_curves
from genre.evaluation.plots.trust import plot_calibration, plot_coverage

__all__ = [
    "plot_artists_per_genre",
    "plot_attention_map",
    "plot_bootstrap_densities",
    "plot_calibration",
    "plot_confusion",
    "plot_coverage",
    "plot_dumbbell",
    "plot_forest",
    "plot_genre_cooccurrence",
    "plot_genre_counts",
    "plot_grid_curves",
    "plot_legacy_p",
    "plot_losses",
    "plot_mel_windows",
    "plot_per_genre_scores",
    "plot_precision_recall",
    "plot_reliability",
    "plot_track_timeline",
    "plot_training_curves",
    "save_figure",
]
