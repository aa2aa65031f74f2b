"""From a bundle and a file to genres; the genres in files' own tags; a model for other programs."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genre.tagging.description import Description, describe
    from genre.tagging.plain_values import plain_tags, plain_windows
    from genre.tagging.tagger import Tagger, Timeline, TrackTags

# Loaded when asked for: workers read files with `genre.tagging.reading` and need no torch.
_HOMES = {
    "Description": "description",
    "Tagger": "tagger",
    "Timeline": "tagger",
    "TrackTags": "tagger",
    "describe": "description",
    "plain_tags": "plain_values",
    "plain_windows": "plain_values",
}
__all__ = [
    "Description",
    "Tagger",
    "Timeline",
    "TrackTags",
    "describe",
    "plain_tags",
    "plain_windows",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
