"""Learn and tag music genres: honest splits, honest comparisons, a bundle that tags new music.

A folder of music becomes a trained model in three calls, and any models' scores can be compared::

    music = genre.open_folder("data/tracks")
    experiment = genre.train(music, seeds=3)
    tagger = genre.load_tagger(experiment.best)
    tagger.tag("song.mp3").genres
    genre.compare(y_true, {"ours": ours, "theirs": theirs}, artist=artist).contrasts
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genre.dataset.collection import open_folder
    from genre.evaluation.comparison import compare
    from genre.grid.trained import train
    from genre.plugins import load_plugins
    from genre.tagging.tagger import load_tagger

__version__ = "0.1.0"
__all__ = ["__version__", "compare", "load_plugins", "load_tagger", "open_folder", "train"]

# Each is imported when it is asked for: torch and pandas take seconds, `import genre` none.
_HOMES = {
    "compare": "genre.evaluation.comparison",
    "load_plugins": "genre.plugins",
    "load_tagger": "genre.tagging.tagger",
    "open_folder": "genre.dataset.collection",
    "train": "genre.grid.trained",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_HOMES]
