"""Which tracks have several landmarks in common, at one and the same offset."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.audio.fingerprint import LANDMARK, N_COEFFICIENTS
from genre.dataset import landmark_index
from genre.dataset.landmark_index import MAX_PLACES, find_candidates


def landmarks(frames: Sequence[int], seed: int) -> NDArray[np.void]:
    shapes = np.random.default_rng(seed).standard_normal((len(frames), N_COEFFICIENTS))
    made = np.empty(len(frames), dtype=LANDMARK)
    made["frame"] = frames
    made["shape"] = np.rint(127 * shapes / np.linalg.norm(shapes, axis=1, keepdims=True))
    return made


def test_the_index_finds_the_common_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    first = landmarks(range(0, 900, 10), seed=1)
    second = first[20:].copy()
    second["frame"] -= 137
    parts = [landmarks(range(0, 900, 10), seed=2), first, second]
    lengths = np.array([1000, 1000, 800])
    places = find_candidates(parts, lengths, lambda one, _two, _offset: one >= 0)
    assert places == [(1, 2, (137,))]
    # the same with everything in small pieces
    monkeypatch.setattr(landmark_index, "QUERIES_AT_A_TIME", 7)
    monkeypatch.setattr(landmark_index, "MATCHES_AT_A_TIME", 3)
    assert find_candidates(parts, lengths, lambda one, _two, _offset: one >= 0) == places
    assert find_candidates(parts, lengths, lambda one, _two, _offset: one < 0) == []


def test_an_offset_is_known_to_a_frame() -> None:
    first, second = landmarks(range(0, 900, 30), seed=1), landmarks(range(0, 900, 30), seed=2)
    for row, shift in ((7, 100), (13, 101)):
        second[row] = first[row]
        second[row]["frame"] -= shift
    lengths = np.array([1000, 1000])

    def at(*offsets: int) -> list[tuple[int, int, tuple[int, ...]]]:
        return find_candidates([first, second], lengths, lambda *match: np.isin(match[2], offsets))

    assert [place[:2] for place in at(100, 101)] == [(0, 1)]
    # one match in thirty landmarks may be chance
    assert at(100) == []


def test_a_loop_of_hours_does_not_swell_the_index() -> None:
    one_bar = landmarks([0], seed=1)
    loop = np.repeat(one_bar, 20_000)
    loop["frame"] = np.arange(20_000) * 25
    lengths = np.array([500_000, 500_000])
    ((first, second, offsets),) = find_candidates(
        [loop, loop], lengths, lambda _one, _two, offset: offset == 0
    )
    assert (first, second, offsets) == (0, 1, (0,))


def test_nothing_is_found_in_nothing() -> None:
    nothing = landmarks([], seed=0)
    assert find_candidates([], np.array([], dtype=np.int64), np.equal) == []
    assert find_candidates([nothing, nothing], np.array([5, 5]), np.equal) == []


def test_of_many_places_the_best_few_are_kept() -> None:
    # every landmark of the second track is at 6 places of the first, at 6 offsets
    bar = landmarks(range(0, 300, 10), seed=1)
    loop = np.concatenate([bar] * 6)
    loop["frame"] += np.repeat(300 * np.arange(6), len(bar))
    lengths = np.array([1800, 300])
    ((first, second, offsets),) = find_candidates(
        [loop, bar], lengths, lambda one, _two, _offset: one >= 0
    )
    assert (first, second, len(offsets)) == (0, 1, MAX_PLACES)
    assert set(offsets) <= {300 * number for number in range(6)}
