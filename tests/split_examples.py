"""Splits and folds of example tracks, and what the tests want to know of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from genre.dataset.labels import Vocabulary
from genre.dataset.splits import (
    PARTS,
    Split,
    SplitBy,
    SplitConfig,
    leave_one_artist_out,
    make_folds,
    make_split,
)
from genre.dataset.tracks import Track


def vocabulary_of(tracks: Sequence[Track]) -> Vocabulary:
    """Collect all genres of some tracks."""
    return Vocabulary(tuple(sorted({genre for track in tracks for genre in track.genres})))


def split_tracks(
    tracks: Sequence[Track],
    *,
    by: SplitBy = "artist",
    shares: tuple[float, float, float] = (0.6, 0.2, 0.2),
    seed: int = 0,
) -> Split:
    """Divide tracks with all their genres."""
    train, val, test = shares
    config = SplitConfig(by=by, train=train, val=val, test=test, seed=seed)
    return make_split(tracks, vocabulary_of(tracks), config)


def fold_tracks(
    tracks: Sequence[Track], n_folds: int | None = None, *, by: SplitBy = "artist", seed: int = 0
) -> tuple[Split, ...]:
    """Divide tracks with all their genres into folds."""
    config = SplitConfig(by=by, seed=seed)
    return make_folds(tracks, vocabulary_of(tracks), config, n_folds=n_folds)


def one_artist_at_a_time(tracks: Sequence[Track], *, seed: int = 0) -> tuple[Split, ...]:
    """Divide tracks with all their genres into a fold for each artist."""
    return leave_one_artist_out(tracks, vocabulary_of(tracks), SplitConfig(seed=seed))


def n_artists_of(tracks: Sequence[Track], split: Split) -> dict[str, dict[str, int]]:
    """Count the artists of each genre in each part."""
    by_id = {track.track_id: track for track in tracks}
    artists: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for part in PARTS:
        for track_id in getattr(split, part):
            for genre in by_id[track_id].genres:
                artists[genre, part].add(by_id[track_id].artist)
    genres = {genre for track in tracks for genre in track.genres}
    return {genre: {part: len(artists[genre, part]) for part in PARTS} for genre in genres}


def everyone(split: Split) -> list[str]:
    """List the ids of all parts, sorted."""
    return sorted(split.train + split.val + split.test)


def with_copies(tracks: Sequence[Track], *groups: str) -> list[Track]:
    """Mark tracks as one recording; each group is the ids of its tracks, joined by blanks."""
    name = {track_id: group.split()[0] for group in groups for track_id in group.split()}
    return [replace(track, recording=name.get(track.track_id)) for track in tracks]


def part_of(split: Split, *track_ids: str) -> set[str]:
    """Find the parts that hold any of these tracks."""
    return {part for part in PARTS for name in getattr(split, part) if name in track_ids}
