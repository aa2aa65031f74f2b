"""A user's folders → clean, labelled, split and cached tracks.

`open_folder` is the way in; the sub-rooms `layouts`, `splits` and `doctor` say what they offer
themselves.
"""

from typing import TYPE_CHECKING

from genre.lazy import offer

if TYPE_CHECKING:
    from genre.dataset.collection import open_folder
    from genre.dataset.corpus import Corpus, LabelledTracks
    from genre.dataset.faults import Fault
    from genre.dataset.features import FeatureStore
    from genre.dataset.filling import FillReport
    from genre.dataset.labels import (
        Selection,
        SelectionConfig,
        Vocabulary,
        canonical_genre,
        select_genres,
        split_genres,
    )
    from genre.dataset.music import Duplicates, Music
    from genre.dataset.packing import PackedFeatures, pack
    from genre.dataset.recordings import RecordingPair, RecordingsConfig, same_recordings
    from genre.dataset.tracks import Track, tracks_hash

__all__ = [
    "Corpus",
    "Duplicates",
    "Fault",
    "FeatureStore",
    "FillReport",
    "LabelledTracks",
    "Music",
    "PackedFeatures",
    "RecordingPair",
    "RecordingsConfig",
    "Selection",
    "SelectionConfig",
    "Track",
    "Vocabulary",
    "canonical_genre",
    "open_folder",
    "pack",
    "same_recordings",
    "select_genres",
    "split_genres",
    "tracks_hash",
]

__getattr__, __dir__ = offer(
    __name__,
    {
        "collection": ("open_folder",),
        "corpus": (
            "Corpus",
            "LabelledTracks",
        ),
        "faults": ("Fault",),
        "features": ("FeatureStore",),
        "filling": ("FillReport",),
        "labels": (
            "Selection",
            "SelectionConfig",
            "Vocabulary",
            "canonical_genre",
            "select_genres",
            "split_genres",
        ),
        "music": (
            "Duplicates",
            "Music",
        ),
        "packing": (
            "PackedFeatures",
            "pack",
        ),
        "recordings": (
            "RecordingPair",
            "RecordingsConfig",
            "same_recordings",
        ),
        "tracks": (
            "Track",
            "tracks_hash",
        ),
    },
)
