"""The same recording twice: files with the same bytes are one track with all their genres."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from genre.dataset.tracks import ArtistSource, Track
from genre.wording import counted

# From the best known to the least.
ARTIST_SOURCES: tuple[ArtistSource, ...] = ("labels", "tag", "name", "folder", "track")


def merge_same_content(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Make one track of all files with the same SHA-256.

    Parameters
    ----------
    tracks : sequence of Track
        One per file.

    Returns
    -------
    tuple of Track
        Sorted by track_id. A merged track has the id and path of the first of its files, the union
        of the genres, the best known artist, and the first split and fold that any of them has.
    """
    return tuple(_merge(same) for same in _by_content(tracks))


def group_copies(tracks: Sequence[Track]) -> tuple[tuple[Track, ...], ...]:
    """Find the files that have the same bytes.

    Parameters
    ----------
    tracks : sequence of Track
        Before merging.

    Returns
    -------
    tuple of tuple of Track
        Two or more in each, sorted by track_id, and so are the groups by their first one.
    """
    return tuple(tuple(same) for same in _by_content(tracks) if len(same) > 1)


def _by_content(tracks: Sequence[Track]) -> list[list[Track]]:
    copies: defaultdict[str, list[Track]] = defaultdict(list)
    for track in sorted(tracks, key=lambda track: track.track_id):
        copies[track.sha256].append(track)
    return list(copies.values())


def _merge(same: Sequence[Track]) -> Track:
    named = min(same, key=lambda track: ARTIST_SOURCES.index(track.artist_source))
    return replace(
        same[0],
        genres=tuple(sorted({genre for track in same for genre in track.genres})),
        artist=named.artist,
        artist_source=named.artist_source,
        split=next((track.split for track in same if track.split is not None), None),
        fold=next((track.fold for track in same if track.fold is not None), None),
    )


def describe_copies(tracks: Sequence[Track]) -> tuple[str, ...]:
    """Describe in plain words which files `merge_same_content` makes one, and where they disagree.

    Parameters
    ----------
    tracks : sequence of Track
        Before merging.

    Returns
    -------
    tuple of str
        Empty where no two files have the same bytes.
    """
    groups = group_copies(tracks)
    if not groups:
        return ()
    n_extra = sum(len(same) - 1 for same in groups)
    example = " = ".join(track.track_id for track in groups[0])
    notes = [f"{counted(n_extra, 'file')} found again, byte for byte, counted once ({example})"]
    for name in ("split", "fold"):
        for same in groups:
            values = {getattr(track, name) for track in same} - {None}
            if len(values) > 1:
                kept = getattr(_merge(same), name)
                notes.append(
                    f"{' = '.join(track.track_id for track in same)}: the labels give more than "
                    f"one {name}; {kept} is used"
                )
    return tuple(notes)
