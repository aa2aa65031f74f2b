"""What a set of tracks can carry: tables of its genres, and what follows from them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from genre.dataset.doctor.artists import unknown_warnings
from genre.dataset.faults import Fault
from genre.dataset.labels import SelectionConfig
from genre.dataset.splits import Split, SplitConfig
from genre.dataset.tracks import Track
from genre.wording import counted, percent

N_ARTISTS_TO_SPLIT = SelectionConfig().min_artists
N_TEST_TRACKS_FEW = 50
# Of the artists, what a test part usually gets.
TEST_SHARE = SplitConfig().test
# An artist with more of a genre than this stands for it.
LARGE_SHARE = 0.5


@dataclass(frozen=True, kw_only=True)
class GenreRow:
    """What there is of one genre.

    Parameters
    ----------
    genre : str
        Its name.
    n_tracks, n_artists : int
        How many.
    hours : float
        How long the tracks are together.
    top_artist : str
        Who made most of them; empty where nobody knows who it is.
    top_artist_share : float, in [0, 1]
        Of the tracks.
    """

    genre: str
    n_tracks: int
    n_artists: int
    hours: float
    top_artist: str
    top_artist_share: float


@dataclass(frozen=True, kw_only=True)
class PairRow:
    """Two genres on the same tracks.

    Parameters
    ----------
    first, second : str
        The genres.
    n_tracks : int
        How many tracks have both.
    first_share, second_share : float, in [0, 1]
        Of the tracks of either genre.
    """

    first: str
    second: str
    n_tracks: int
    first_share: float
    second_share: float


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What a set of tracks can carry.

    Parameters
    ----------
    n_faults : dict of str to int
        Bad files per kind.
    warnings : tuple of str
        What follows from all this, in plain words.
    """

    n_faults: dict[str, int]
    warnings: tuple[str, ...]


def diagnose(
    tracks: Sequence[Track], faults: Sequence[Fault], *, splits: Sequence[Split] = ()
) -> Diagnosis:
    """Look at a set of tracks before anyone trains on it. Changes nothing.

    Parameters
    ----------
    tracks : sequence of Track
        The healthy ones.
    faults : sequence of Fault
        The others.
    splits : sequence of Split
        One, or one per fold: the warnings say what their test parts can show together.

    Returns
    -------
    Diagnosis
    """
    by_genre = _by_genre(tracks)
    n_faults = dict(sorted(Counter(fault.kind for fault in faults).items()))
    return Diagnosis(
        n_faults=n_faults,
        warnings=(
            *_set_warnings(tracks, n_faults),
            *unknown_warnings(tracks),
            *(line for item in by_genre.items() for line in _genre_warnings(*item, splits)),
            *same_tracks_warnings(tracks),
            *_split_warnings(splits),
        ),
    )


def _by_genre(tracks: Sequence[Track]) -> dict[str, list[Track]]:
    found: defaultdict[str, list[Track]] = defaultdict(list)
    for track in tracks:
        for genre in track.genres:
            found[genre].append(track)
    return dict(sorted(found.items()))


def _artists(tracks: Sequence[Track]) -> list[tuple[str, int]]:
    """Count the tracks of each artist, the most first."""
    artists = Counter(track.artist for track in tracks)
    # the name decides between equals, so that the table does not depend on the order
    return sorted(artists.items(), key=lambda item: (-item[1], item[0]))


def _set_warnings(tracks: Sequence[Track], n_faults: dict[str, int]) -> list[str]:
    warnings = []
    if n_faults:
        kinds = ", ".join(f"{kind} {number}" for kind, number in n_faults.items())
        n_bad = sum(n_faults.values())
        warnings.append(f"{n_bad} of {n_bad + len(tracks)} files cannot be used: {kinds}")
    return warnings


def _genre_warnings(genre: str, tracks: Sequence[Track], splits: Sequence[Split]) -> list[str]:
    artists = _artists(tracks)
    (top, n_top), n_artists = artists[0], len(artists)
    has = f"genre {genre}: {counted(len(tracks), 'track')} from {counted(n_artists, 'artist')}"
    warnings = []
    n_in_test = _n_test_artists(tracks, splits)
    if n_artists < N_ARTISTS_TO_SPLIT:
        warnings.append(f"{has}; too few for training, validation and test")
    elif n_in_test == 1:
        warnings.append(f"{has}; its test figures rest on one artist")
    if n_artists > 1 and n_top > LARGE_SHARE * len(tracks):
        warnings.append(f"artist {top} made {percent(n_top / len(tracks))} of genre {genre}")
    return warnings


