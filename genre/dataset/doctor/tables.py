"""Tables of genres and artists."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas

from genre.dataset.doctor.diagnosis import diagnose
from genre.dataset.tracks import Track


def genre_table(tracks: Sequence[Track], seconds: Mapping[str, float]) -> pandas.DataFrame:
    """Count per genre.

    Parameters
    ----------
    tracks : sequence of Track
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


def artist_table(tracks: Sequence[Track], seconds: Mapping[str, float]) -> pandas.DataFrame:
    """Count per known artist.

    Parameters
    ----------
    tracks : sequence of Track
    seconds : mapping of str to float
        Duration by SHA-256.

    Returns
    -------
    DataFrame of shape (n_artists, 4)
        Index artist, most tracks first; n_tracks, hours, genres (most frequent first, joined by
        commas) and source.
    """
    by_artist: defaultdict[str, list[Track]] = defaultdict(list)
    for track in tracks:
        if track.artist_source != "track":
            by_artist[track.artist].append(track)
    ranked = sorted(by_artist, key=lambda artist: (-len(by_artist[artist]), artist))
    rows = [_artist_row(by_artist[artist], seconds) for artist in ranked]
    columns = ["n_tracks", "hours", "genres", "source"]
    return pandas.DataFrame(rows, columns=columns, index=ranked).rename_axis("artist")


def _artist_row(
    tracks: Sequence[Track], seconds: Mapping[str, float]
) -> tuple[int, float, str, str]:
    genres = Counter(genre for track in tracks for genre in track.genres)
    ranked = sorted(genres, key=lambda genre: (-genres[genre], genre))
    sources = Counter(track.artist_source for track in tracks)
    source = min(sources, key=lambda name: (-sources[name], name))
    hours = sum(seconds[track.sha256] for track in tracks) / 3600
    return len(tracks), hours, ", ".join(ranked), source


def together_table(tracks: Sequence[Track]) -> pandas.DataFrame:
    """Count the tracks that two genres share.

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
