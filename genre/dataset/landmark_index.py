"""An index of landmarks: which tracks have several in common, at one and the same offset.

Landmarks are hashed by the signs of their principal components, so that those of a copy mostly fall
on the same hash; the signs nearest to zero are tried both ways. A match must also be alike in full.
Memory and time grow with the landmarks and their matches, never with the pairs of tracks.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# (first track, second track, offset in frames) of matches → whether they are worth a comparison
Candidates = Callable[[Ints, Ints, Ints], NDArray[np.bool_]]
Place = tuple[int, int, tuple[int, ...]]

N_DOUBTFUL = 4  # signs that are tried both ways
MIN_COSINE = 0.85  # between a landmark and its copy; 98 of 100 copies are above
# A track that repeats a loop for hours has the same landmark thousands of times.
MAX_REPEATS = 4
# What so many landmarks of other tracks share tells nothing.
MAX_BUCKET = 2000
# A chance match of one landmark is common, of two at one offset rare; short tracks have few.
FEW_LANDMARKS = 24
MATCHES_AT_A_TIME = 1 << 21
QUERIES_AT_A_TIME = 1 << 16
MAX_BITS = 26
MAX_PLACES = 4  # of one pair: a loop fits at several


def find_candidates(
    landmarks: Sequence[NDArray[np.void]], lengths: Ints, is_worth: Candidates
) -> list[Place]:
    """Find pairs of tracks that could be laid over each other.

    Parameters
    ----------
    landmarks : sequence of ndarray of dtype `genre.audio.fingerprint.LANDMARK`
        Of each track.
    lengths : ndarray of shape (n_tracks,), int64, in frames
        Of each track.
    is_worth : callable
        Given the numbers of both tracks and the offset (frame of the first less frame of the
        second), whether such a pair is wanted.

    Returns
    -------
    list of (first, second, offsets)
        first < second; offsets in frames, the best first.
    """
    counts = np.array([len(part) for part in landmarks], dtype=np.int64)
    if counts.sum() == 0:
        return []
    joined = np.concatenate(list(landmarks))
    owners = np.repeat(np.arange(len(landmarks)), counts)
    frames = joined["frame"].astype(np.int64)
    span = 2 * int(lengths.max()) + 1
    keys = [
        _keys(owners, frames, one, other, is_worth, span)
        for one, other in _matches(joined["shape"], owners)
    ]
    return _places(np.concatenate(keys) if keys else np.empty(0, np.int64), counts, span)


def _keys(
    owners: Ints, frames: Ints, one: Ints, other: Ints, is_worth: Candidates, span: int
) -> Ints:
    """Pack both tracks and the offset of each match worth keeping into one number."""
    first, second = owners[one], owners[other]
    offset = frames[one] - frames[other]
    wanted = is_worth(first, second, offset)
    pair = first[wanted] * (int(owners[-1]) + 1) + second[wanted]
    return pair * span + (offset[wanted] + span // 2)


def _places(keys: Ints, n_landmarks: Ints, span: int) -> list[Place]:
    """Count the matches of each pair and offset, and keep those with enough."""
    packed, counts = np.unique(keys, return_counts=True)
    votes = counts.copy()
    near = np.flatnonzero(np.diff(packed) == 1)  # an offset is known to a frame
    votes[near] += counts[near + 1]
    votes[near + 1] += counts[near]
    pair = packed // span
    n_tracks = int(np.flatnonzero(n_landmarks)[-1]) + 1
    first, second = pair // n_tracks, pair % n_tracks
    few = np.minimum(n_landmarks[first], n_landmarks[second]) < FEW_LANDMARKS
    kept = np.flatnonzero(votes >= np.where(few, 1, 2))
    kept = kept[np.lexsort((-votes[kept], pair[kept]))]
    places: dict[tuple[int, int], list[int]] = {}
    for row in kept.tolist():
        offset = int(packed[row] % span) - span // 2
        offsets = places.setdefault((int(first[row]), int(second[row])), [])
        if len(offsets) < MAX_PLACES and all(abs(offset - other) > 1 for other in offsets):
            offsets.append(offset)
    return [(one, other, tuple(offsets)) for (one, other), offsets in places.items()]


def _matches(shapes: NDArray[np.int8], owners: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Find landmarks that are alike: those of a track, and theirs in tracks that come later."""
    centre, axes = _principal_axes(shapes)
    hashes = np.concatenate(
        [_hashes(part, centre, axes)[0] for part in _blocks(shapes, QUERIES_AT_A_TIME)]
    )
    order = _without_repeats(hashes, owners)
    indexed = hashes[order]
    for start in range(0, len(shapes), QUERIES_AT_A_TIME):
        part = shapes[start : start + QUERIES_AT_A_TIME]
        rows = np.arange(start, start + len(part))
        exact, doubtful = _hashes(part, centre, axes)
        for flips in product((0, 1), repeat=N_DOUBTFUL):
            asked = exact ^ (doubtful * np.array(flips)).sum(axis=1)
            low = np.searchsorted(indexed, asked, side="left")
            n_found = np.searchsorted(indexed, asked, side="right") - low
            n_found[n_found > MAX_BUCKET] = 0
            for one, place in _expand(rows, low, n_found):
                other = order[place]
                later = owners[one] < owners[other]
                one, other = one[later], other[later]
                alike = _cosines(shapes, one, other) > MIN_COSINE
                yield one[alike], other[alike]


