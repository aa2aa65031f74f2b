"""Which tracks are like a track: the cosine between their embeddings.

All are compared, a pass over the matrix without a copy of it. Where many questions are asked of a
large collection, an approximate index of faiss finds candidates, which are compared exactly.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genre.errors import ConfigError
from genre.extras import need

if TYPE_CHECKING:
    from faiss import IndexIVFScalarQuantizer

Embeddings = NDArray[np.floating[Any]]

EXACT_TRACKS = 100_000
"""Of more tracks, `Neighbours` asks an approximate index."""
_DIGITS = 6  # so that copies of a track are equally like it, wherever they stand
_BLOCK = 4096
_SHARE_SEARCHED = 1 / 8
_FEWEST_CANDIDATES = 64
_PER_CLUSTER = 64  # to learn it from; faiss wants 39


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A track that is like another.

    Parameters
    ----------
    row : int
        Its place among the embeddings.
    name : str
        As it was given.
    score : float in [-1, 1]
        The cosine of the angle between the two, to six decimals; 0 where one is all zeros.
    """

    row: int
    name: str
    score: float


class Neighbours:
    """Embeddings of tracks that can be asked which are like another.

    Parameters
    ----------
    tracks : ndarray of shape (n_tracks, n_embedding), float32 as a rule
        One row for each track; not copied.
    names : sequence of str, length n_tracks
        What they are called; equally like ones come in the order of their names.
    exact_up_to : int
        Of more tracks, an approximate index is made, which takes a byte for each number and a
        time that pays after a dozen questions or more.

    Raises
    ------
    ConfigError
        Where the two do not fit together.
    MissingPackageError
        Where an index is to be made and faiss is not installed.
    """

    def __init__(
        self, tracks: Embeddings, names: Sequence[str], *, exact_up_to: int = EXACT_TRACKS
    ) -> None:
        if tracks.ndim != 2 or len(tracks) != len(names):
            raise ConfigError(f"tracks of shape {tracks.shape} must be a row for each name")
        self._tracks, self._names = tracks, names
        self._index = _index_of(tracks) if len(tracks) > exact_up_to else None

    def like(
        self, query: Embeddings, *, n: int = 10, without: Collection[int] = ()
    ) -> list[Neighbour]:
        """Find what is most like a track.

        Parameters
        ----------
        query : ndarray of shape (n_embedding,)
            The track.
        n : int
            How many are wanted, at least 1; there may be fewer.
        without : collection of int
            Rows that are left out, such as the track's own.

        Returns
        -------
        list of Neighbour
            The most like one first.

        Raises
        ------
        ConfigError
            Where the track has another number of values, or some are not finite.
        """
        if query.shape != self._tracks.shape[1:]:
            raise ConfigError(
                f"the track has an embedding of shape {query.shape} that must be "
                f"{self._tracks.shape[1:]}, as all others have"
            )
        rows = self._candidates(query, n + len(without))
        left = np.fromiter(without, dtype=np.int64, count=len(without))
        rows = rows[~np.isin(rows, left)]
        scores = np.round(_cosines(self._tracks, rows, query), _DIGITS)
        # All that are as like as the last one wanted: their names decide.
        best = np.flatnonzero(scores >= np.partition(scores, -n)[-n]) if n < len(rows) else ...
        found = [
            Neighbour(row=row, name=self._names[row], score=score)
            for row, score in zip(rows[best].tolist(), scores[best].tolist(), strict=True)
        ]
        return sorted(found, key=lambda one: (-one.score, one.name))[:n]

    def _candidates(self, query: Embeddings, n: int) -> NDArray[np.int64]:
        if self._index is None:
            return np.arange(len(self._tracks))
        _, rows = self._index.search(_unit(query[None]), max(_FEWEST_CANDIDATES, 4 * n))
        return np.unique(rows[rows >= 0])


def _cosines(tracks: Embeddings, rows: NDArray[np.int64], query: Embeddings) -> NDArray[np.float64]:
    """Compare rows with a track, a block at a time."""
    wanted = query.astype(np.float64)
    length = np.linalg.norm(wanted)
    found = np.zeros(len(rows))
    for start in range(0, len(rows), _BLOCK):
        place = slice(start, start + _BLOCK)
        block = tracks[rows[place]].astype(np.float64)
        lengths = np.sqrt(np.einsum("ij,ij->i", block, block)) * length
        # What is not finite stays so.
        np.divide(block @ wanted, lengths, out=found[place], where=lengths != 0)
    if not np.isfinite(found).all():
        raise ConfigError("embeddings must be finite numbers")
    return found


def _unit(block: Embeddings) -> NDArray[np.float32]:
    lengths = np.linalg.norm(block, axis=1, keepdims=True)
    return np.asarray(block / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _index_of(tracks: Embeddings) -> "IndexIVFScalarQuantizer":
    """Make an index of clusters, of which a question searches a share; a byte for each number."""
    need("faiss")
    import faiss

    n_tracks, n_embedding = tracks.shape
    n_clusters = max(1, int(np.sqrt(n_tracks)))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(n_embedding),
        n_embedding,
        n_clusters,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.nprobe = max(16, int(n_clusters * _SHARE_SEARCHED))
    index.train(_unit(tracks[:: max(1, n_tracks // (n_clusters * _PER_CLUSTER))]))
    for start in range(0, n_tracks, _BLOCK):
        index.add(_unit(tracks[start : start + _BLOCK]))
    return index
