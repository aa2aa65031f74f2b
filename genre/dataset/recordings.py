"""The same recording in several files: encoded again, at another rate, or trimmed at the ends.

Landmarks (`genre.audio.fingerprint`) of all tracks go into one index; where two tracks share some
at one and the same offset, and the shorter track lies in the longer one, their spectrograms are
compared in full. Nothing is done for every pair of tracks. The landmarks are kept beside the
features, so that a later search describes new tracks only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genre.array_files import load_array
from genre.atomic import atomic_file
from genre.audio.fingerprint import (
    FINGERPRINT_VERSION,
    LANDMARK,
    Likeness,
    find_landmarks,
    likeness,
)
from genre.dataset.features import FeatureStore
from genre.dataset.landmark_index import Candidates, find_candidates
from genre.dataset.tracks import Track
from genre.errors import ConfigError
from genre.execution.bars import Bar

# With less in common than this, the same word by the same speaker cannot be told from a copy.
MIN_OVERLAP_SECONDS = 1.0
# Nor in two tracks that hold a word each, by what is enough in a part of a longer one.
BRIEF_SECONDS = 1.5
BRIEF_SIMILARITY = 0.94
MIN_INFORMATIVE_SECONDS = 0.2
# Two barks are alike more often than two songs: the less there is, the more alike it must be.
SCANT_INFORMATIVE_SECONDS = 0.6
SCANT_SIMILARITY = 0.85
# Encoders add up to about 0.1 s of silence, and offsets are known to a frame or two.
SLACK_SECONDS = 0.15


@dataclass(frozen=True, kw_only=True)
class RecordingsConfig:
    """When two tracks are one recording.

    Parameters
    ----------
    min_similarity : float, in (0, 1]
        Correlation that nine tenths of the common half-seconds must reach.
    max_trim_seconds : float, at least 0
        How much of the shorter track may be missing in the longer one, at either end.
    """

    min_similarity: float = 0.75
    max_trim_seconds: float = 2.0

    def __post_init__(self) -> None:
        if not 0 < self.min_similarity <= 1:
            raise ConfigError(f"min_similarity={self.min_similarity} must lie in (0, 1]")
        if not 0 <= self.max_trim_seconds < float("inf"):
            raise ConfigError(f"max_trim_seconds={self.max_trim_seconds} must be at least 0 s")


@dataclass(frozen=True, kw_only=True)
class RecordingPair:
    """Two tracks that are one recording.

    Parameters
    ----------
    first, second : str
        Their ids, in order.
    offset_seconds : float
        Time in the first less time in the second: where above 0, the second was cut at its start.
    similarity : float, in [0, 1]
        As `genre.audio.fingerprint.Likeness`.
    """

    first: str
    second: str
    offset_seconds: float
    similarity: float


@dataclass(frozen=True, kw_only=True)
class SameRecordings:
    """What `same_recordings` found.

    Parameters
    ----------
    pairs : tuple of RecordingPair
        Sorted by their ids.
    groups : tuple of tuple of str
        Ids of the tracks that pairs connect; each group and the groups are sorted.
    """

    pairs: tuple[RecordingPair, ...]
    groups: tuple[tuple[str, ...], ...]


def same_recordings(
    tracks: Sequence[Track],
    store: FeatureStore,
    config: RecordingsConfig | None = None,
    *,
    progress: bool = False,
) -> SameRecordings:
    """Find the tracks that are one recording.

    Parameters
    ----------
    tracks : sequence of Track
        With their features in the store. Those shorter than 1 s are never found, and two that are
        both shorter than 1.5 s must be more alike than ``config`` asks.
    store : FeatureStore
        Their spectrograms; the landmarks are kept beside them.
    config : RecordingsConfig, optional
        The default one if None.
    progress : bool
        Whether to draw bars on the terminal.

    Raises
    ------
    DatasetError
        Where the store has no features of a track.
    """
    config = config or RecordingsConfig()
    ordered = sorted(tracks, key=lambda track: track.track_id)
    hidden = not progress
    described = Bar(ordered, desc="landmarks", unit="track", disable=hidden)
    parts = [_landmarks(track, store) for track in described]
    lengths = np.array([store.n_rows(track) for track in ordered], dtype=np.int64)
    places = find_candidates(parts, lengths, _may_be_same(lengths, store, config))
    pairs = []
    hidden = hidden or not places
    for first, second, offsets in Bar(places, desc="comparing", unit="pair", disable=hidden):
        best = _best(ordered[first], ordered[second], offsets, store, config)
        if best is not None:
            pairs.append(
                RecordingPair(
                    first=ordered[first].track_id,
                    second=ordered[second].track_id,
                    offset_seconds=best.offset_seconds,
                    similarity=best.similarity,
                )
            )
    pairs.sort(key=lambda pair: (pair.first, pair.second))
    return SameRecordings(pairs=tuple(pairs), groups=group_pairs(pairs))


def group_pairs(pairs: Iterable[RecordingPair]) -> tuple[tuple[str, ...], ...]:
    """Join pairs that share a track.

    Parameters
    ----------
    pairs : iterable of RecordingPair
        In any order.

    Returns
    -------
    tuple of tuple of str
        Track ids; each group and the groups are sorted.
    """
    pairs = list(pairs)
    ids = sorted({track_id for pair in pairs for track_id in (pair.first, pair.second)})
    number = {track_id: row for row, track_id in enumerate(ids)}
    rows = [number[pair.first] for pair in pairs]
    columns = [number[pair.second] for pair in pairs]
    graph = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(len(ids), len(ids)))
    groups: dict[int, list[str]] = {}
    if ids:
        for track_id, label in zip(ids, connected_components(graph)[1].tolist(), strict=True):
            groups.setdefault(label, []).append(track_id)
    return tuple(sorted(tuple(group) for group in groups.values()))


def mark_recordings(tracks: Sequence[Track], groups: Iterable[Sequence[str]]) -> tuple[Track, ...]:
    """Write into every track of a group which recording it is.

    Parameters
    ----------
    tracks : sequence of Track
        Those of the groups, and others.
    groups : iterable of sequence of str
        Track ids, as in `SameRecordings`.

    Returns
    -------
    tuple of Track
        In the same order; ``recording`` is the first id of the group, None outside of groups.
    """
    name = {track_id: min(group) for group in groups for track_id in group}
    return tuple(replace(track, recording=name.get(track.track_id)) for track in tracks)


def describe_recordings(tracks: Sequence[Track], found: SameRecordings) -> tuple[str, ...]:
    """Describe in plain words which tracks are one recording, and where their labels disagree.

    Parameters
    ----------
    tracks : sequence of Track
        Those that were compared.
    found : SameRecordings
        What comparing them found.

    Returns
    -------
    tuple of str
        One per pair, and one per group whose tracks do not all have the same genres.
    """
    genres = {track.track_id: track.genres for track in tracks}
    notes = [
        f"{pair.first} and {pair.second} are the same recording "
        f"(offset {abs(pair.offset_seconds):.1f} s)"
        for pair in found.pairs
    ]
    for group in found.groups:
        labels = {track_id: "|".join(genres[track_id]) for track_id in group if track_id in genres}
        if len(set(labels.values())) > 1:
            told = ", ".join(f"{track_id} is {label}" for track_id, label in labels.items())
            notes.append(f"the same recording under different labels: {told}")
    return tuple(notes)


def _may_be_same(
    lengths: NDArray[np.int64], store: FeatureStore, config: RecordingsConfig
) -> Candidates:
    rate = store.config.mel.frames_per_second

    def covers(
        first: NDArray[np.int64], second: NDArray[np.int64], offset: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether nearly all of the shorter track lies in the longer one."""
        end = np.minimum(lengths[first], lengths[second] + offset)
        overlap = end - np.maximum(0, offset)
        shorter = np.minimum(lengths[first], lengths[second])
        is_whole = shorter - overlap <= (config.max_trim_seconds + SLACK_SECONDS) * rate
        least = np.maximum(shorter / 2, MIN_OVERLAP_SECONDS * rate - 1)  # known to a frame
        worth: NDArray[np.bool_] = is_whole & (overlap >= least)
        return worth

    return covers


