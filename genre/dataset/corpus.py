"""Tracks with labels and features in memory, ready for any split."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from genre.audio.frontend import FrontEndConfig
from genre.dataset.labels import Vocabulary
from genre.dataset.packing import PackedFeatures
from genre.dataset.tracks import Track, tracks_hash


@dataclass(frozen=True, kw_only=True)
class LabelledTracks:
    """Tracks with their features and labels: a training or a validation part.

    Parameters
    ----------
    features : PackedFeatures
        Log-mel of the tracks; every track has at least one window's frames.
    y_true : ndarray of shape (n_tracks, n_labels), bool
        Which genres each track has.
    track_id : tuple of str
        The id of each track.
    parents : tuple of tuple of int, n_labels values or none
        The columns of each label's parents; none where there is no tree.
    """

    features: PackedFeatures
    y_true: NDArray[np.bool_]
    track_id: tuple[str, ...]
    parents: tuple[tuple[int, ...], ...] = ()

    def mels(self) -> Iterator[NDArray[np.floating]]:
        """Iterate over each track's log-mel, ndarray of shape (n_frames, n_mels), in dB.

        Of a corpus `embedded`, over its embeddings, ndarray of shape (n_windows, n_embedding).
        """
        for start, length in zip(self.features.starts, self.features.lengths, strict=True):
            yield self.features.mel[start : start + length]


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Healthy tracks with their features, ready for any split.

    Parameters
    ----------
    tracks : tuple of Track
        Their genres are those of the vocabulary.
    vocabulary : Vocabulary
        The genres, in the order of the labels.
    features : PackedFeatures
        In the order of `tracks`.
    front_end : FrontEndConfig
        What made the features.
    display_names : mapping of str to str
        How the labels spell the genres; those that it lacks have no spelling of their own.
    embeddings : mapping of str to PackedFeatures
        What pre-trained networks say of the tracks' windows, in the order of `tracks`, by the
        fingerprint of what computed them.
    """

    tracks: tuple[Track, ...]
    vocabulary: Vocabulary
    features: PackedFeatures
    front_end: FrontEndConfig
    display_names: Mapping[str, str] = field(default_factory=dict)
    embeddings: Mapping[str, PackedFeatures] = field(default_factory=dict)

    @cached_property
    def y_true(self) -> NDArray[np.bool_]:
        """Labels, ndarray of shape (n_tracks, n_labels)."""
        return self.vocabulary.encode(self.tracks)

    @cached_property
    def data_hash(self) -> str:
        """Hash of tracks, labels and contents."""
        return tracks_hash(self.tracks)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {track.track_id: row for row, track in enumerate(self.tracks)}

    def part(self, track_ids: Sequence[str]) -> LabelledTracks:
        """Select tracks; their features are shared, not copied.

        Parameters
        ----------
        track_ids : sequence of str
            Ids of tracks of the corpus, in the order that is wanted.
        """
        rows = np.array([self._rows[track_id] for track_id in track_ids])
        return LabelledTracks(
            features=PackedFeatures(
                mel=self.features.mel,
                starts=self.features.starts[rows],
                lengths=self.features.lengths[rows],
            ),
            y_true=self.y_true[rows],
            track_id=tuple(track_ids),
            parents=self.vocabulary.parents,
        )

    def in_memory(self) -> "Corpus":
        """Read mapped features into memory."""
        return replace(
            self,
            features=_read(self.features),
            embeddings={name: _read(rows) for name, rows in self.embeddings.items()},
        )

    def embedded(self, fingerprint: str) -> "Corpus":
        """Put embeddings in the place of the features.

        Parameters
        ----------
        fingerprint : str
            A key of `embeddings`.
        """
        return replace(self, features=self.embeddings[fingerprint])

    def artists(self, track_ids: Sequence[str]) -> NDArray[np.str_]:
        """Look up the artist of each track.

        Parameters
        ----------
        track_ids : sequence of str
            Ids of tracks of the corpus.

        Returns
        -------
        ndarray of shape (n_tracks,), str
        """
        return np.array([self.tracks[self._rows[track_id]].artist for track_id in track_ids])


def _read(features: PackedFeatures) -> PackedFeatures:
    return replace(features, mel=np.array(features.mel))
