"""From a bundle and a file to genres; the genres in files' own tags; a model for other programs."""

from typing import TYPE_CHECKING

from genre.lazy import offer

if TYPE_CHECKING:
    from genre.tagging.description import Description, describe
    from genre.tagging.embedding import Embedder, TrackEmbedding
    from genre.tagging.likeness import Neighbour, Neighbours
    from genre.tagging.plain_values import plain_tags, plain_windows
    from genre.tagging.tagger import Tagger
    from genre.tagging.track_tags import Timeline, TrackTags

__all__ = [
    "Description",
    "Embedder",
    "Neighbour",
    "Neighbours",
    "Tagger",
    "Timeline",
    "TrackEmbedding",
    "TrackTags",
    "describe",
    "plain_tags",
    "plain_windows",
]

__getattr__, __dir__ = offer(
    __name__,
    {
        "description": (
            "Description",
            "describe",
        ),
        "embedding": (
            "Embedder",
            "TrackEmbedding",
        ),
        "likeness": (
            "Neighbour",
            "Neighbours",
        ),
        "plain_values": (
            "plain_tags",
            "plain_windows",
        ),
        "tagger": ("Tagger",),
        "track_tags": ("Timeline", "TrackTags"),
    },
)
