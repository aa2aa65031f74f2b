"""The vocabulary of a set, and which genres are kept."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy
from numpy.typing import NDArray

from genre.dataset.tracks import Track
from genre.errors import ConfigError, DatasetError
from genre.genre_tree import GenreTree
from genre.spelling import canonical_genre, split_genres
from genre.suggestions import did_you_mean
from genre.wording import counted, printable

__all__ = [
    "Selection",
    "SelectionConfig",
    "Vocabulary",
    "canonical_genre",
    "select_genres",
    "split_genres",
]


@dataclass(frozen=True)
class Vocabulary:
    """The ordered genres of a model: column ``i`` of every score belongs to ``genres[i]``.

    Parameters
    ----------
    genres : tuple of str
        Canonical names, each once; (n_labels,).
    parents : tuple of tuple of int, n_labels values or none
        The columns of each genre's parents; none where there is no tree.
    """

    genres: tuple[str, ...]
    parents: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.genres)) != len(self.genres):
            raise DatasetError(f"genres={self.genres!r} must name each genre once")

    def encode(self, tracks: Sequence[Track]) -> NDArray[numpy.bool_]:
        """Turn the genres of tracks into a table of yes and no.

        Parameters
        ----------
        tracks : sequence of Track
            Their genres must all be in the vocabulary.

        Returns
        -------
        ndarray of shape (n_tracks, n_labels), bool

        Raises
        ------
        DatasetError
            On a genre that the vocabulary does not have.
        """
        column = {genre: index for index, genre in enumerate(self.genres)}
        y_true = numpy.zeros((len(tracks), len(self.genres)), dtype=bool)
        for row, track in enumerate(tracks):
            for genre in track.genres:
                if genre not in column:
                    legal = ", ".join(self.genres)
                    raise DatasetError(
                        f"genre={genre!r} of track {track.track_id} must be one of: {legal}"
                        f"{did_you_mean(genre, self.genres)}"
                    )
                y_true[row, column[genre]] = True
        return y_true


@dataclass(frozen=True, kw_only=True)
class SelectionConfig:
    """Which genres are kept.

    Parameters
    ----------
    min_tracks : int
        A genre with fewer tracks is dropped; at least 1.
    min_artists : int
        A genre with fewer artists is dropped when splitting by artist; at least 1. With fewer than
        3, a genre cannot stand in the training, validation and test part at once.
    max_genres : int
        Keep only this many genres, those with the most tracks; 0 sets no limit.
    """

    min_tracks: int = 3
    min_artists: int = 3
    max_genres: int = 0

    def __post_init__(self) -> None:
        for name, least in (("min_tracks", 1), ("min_artists", 1), ("max_genres", 0)):
            value = getattr(self, name)
            if value < least:
                raise ConfigError(f"{name}={value} must be at least {least}")
        if self.max_genres == 1:
            raise ConfigError("max_genres=1 must be 0 (no limit) or at least 2")


@dataclass(frozen=True)
class Selection:
    """What is left to learn from.

    Parameters
    ----------
    vocabulary : Vocabulary
        The kept genres, sorted.
    tracks : tuple of Track
        Tracks with at least one kept genre, reduced to the kept genres.
    dropped : dict of str to str
        Every other genre and why it was dropped.
    n_tracks_dropped : int
        Tracks without any kept genre.
    """

    vocabulary: Vocabulary
    tracks: tuple[Track, ...]
    dropped: dict[str, str]
    n_tracks_dropped: int


def select_genres(
    tracks: Sequence[Track],
    config: SelectionConfig | None = None,
    *,
    split_by: Literal["artist", "track"] = "artist",
    tree: GenreTree | None = None,
) -> Selection:
    """Keep the genres that have enough tracks and artists to be learned and tested.

    With a tree every track is also of all that is above its genres, so that those of a genre that
    is dropped still count as its parents.

    Parameters
    ----------
    tracks : sequence of Track
        All that are usable.
    config : SelectionConfig, optional
        How many tracks and artists a genre needs; the default numbers if None.
    split_by : {"artist", "track"}
        With ``track``, artists are not counted.
    tree : GenreTree, optional
        What the genres are called and what is above them; as they are if None.

    Raises
    ------
    DatasetError
        Where fewer than two genres are left; it says why each of the others was dropped.
    """
    config, tree = config or SelectionConfig(), tree or GenreTree()
    tracks = [replace(track, genres=tree.whole(track.genres)) for track in tracks]
    n_tracks: Counter[str] = Counter(genre for track in tracks for genre in track.genres)
    dropped = _too_rare(tracks, n_tracks, config, split_by=split_by)
    dropped |= _too_many(n_tracks, dropped, config.max_genres)
    kept = sorted(set(n_tracks) - set(dropped))
    if len(kept) < 2:
        raise DatasetError(_too_few_message(kept, dropped, split_by=split_by))
    for genre in tree.parents.keys() & dropped.keys():
        if nearest := tree.among([*kept, genre]).get(genre):
            names = ", ".join(tree.names.get(parent, parent) for parent in nearest)
            dropped[genre] += f"; its tracks count as {names}"
    reduced = [
        replace(track, genres=tuple(genre for genre in track.genres if genre in kept))
        for track in tracks
    ]
    left = tuple(track for track in reduced if track.genres)
    return Selection(
        vocabulary=_vocabulary(kept, tree),
        tracks=left,
        dropped=dict(sorted(dropped.items())),
        n_tracks_dropped=len(tracks) - len(left),
    )


def _vocabulary(kept: Sequence[str], tree: GenreTree) -> Vocabulary:
    parents = tree.among(kept)
    column = {genre: number for number, genre in enumerate(kept)}
    columns = tuple(tuple(column[one] for one in parents.get(genre, ())) for genre in kept)
    return Vocabulary(tuple(kept), columns if parents else ())


def _too_rare(
    tracks: Sequence[Track], n_tracks: Counter[str], config: SelectionConfig, *, split_by: str
) -> dict[str, str]:
    artists: defaultdict[str, set[str]] = defaultdict(set)
    for track in tracks:
        for genre in track.genres:
            artists[genre].add(track.artist)
    dropped = {}
    for genre in sorted(n_tracks):
        if n_tracks[genre] < config.min_tracks:
            dropped[genre] = f"{counted(n_tracks[genre], 'track')}, needs {config.min_tracks}"
        elif split_by == "artist" and len(artists[genre]) < config.min_artists:
            found = counted(len(artists[genre]), "artist")
            dropped[genre] = (
                f"{counted(n_tracks[genre], 'track')} but {found}, needs {config.min_artists}"
            )
    return dropped


def _too_many(
    n_tracks: Counter[str], dropped: Mapping[str, str], max_genres: int
) -> dict[str, str]:
    ranked = sorted(set(n_tracks) - set(dropped), key=lambda genre: (-n_tracks[genre], genre))
    return {
        genre: f"{n_tracks[genre]} tracks: not among the {max_genres} genres with the most"
        for genre in (ranked[max_genres:] if max_genres else ())
    }


def _too_few_message(kept: Sequence[str], dropped: Mapping[str, str], *, split_by: str) -> str:
    reasons = "; ".join(f"{genre}: {reason}" for genre, reason in sorted(dropped.items()))
    advice = "add tracks by more artists"
    if split_by == "artist":
        advice += ", or split by track with --split-by track"
    found = f"only {kept[0]} is left" if kept else "none is left"
    reasons = f" (dropped: {reasons})" if reasons else ""
    return f"genres={len(kept)} must be at least 2, {found}{reasons}; {advice}"


def describe_question(tracks: Sequence[Track]) -> str:
    """Write that "which one" can be asked, where every track has exactly one genre; else nothing.

    Parameters
    ----------
    tracks : sequence of Track
        Those that would be trained on.
    """
    if not tracks or any(len(track.genres) != 1 for track in tracks):
        return ""
    return "every track has exactly one genre: --task exclusive asks which one it is"


def check_one_genre_each(tracks: Sequence[Track]) -> None:
    """Refuse tracks with several genres, where the question is which one.

    Parameters
    ----------
    tracks : sequence of Track
        With the genres that are kept.

    Raises
    ------
    DatasetError
        With how many there are, and the first five.
    """
    several = [track for track in tracks if len(track.genres) > 1]
    if several:
        named = "; ".join(
            f"{printable(track.track_id)} ({', '.join(track.genres)})" for track in several[:5]
        )
        raise DatasetError(
            f"task=exclusive needs tracks with exactly one genre; {len(several)} of "
            f"{counted(len(tracks), 'track')} have several: {named}{' …' * (len(several) > 5)}"
        )
