"""Whoever made the tracks of a set: where that is known from, and what it means where it is not."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genre.dataset.tracks import ArtistSource, Track
from genre.wording import counted, percent

# With more tracks than this by nobody known, a division by artist may be none.
UNKNOWN_SHARE = 0.2
SOURCES: dict[ArtistSource, str] = {
    "labels": "labels.csv",
    "tag": "tags",
    "name": "file names",
    "folder": "folders",
}


@dataclass(frozen=True, kw_only=True)
class ArtistRow:
    """What there is by one known artist.

    Parameters
    ----------
    artist : str
        Whoever made the tracks.
    n_tracks : int
        How many.
    hours : float
        How long they are together.
    genres : str
        Most frequent first, joined by commas.
    source : str
        Where the artist is known from, for most of the tracks; a key of `SOURCES`.
    """

    artist: str
    n_tracks: int
    hours: float
    genres: str
    source: ArtistSource


def unknown_warnings(tracks: Sequence[Track]) -> list[str]:
    """Warn of tracks by nobody known, which no division by artist can keep together.

    Parameters
    ----------
    tracks : sequence of Track
        The usable ones.

    Returns
    -------
    list of str
        One sentence, or none where all artists are known.
    """
    n_unknown = sum(track.artist_source == "track" for track in tracks)
    if not n_unknown:
        return []
    has = f"{counted(n_unknown, 'track')} of {len(tracks)} without a known artist"
    if n_unknown <= UNKNOWN_SHARE * len(tracks):
        return [f"{has}: each counts as its own"]
    return [
        (
            f"{has}: each counts as its own, so songs of one artist may stand in training and "
            "test, and every score may be too high for music by others; name the artists in "
            "labels.csv, in tags, or as Artist - Title"
        )
    ]


def describe_artists(tracks: Sequence[Track]) -> str:
    """Count in words where the artists are known from.

    Parameters
    ----------
    tracks : sequence of Track
        The usable ones.

    Returns
    -------
    str
        ``12 known artists, from labels.csv (20 tracks), tags (3 tracks); 2 tracks (8 %) by nobody
        known``.
    """
    counts = Counter(track.artist_source for track in tracks)
    known = [
        f"{words} ({counted(counts[source], 'track')})"
        for source, words in SOURCES.items()
        if counts[source]
    ]
    n_artists = len({track.artist for track in tracks if track.artist_source != "track"})
    parts = [
        f"{counted(n_artists, 'known artist')}" + (f", from {', '.join(known)}" if known else "")
    ]
    if n_unknown := counts["track"]:
        share = percent(n_unknown / len(tracks))
        parts.append(f"{counted(n_unknown, 'track')} ({share}) by nobody known")
    return "; ".join(parts)


def artist_table(tracks: Sequence[Track], seconds: Mapping[str, float]) -> tuple[ArtistRow, ...]:
    """Count per known artist.

    Parameters
    ----------
    tracks : sequence of Track
        The usable ones.
    seconds : mapping of str to float
        Duration by SHA-256.

    Returns
    -------
    tuple of ArtistRow
        Most tracks first.
    """
    by_artist: defaultdict[str, list[Track]] = defaultdict(list)
    for track in tracks:
        if track.artist_source != "track":
            by_artist[track.artist].append(track)
    ranked = sorted(by_artist, key=lambda artist: (-len(by_artist[artist]), artist))
    return tuple(_artist_row(artist, by_artist[artist], seconds) for artist in ranked)


def _artist_row(artist: str, tracks: Sequence[Track], seconds: Mapping[str, float]) -> ArtistRow:
    genres = Counter(genre for track in tracks for genre in track.genres)
    ranked = sorted(genres, key=lambda genre: (-genres[genre], genre))
    sources = Counter(track.artist_source for track in tracks)
    return ArtistRow(
        artist=artist,
        n_tracks=len(tracks),
        hours=sum(seconds[track.sha256] for track in tracks) / 3600,
        genres=", ".join(ranked),
        source=min(sources, key=lambda name: (-sources[name], name)),
    )
