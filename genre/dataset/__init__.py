"""A user's folders → clean, labelled, split and cached tracks.

`open_folder` is the way in; the sub-rooms `layouts`, `splits` and `doctor` say what they offer
themselves.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genre.dataset.collection import open_folder
    from genre.dataset.corpus import Corpus, LabelledTracks
    from genre.dataset.faults import Fault
    from genre.dataset.features import FeatureStore, FillReport
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

# Loaded when asked for: numpy, scipy and the decoders take time that one name may not need.
_HOMES = {
    "Corpus": "corpus",
    "Duplicates": "music",
    "Fault": "faults",
    "FeatureStore": "features",
    "FillReport": "features",
    "LabelledTracks": "corpus",
    "Music": "music",
    "PackedFeatures": "packing",
    "RecordingPair": "recordings",
    "RecordingsConfig": "recordings",
    "Selection": "labels",
    "SelectionConfig": "labels",
    "Track": "tracks",
    "Vocabulary": "labels",
    "canonical_genre": "labels",
    "open_folder": "collection",
    "pack": "packing",
    "same_recordings": "recordings",
    "select_genres": "labels",
    "split_genres": "labels",
    "tracks_hash": "tracks",
}

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


def __getattr__(name: str) -> object:
    """Load what lies in another module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
