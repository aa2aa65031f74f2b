"""What a set of tracks can carry: tables of its genres and artists, and what follows from them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas

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
class Diagnosis:
    """What a set of tracks can carry.

    Parameters
    ----------
    label_table : DataFrame of shape (n_labels, 4)
        Per genre: n_tracks, n_artists, top_artist, top_artist_share in [0, 1].
    n_faults : dict of str to int
        Bad files per kind.
    warnings : tuple of str
        What follows from all this, in plain words.
    """

    label_table: pandas.DataFrame
    n_faults: dict[str, int]
    warnings: tuple[str, ...]


def diagnose(
    tracks: Sequence[Track], faults: Sequence[Fault], *, split: Split | None = None
) -> Diagnosis:
    """Look at a set of tracks before anyone trains on it. Changes nothing.

    Parameters
    ----------
    tracks : sequence of Track
        The healthy ones.
    faults : sequence of Fault
        The others.
    split : Split, optional
        Where there is one, the warnings say what its test part can show.

    Returns
    -------
    Diagnosis
    """
    by_genre: defaultdict[str, list[Track]] = defaultdict(list)
    for track in tracks:
        for genre in track.genres:
            by_genre[genre].append(track)
    genres = sorted(by_genre)
    rows = [_genre_row(by_genre[genre]) for genre in genres]
    columns = ["n_tracks", "n_artists", "top_artist", "top_artist_share"]
    table = pandas.DataFrame(rows, columns=columns, index=genres)
    n_faults = dict(sorted(Counter(fault.kind for fault in faults).items()))
    return Diagnosis(
        label_table=table.rename_axis("genre"),
        n_faults=n_faults,
        warnings=(
            *_set_warnings(tracks, n_faults),
            *unknown_warnings(tracks),
            *(line for genre in genres for line in _genre_warnings(genre, by_genre[genre], split)),
            *_same_tracks_warnings(by_genre, n_tracks=len(tracks)),
            *_split_warnings(split),
        ),
    )


def _genre_row(tracks: Sequence[Track]) -> tuple[int, int, str, float]:
    artists = Counter(track.artist for track in tracks)
    # the name decides between equals, so that the table does not depend on the order
    top = min(artists, key=lambda artist: (-artists[artist], artist))
    return len(tracks), len(artists), top, artists[top] / len(tracks)


def _set_warnings(tracks: Sequence[Track], n_faults: dict[str, int]) -> list[str]:
    warnings = []
    if n_faults:
        kinds = ", ".join(f"{kind} {number}" for kind, number in n_faults.items())
        n_bad = sum(n_faults.values())
        warnings.append(f"{n_bad} of {n_bad + len(tracks)} files cannot be used: {kinds}")
    return warnings


def _genre_warnings(genre: str, tracks: Sequence[Track], split: Split | None) -> list[str]:
    n_tracks, n_artists, top, share = _genre_row(tracks)
    has = f"genre {genre}: {counted(n_tracks, 'track')} from {counted(n_artists, 'artist')}"
    warnings = []
    n_in_test = _n_test_artists(tracks, split)
    if n_artists < N_ARTISTS_TO_SPLIT:
        warnings.append(f"{has}; too few for training, validation and test")
    elif n_in_test == 1:
        warnings.append(f"{has}; its test figures rest on one artist")
    if n_artists > 1 and share > LARGE_SHARE:
        warnings.append(f"artist {top} made {percent(share)} of genre {genre}")
    return warnings


def _n_test_artists(tracks: Sequence[Track], split: Split | None) -> int:
    if split is None:
        return max(1, round(TEST_SHARE * len({track.artist for track in tracks})))
    tested = set(split.test)
    return len({track.artist for track in tracks if track.track_id in tested})


def _same_tracks_warnings(by_genre: dict[str, list[Track]], *, n_tracks: int) -> list[str]:
    warnings = []
    members: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for genre, tracks in sorted(by_genre.items()):
        members[frozenset(track.track_id for track in tracks)].append(genre)
        if len(tracks) == n_tracks and len(by_genre) > 1:
            warnings.append(f"genre {genre}: on every track, so there is nothing to tell it from")
    warnings += [
        f"genres {', '.join(same)}: on the same tracks, so they cannot be told apart"
        for same in members.values()
        if len(same) > 1
    ]
    return warnings


def _split_warnings(split: Split | None) -> list[str]:
    if split is None:
        return []
    warnings = list(split.warnings)
    n_test = len(split.test)
    if 0 < n_test < N_TEST_TRACKS_FEW:
        points = f"{100 / n_test:.1f}".removesuffix(".0")
        has = f"test part has {counted(n_test, 'track')}"
        warnings.append(f"{has}: one track is {points} points")
    return warnings


def genre_table(tracks: Sequence[Track], seconds: Mapping[str, float]) -> pandas.DataFrame:
    """Count per genre.

    Parameters
    ----------
    tracks : sequence of Track
        The usable ones.
    seconds : mapping of str to float
        Duration by SHA-256.

    Returns
    -------
    DataFrame of shape (n_genres, 5)
        Index genre; n_tracks, n_artists, hours, top_artist (empty where nobody knows who it is),
        top_artist_share in [0, 1].
    """
    table = diagnose(tracks, []).label_table
    unknown = {track.artist for track in tracks if track.artist_source == "track"}
    table["top_artist"] = table["top_artist"].where(~table["top_artist"].isin(unknown), "")
    hours: defaultdict[str, float] = defaultdict(float)
    for track in tracks:
        for genre in track.genres:
            hours[genre] += seconds[track.sha256] / 3600
    table.insert(2, "hours", [hours[genre] for genre in table.index])
    return table


def rare_genres(table: pandas.DataFrame) -> list[str]:
    """List the genres that have too few artists for training, validation and test.

    Parameters
    ----------
    table : DataFrame
        From `genre_table`.

    Returns
    -------
    list of str
        In the order of the table.
    """
    return [str(genre) for genre in table.index[table["n_artists"] < N_ARTISTS_TO_SPLIT]]


def dominated_genres(table: pandas.DataFrame) -> list[str]:
    """List the genres of which one artist among several made most.

    Parameters
    ----------
    table : DataFrame
        From `genre_table`.

    Returns
    -------
    list of str
        In the order of the table.
    """
    is_dominated = (table["n_artists"] > 1) & (table["top_artist_share"] > LARGE_SHARE)
    return [str(genre) for genre in table.index[is_dominated]]


def together_table(tracks: Sequence[Track]) -> pandas.DataFrame:
    """Count the tracks that two genres share.

    Parameters
    ----------
    tracks : sequence of Track
        The usable ones.

    Returns
    -------
    DataFrame of shape (n_pairs, 5)
        Most tracks first: first, second, n_tracks, first_share and second_share in [0, 1], the
        shares of either genre's tracks; pairs without a track are left out.
    """
    single = Counter(genre for track in tracks for genre in track.genres)
    pairs = Counter(pair for track in tracks for pair in combinations(track.genres, 2))
    rows = [
        (first, second, number, number / single[first], number / single[second])
        for (first, second), number in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    ]
    columns = ["first", "second", "n_tracks", "first_share", "second_share"]
    return pandas.DataFrame(rows, columns=columns)