def _principal_axes(shapes: NDArray[np.int8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Compute the median landmark and the directions in which landmarks differ most."""
    sample = shapes[:: max(1, len(shapes) // 100_000)].astype(np.float32)
    centre = np.median(sample, axis=0).astype(np.float32)
    # the more landmarks, the finer the hash, so that a bucket holds a few
    n_bits = min(MAX_BITS, 2 + max(13, len(shapes).bit_length()))
    scatter = (sample - centre).T @ (sample - centre)
    return centre, np.linalg.eigh(scatter)[1][:, ::-1][:, :n_bits].astype(np.float32)


def _hashes(
    shapes: NDArray[np.int8], centre: NDArray[np.float32], axes: NDArray[np.float32]
) -> tuple[Ints, Ints]:
    """Hash landmarks, (n,), and give the bits of the most doubtful signs, (n, N_DOUBTFUL)."""
    values = (shapes - centre) @ axes
    weights = 1 << np.arange(axes.shape[1], dtype=np.int64)
    doubtful = np.argpartition(np.abs(values), N_DOUBTFUL, axis=1)[:, :N_DOUBTFUL]
    return (values > 0) @ weights, weights[doubtful]


def _without_repeats(hashes: Ints, owners: Ints) -> Ints:
    """Order landmarks by their hash, with at most `MAX_REPEATS` equal ones of one track."""
    order = np.lexsort((owners, hashes))
    # the same hash and track as so many places before: one too many
    before, after = order[:-MAX_REPEATS], order[MAX_REPEATS:]
    is_extra = np.zeros(len(order), dtype=bool)
    is_extra[MAX_REPEATS:] = (hashes[before] == hashes[after]) & (owners[before] == owners[after])
    return order[~is_extra]


def _expand(rows: Ints, low: Ints, n_found: Ints) -> Iterator[tuple[Ints, Ints]]:
    """List each query with each place of the index that it found, some millions at a time."""
    ends = np.cumsum(n_found)
    start = 0
    while start < len(rows):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + MATCHES_AT_A_TIME, side="right")))
        found = n_found[start:stop]
        shift = np.repeat(low[start:stop] - (np.cumsum(found) - found), found)
        yield np.repeat(rows[start:stop], found), np.arange(len(shift)) + shift
        start = stop


def _cosines(shapes: NDArray[np.int8], one: Ints, other: Ints) -> NDArray[np.float32]:
    """Compare landmarks: cosine of the angle between them."""
    left, right = shapes[one].astype(np.float32), shapes[other].astype(np.float32)
    # rounding changes the length of 127 by less than a hundredth
    cosines: NDArray[np.float32] = np.einsum("ij,ij->i", left, right) / np.float32(127.0**2)
    return cosines


def _blocks(shapes: NDArray[np.int8], size: int) -> Iterator[NDArray[np.int8]]:
    for start in range(0, len(shapes), size):
        yield shapes[start : start + size]
