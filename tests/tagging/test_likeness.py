"""genre.tagging.likeness: cosines worked by hand, ties, and candidates of an index."""

import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from genre.errors import ConfigError, MissingPackageError
from genre.tagging.likeness import Neighbour, Neighbours

TRACKS = np.array([[2, 0], [3, 4], [0, 5], [-1, 0], [0, 0], [6, 8]], dtype=np.float32)
NAMES = ["a", "z", "c", "d", "e", "b"]


def test_cosines_by_hand_and_equal_ones_in_the_order_of_names() -> None:
    found = Neighbours(TRACKS, NAMES).like(TRACKS[0], n=6)
    told = [(one.name, one.score) for one in found]
    # (3, 4) and (6, 8) point the same way; zeros point nowhere
    assert told == [("a", 1.0), ("b", 0.6), ("z", 0.6), ("c", 0.0), ("e", 0.0), ("d", -1.0)]
    assert found[1] == Neighbour(row=5, name="b", score=0.6)


def test_the_order_of_names_decides_who_is_the_last_one() -> None:
    for n in range(1, 6):
        every = Neighbours(TRACKS, NAMES).like(TRACKS[0], n=6, without=[0])
        assert Neighbours(TRACKS, NAMES).like(TRACKS[0], n=n, without=[0]) == every[:n]
    assert Neighbours(TRACKS, NAMES).like(TRACKS[0], without=range(6)) == []


def test_a_query_of_zeros_is_like_nothing() -> None:
    assert {one.score for one in Neighbours(TRACKS, NAMES).like(TRACKS[4])} == {0.0}


@given(st.integers(1, 40), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_it_is_what_sorting_all_gives(n_tracks: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    tracks = rng.normal(size=(n_tracks, 5)).astype(np.float32)
    names = [f"{number:02}" for number in rng.permutation(n_tracks)]
    cosines = [
        float(np.dot(row.astype(float), tracks[0].astype(float)))
        / float(np.linalg.norm(row.astype(float)) * np.linalg.norm(tracks[0].astype(float)))
        for row in tracks
    ]
    expected = sorted(range(n_tracks), key=lambda row: (-round(cosines[row], 6), names[row]))[:n]
    found = Neighbours(tracks, names).like(tracks[0], n=n)
    assert [one.row for one in found] == expected
    np.testing.assert_allclose(
        [one.score for one in found], [cosines[row] for row in expected], atol=6e-7
    )


def test_copies_are_equally_like_wherever_they_stand() -> None:
    rng = np.random.default_rng(0)
    one, query = rng.normal(size=753), rng.normal(size=753)
    tracks = np.tile(one, (10_001, 1)).astype(np.float32)
    names = [f"{number:05}" for number in range(10_001)]
    found = Neighbours(tracks, names).like(query, n=3)
    assert [each.name for each in found] == names[:3]
    assert len({each.score for each in found}) == 1


def test_the_matrix_is_not_copied() -> None:
    tracks = np.random.default_rng(0).normal(size=(50_000, 300)).astype(np.float32)  # 60 MB
    tracemalloc.start()
    try:
        Neighbours(tracks, [""] * 50_000).like(tracks[0])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 40e6


@pytest.mark.parametrize(
    ("tracks", "query", "message"),
    [
        (TRACKS[:5], TRACKS[0], r"tracks of shape \(5, 2\) must be a row for each name"),
        (TRACKS[:, 0], TRACKS[0], r"tracks of shape \(6,\) must be"),
        (TRACKS, TRACKS[0, :1], r"embedding of shape \(1,\) that must be \(2,\)"),
        (TRACKS * np.nan, TRACKS[0], "embeddings must be finite numbers"),
        (TRACKS, TRACKS[0] + np.inf, "embeddings must be finite numbers"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_what_does_not_fit_is_a_line(
    tracks: NDArray[np.float32], query: NDArray[np.float32], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        Neighbours(tracks, NAMES).like(query)


def clustered(n_tracks: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(n_tracks // 50, 64))
    near = centres[rng.integers(0, len(centres), n_tracks)]
    return np.asarray(near + 0.7 * rng.normal(size=near.shape), dtype=np.float32)


def test_an_index_finds_what_comparing_all_finds() -> None:
    pytest.importorskip("faiss", reason="faiss is not installed")
    tracks = clustered(5000)
    names = [f"{number:04}" for number in range(5000)]
    exact, quick = Neighbours(tracks, names), Neighbours(tracks, names, exact_up_to=4999)
    shared = 0
    for row in range(0, 5000, 100):
        expected = exact.like(tracks[row], without=[row])
        found = quick.like(tracks[row], without=[row])
        # candidates are compared exactly: what is found has its right score
        assert set(found) <= set(exact.like(tracks[row], n=5000, without=[row]))
        shared += len({one.row for one in expected} & {one.row for one in found})
    assert shared / 500 > 0.95


def test_without_faiss_only_many_tracks_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    assert Neighbours(TRACKS, NAMES, exact_up_to=6).like(TRACKS[0], n=1)[0].name == "a"
    with pytest.raises(MissingPackageError, match=r"faiss must be installed: .*'\.\[similar\]'"):
        Neighbours(TRACKS, NAMES, exact_up_to=5)