def _best(
    first: Track,
    second: Track,
    offsets: Sequence[int],
    store: FeatureStore,
    config: RecordingsConfig,
) -> Likeness | None:
    """Find the first place at which two tracks are the same."""
    mel, other = store.load(first), store.load(second)
    brief = BRIEF_SECONDS * store.config.mel.frames_per_second
    wanted = max(
        config.min_similarity, BRIEF_SIMILARITY if max(len(mel), len(other)) < brief else 0.0
    )
    for offset in offsets:
        place = likeness(mel, other, offset, store.config.mel)
        is_scant = place.informative_seconds < SCANT_INFORMATIVE_SECONDS
        least = max(wanted, SCANT_SIMILARITY if is_scant else 0.0)
        if place.informative_seconds >= MIN_INFORMATIVE_SECONDS and place.similarity >= least:
            return place
    return None


def _landmarks(track: Track, store: FeatureStore) -> NDArray[np.void]:
    path = store.path(track.sha256).with_suffix(f".fp{FINGERPRINT_VERSION}.npy")
    kept = _read(path)
    if kept is None:
        kept = find_landmarks(store.load(track), store.config.mel)
        with atomic_file(path, is_durable=False) as file:
            np.save(file, kept)
    return kept


def _read(path: Path) -> NDArray[np.void] | None:
    """Read landmarks; None where there are none, or none that can be read: they are made again."""
    try:
        kept: NDArray[np.void] = load_array(path)
    except (OSError, EOFError, ValueError):
        return None
    return kept if kept.dtype == LANDMARK and kept.ndim == 1 else None
