"""Tracks as arrays: labels, and the groups (artists or tracks) that stay in one part.

Groups that hold the same recording (`Track.recording`) are one group.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genre.dataset.labels import Vocabulary
from genre.dataset.splits.parts import PARTS, Split, SplitBy
from genre.dataset.splits.stratify import Floats, Ints
from genre.dataset.tracks import Track
from genre.errors import DatasetError
from genre.wording import counted

# What helps where there are too few groups.
MORE: dict[SplitBy, str] = {
    "artist": "add artists, or use --split-by track",
    "track": "add tracks",
}


@dataclass(frozen=True)
class Table:
    """Tracks in order of their ids, their labels, and the groups that stay together.

    Parameters
    ----------
    tracks : sequence of Track
        Sorted by their ids.
    genres : tuple of str
        In the order of the labels.
    y_true : ndarray of shape (n_tracks, n_labels), bool
        Which genres each track has.
    by : {"artist", "track"}
        What makes a group.
    names : list of str
        The groups, sorted; one that recordings have joined has the first of its names.
    index : ndarray of shape (n_tracks,), int
        The group of each track.
    counts : ndarray of shape (n_groups, n_labels)
        Tracks of each group with each label.
    sizes : ndarray of shape (n_groups,)
        Tracks of each group.
    """

    tracks: Sequence[Track]
    genres: tuple[str, ...]
    y_true: NDArray[numpy.bool_]
    by: SplitBy
    names: list[str]
    index: Ints
    counts: Floats
    sizes: Floats


def tabulate(
    tracks: Sequence[Track], vocabulary: Vocabulary, by: SplitBy, *, min_groups: int
) -> Table:
    """Lay tracks out as arrays.

    Parameters
    ----------
    tracks : sequence of Track
        In any order.
    vocabulary : Vocabulary
        The genres that become labels.
    by : {"artist", "track"}
        What makes a group.
    min_groups : int
        How many groups there must be.

    Raises
    ------
    DatasetError
        On fewer than ``min_groups`` artists (or tracks).
    """
    # sorted, so that the order of the tracks does not matter
    ordered = sorted(tracks, key=lambda track: track.track_id)
    keys = _joined([_key(track, by) for track in ordered], ordered)
    names = sorted(set(keys))
    if len(names) < min_groups:
        raise DatasetError(
            f"{by}s={len(names)} must be at least {min_groups} to be divided by {by}; {MORE[by]}"
        )
    position = {name: number for number, name in enumerate(names)}
    index = numpy.array([position[key] for key in keys], dtype=numpy.int64)
    counts = numpy.zeros((len(names), len(vocabulary.genres)))
    y_true = vocabulary.encode(ordered)
    numpy.add.at(counts, index, y_true.astype(float))
    sizes = numpy.bincount(index, minlength=len(names)).astype(float)
    return Table(ordered, vocabulary.genres, y_true, by, names, index, counts, sizes)


def _key(track: Track, by: SplitBy) -> str:
    return track.artist if by == "artist" else track.track_id


def _joined(keys: Sequence[str], tracks: Sequence[Track]) -> list[str]:
    """Join the groups that share a recording under one name, the first of theirs."""
    names = sorted(set(keys))
    row = {name: number for number, name in enumerate(names)}
    first_of: dict[str, str] = {}
    links = [
        (row[key], row[first_of.setdefault(track.recording, key)])
        for key, track in zip(keys, tracks, strict=True)
        if track.recording is not None
    ]
    if not links:
        return list(keys)
    graph = coo_array((numpy.ones(len(links)), tuple(zip(*links, strict=True))), (len(names),) * 2)
    labels = connected_components(graph, directed=False)[1].tolist()
    name_of: dict[int, str] = {}
    for name, label in zip(names, labels, strict=True):
        name_of.setdefault(label, name)
    return [name_of[labels[row[key]]] for key in keys]


def fixed_groups(
    table: Table, given: Sequence[str | int | None], names: Sequence[str | int], *, column: str
) -> tuple[Ints, tuple[str, ...]]:
    """Find the part that the labels give to each group.

    Parameters
    ----------
    table : Table
        The tracks and their groups.
    given : sequence of str, int or None, of length n_tracks
        What the labels say of each track.
    names : sequence of str or int
        The parts, in order.
    column : {"split", "fold"}
        Where the labels say it.

    Returns
    -------
    fixed : ndarray of shape (n_groups,), int
        Index into ``names``; -1 where the labels are silent on all tracks of the group. Where one
        recording was given two parts, the first track's counts for the whole group.
    notes : tuple of str
        Where that was so.

    Raises
    ------
    DatasetError
        On an artist with tracks in two parts.
    """
    fixed = numpy.full(len(table.names), -1, dtype=numpy.int64)
    part_of: dict[str, str | int] = {}
    notes: dict[int, str] = {}
    for group, track, name in zip(table.index.tolist(), table.tracks, given, strict=True):
        if name is None:
            continue
        key = _key(track, table.by)
        if part_of.setdefault(key, name) != name:
            raise DatasetError(
                f"{table.by}={key!r} must be in one {column}, the labels have tracks in "
                f"{part_of[key]} and {name}; mend labels.csv, or use --split-by track"
            )
        if fixed[group] == -1:
            fixed[group] = names.index(name)
        elif fixed[group] != names.index(name):
            notes[group] = _contradiction(table, group, column, names[fixed[group]])
    return fixed, tuple(notes.values())


def _contradiction(table: Table, group: int, column: str, kept: str | int) -> str:
    members = [track for track, of in zip(table.tracks, table.index, strict=True) if of == group]
    copies = [track.track_id for track in members if track.recording is not None]
    return (
        f"{' = '.join(copies)}: the same recording, and the labels give more than one {column}; "
        f"{kept} is used for all {counted(len(members), 'track')} of "
        f"{', '.join(sorted({_key(track, table.by) for track in members}))}"
    )


def to_split(
    table: Table, parts: Ints, *, fold: int | None = None, asked: Sequence[str] = PARTS
) -> Split:
    """Turn the part of each group into a split, with a warning for every genre missing somewhere.

    Parameters
    ----------
    table : Table
        The tracks and their groups.
    parts : ndarray of shape (n_groups,), int
        Index into `PARTS`.
    fold : int, optional
        The fold that is tested.
    asked : sequence of str
        The parts that should have every genre.

    Raises
    ------
    DatasetError
        On a part without any track.
    """
    track_parts = parts[table.index]  # (n_tracks,)
    ids = [
        tuple(
            table.tracks[row].track_id for row in numpy.flatnonzero(track_parts == number).tolist()
        )
        for number in range(len(PARTS))
    ]
    where = "" if fold is None else f" of fold {fold}"
    for name, members in zip(PARTS, ids, strict=True):
        if not members:
            column = "split" if fold is None else "fold"
            raise DatasetError(
                f"the {name} part{where} must have at least one track; {_remedy(table, column)}"
            )
    warnings = [
        f"genre {genre}: no track in {name}{where} "
        f"({counted(int((table.counts[:, column] > 0).sum()), table.by)} in all)"
        for column, genre in enumerate(table.genres)
        for number, name in enumerate(PARTS)
        if name in asked and not table.y_true[track_parts == number, column].any()
    ]
    train, val, test = ids
    return Split(train=train, val=val, test=test, by=table.by, fold=fold, warnings=tuple(warnings))


def _remedy(table: Table, column: str) -> str:
    """Write what to mend: the column that decided, where the labels have it."""
    given = any(getattr(track, column) is not None for track in table.tracks)
    return f"check column {column} of labels.csv" if given else MORE[table.by]
