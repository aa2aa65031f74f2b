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
from genre.evaluation.plots.network import plot_channel_weights, plot_maps_over_mel, plot_network
from genre.evaluation.plots.scores import (
    plot_calibration,
    plot_confusion,
    plot_coverage,
    plot_per_genre_scores,
    plot_precision_recall,
    plot_reliability,
)
from genre.evaluation.plots.style import save_figure
from genre.evaluation.plots.track import plot_track, plot_track_timeline, plot_windows
from genre.evaluation.plots.tracks import plot_track_map, plot_track_scores
from genre.evaluation.plots.training import plot_grid_curves, plot_losses, plot_training_curves

__all__ = [
    "plot_artists_per_genre",
    "plot_bootstrap_densities",
    "plot_calibration",
    "plot_channel_weights",
    "plot_confusion",
    "plot_coverage",
    "plot_dumbbell",
    "plot_forest",
    "plot_genre_cooccurrence",
    "plot_genre_counts",
    "plot_grid_curves",
    "plot_legacy_p",
    "plot_losses",
    "plot_maps_over_mel",
    "plot_network",
    "plot_per_genre_scores",
    "plot_precision_recall",
    "plot_reliability",
    "plot_track",
    "plot_track_map",
    "plot_track_scores",
    "plot_track_timeline",
    "plot_training_curves",
    "plot_windows",
    "save_figure",
]
