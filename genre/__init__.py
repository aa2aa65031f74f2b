"""Learn and tag music genres: honest splits, honest comparisons, a bundle that tags new music.

A folder of music becomes a trained model in three calls, and any models' scores can be compared::

    music = genre.open_folder("data/tracks")
    experiment = genre.train(music, seeds=3)
    tagger = genre.load_tagger(experiment.best)
    tagger.tag("song.mp3").genres
    genre.compare(y_true, {"ours": ours, "theirs": theirs}, artist=artist).contrasts
"""

from genre.lazy import offer
from genre.version import __version__

TYPE_CHECKING = False  # typing's own takes longer to import than all the rest; checkers know both
if TYPE_CHECKING:
    from genre.dataset.collection import open_folder
    from genre.evaluation.comparison import compare
    from genre.grid.trained import train
    from genre.loading import load_tagger
    from genre.plugins import load_plugins
    from genre.tour.walk import open_tour

__all__ = [
    "__version__",
    "compare",
    "load_plugins",
    "load_tagger",
    "open_folder",
    "open_tour",
    "train",
]

__getattr__, __dir__ = offer(
    __name__,
    {
        "dataset.collection": ("open_folder",),
        "evaluation.comparison": ("compare",),
        "grid.trained": ("train",),
        "loading": ("load_tagger",),
        "plugins": ("load_plugins",),
        "tour.walk": ("open_tour",),
    },
)