def _n_test_artists(tracks: Sequence[Track], splits: Sequence[Split]) -> int:
    if not splits:
        return max(1, round(TEST_SHARE * len({track.artist for track in tracks})))
    tested = {track_id for split in splits for track_id in split.test}
    return len({track.artist for track in tracks if track.track_id in tested})


def same_tracks_warnings(tracks: Sequence[Track]) -> list[str]:
    """Warn of genres that nothing tells apart: those on every track, and those on the same ones.

    Parameters
    ----------
    tracks : sequence of Track
        The usable ones.
    """
    warnings = []
    by_genre = _by_genre(tracks)
    members: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for genre, own in by_genre.items():
        members[frozenset(track.track_id for track in own)].append(genre)
        if len(own) == len(tracks) and len(by_genre) > 1:
            warnings.append(f"genre {genre}: on every track, so there is nothing to tell it from")
    warnings += [
        f"genres {', '.join(same)}: on the same tracks, so they cannot be told apart"
        for same in members.values()
        if len(same) > 1
    ]
    return warnings


def _split_warnings(splits: Sequence[Split]) -> list[str]:
    warnings = list(dict.fromkeys(line for split in splits for line in split.warnings))
    n_test = sum(len(split.test) for split in splits)
    if 0 < n_test < N_TEST_TRACKS_FEW:
        points = f"{100 / n_test:.1f}".removesuffix(".0")
        part = "test part has" if len(splits) == 1 else "test parts of all folds have"
        has = f"{part} {counted(n_test, 'track')}"
        warnings.append(f"{has}: one track is {points} points")
    return warnings


def genre_table(tracks: Sequence[Track], seconds: Mapping[str, float]) -> tuple[GenreRow, ...]:
    """Count per genre.

    Parameters
    ----------
    tracks : sequence of Track
        The usable ones.
    seconds : mapping of str to float
        Duration by SHA-256.

    Returns
    -------
    tuple of GenreRow
        By name.
    """
    unknown = {track.artist for track in tracks if track.artist_source == "track"}
    rows = []
    for genre, of_genre in _by_genre(tracks).items():
        artists = _artists(of_genre)
        top, n_top = artists[0]
        rows.append(
            GenreRow(
                genre=genre,
                n_tracks=len(of_genre),
                n_artists=len(artists),
                hours=sum(seconds[track.sha256] for track in of_genre) / 3600,
                top_artist="" if top in unknown else top,
                top_artist_share=n_top / len(of_genre),
            )
        )
    return tuple(rows)


def most_tracks_first(table: Sequence[GenreRow]) -> list[GenreRow]:
    """Sort genres for people; those with as many tracks stay as they were.

    Parameters
    ----------
    table : sequence of GenreRow
        From `genre_table`.
    """
    return sorted(table, key=lambda row: -row.n_tracks)


def rare_genres(table: Sequence[GenreRow]) -> list[str]:
    """List the genres that have too few artists for training, validation and test.

    Parameters
    ----------
    table : sequence of GenreRow
        From `genre_table`.

    Returns
    -------
    list of str
        In the order of the table.
    """
    return [row.genre for row in table if row.n_artists < N_ARTISTS_TO_SPLIT]


def dominated_genres(table: Sequence[GenreRow]) -> list[str]:
    """List the genres of which one artist among several made most.

    Parameters
    ----------
    table : sequence of GenreRow
        From `genre_table`.

    Returns
    -------
    list of str
        In the order of the table.
    """
    return [row.genre for row in table if row.n_artists > 1 and row.top_artist_share > LARGE_SHARE]


def together_table(tracks: Sequence[Track]) -> tuple[PairRow, ...]:
    """Count the tracks that two genres share.

    Parameters
    ----------
    tracks : sequence of Track
        The usable ones.

    Returns
    -------
    tuple of PairRow
        Most tracks first; pairs without a track are left out.
    """
    single = Counter(genre for track in tracks for genre in track.genres)
    pairs = Counter(pair for track in tracks for pair in combinations(track.genres, 2))
    return tuple(
        PairRow(
            first=first,
            second=second,
            n_tracks=number,
            first_share=number / single[first],
            second_share=number / single[second],
        )
        for (first, second), number in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    )
