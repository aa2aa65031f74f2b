"""Folds: each tests another part of the tracks, so that together they test them all."""

from collections.abc import Sequence
from dataclasses import replace

import numpy

from genre.dataset.labels import Vocabulary
from genre.dataset.splits.assign import PRIORITIES, SplitConfig
from genre.dataset.splits.parts import PARTS, Split
from genre.dataset.splits.stratify import Groups, Ints, stratify
from genre.dataset.splits.table import Table, fixed_groups, tabulate, to_split
from genre.dataset.tracks import Track
from genre.errors import ConfigError, DatasetError
from genre.wording import counted

N_FOLDS = 5
MOST_ARTISTS = 50
"""So many are tested one at a time: each is a training of its own."""


def make_folds(
    tracks: Sequence[Track],
    vocabulary: Vocabulary,
    config: SplitConfig | None = None,
    *,
    n_folds: int | None = None,
) -> tuple[Split, ...]:
    """Make one split per fold: the fold is tested, validation is cut from the others.

    The folds are those of the tracks (`Track.fold`) where they have any; tracks without one are
    added where they fit. `Track.split` does not count here. One recording is in one fold, as in
    `make_split`.

    Parameters
    ----------
    tracks : sequence of Track
        What is to be divided.
    vocabulary : Vocabulary
        The genres to balance.
    config : SplitConfig, optional
        Of ``train`` and ``val`` only the proportion counts.
    n_folds : int, optional
        At least 2. By default the labels' own number, which must not be contradicted, or 5 where
        they give no folds.

    Returns
    -------
    tuple of Split
        ``fold`` is the labels' own number, else 0 to n_folds - 1.

    Raises
    ------
    GenreError
        On a wrong number of folds, too few artists, or an artist that the labels put in two folds.
    """
    config = config or SplitConfig()
    names = _fold_names(tracks, n_folds)
    table = tabulate(tracks, vocabulary, config.by, min_groups=max(len(names), len(PARTS)))
    given = [track.fold for track in table.tracks]
    fixed, notes = fixed_groups(table, given, names, column="fold")
    folds = stratify(_fold_groups(table, fixed, names), rng=numpy.random.default_rng(config.seed))
    splits = [_fold_split(table, folds, number, name, config) for number, name in enumerate(names)]
    return tuple(replace(split, warnings=(*notes, *split.warnings)) for split in splits)


def leave_one_artist_out(
    tracks: Sequence[Track], vocabulary: Vocabulary, config: SplitConfig | None = None
) -> tuple[Split, ...]:
    """Make one split per artist: the artist is tested, validation is cut from the others.

    Artists who share a recording are tested together. What the labels say of folds and splits
    (`Track.fold`, `Track.split`) does not count here.

    Parameters
    ----------
    tracks : sequence of Track
        What is to be divided.
    vocabulary : Vocabulary
        The genres to balance between training and validation.
    config : SplitConfig, optional
        By artist; of ``train`` and ``val`` only the proportion counts.

    Returns
    -------
    tuple of Split
        ``fold`` is 0, 1 … in the sorted order of the artists. No warning says that a genre is
        missing in test: one artist has few.

    Raises
    ------
    GenreError
        On fewer than 3 artists or more than `MOST_ARTISTS`, or a division by track.
    """
    config = config or SplitConfig()
    if config.by != "artist":
        raise ConfigError(f"by={config.by!r} must be artist to test one artist at a time")
    table = tabulate(tracks, vocabulary, "artist", min_groups=0)
    n_artists = len(table.names)
    if not len(PARTS) <= n_artists <= MOST_ARTISTS:
        few = "add artists, or use --folds none --split-by track"
        many = f"use --folds all, which makes {N_FOLDS} folds where the labels give none"
        raise DatasetError(
            f"artists={n_artists} must be {len(PARTS)} to {MOST_ARTISTS} to be tested one at a "
            f"time (--folds artists); {few if n_artists < len(PARTS) else many}"
        )
    folds = numpy.arange(n_artists)
    asked = tuple(part for part in PARTS if part != "test")
    return tuple(
        _fold_split(table, folds, number, number, config, asked=asked)
        for number in range(n_artists)
    )


def describe_folds(tracks: Sequence[Track], splits: Sequence[Split]) -> str:
    """Write in words what the folds test.

    Parameters
    ----------
    tracks : sequence of Track
        All tracks that the splits divide.
    splits : sequence of Split
        One, or one per fold.

    Returns
    -------
    str
        Empty where there are no folds.
    """
    if splits[0].fold is None:
        return ""
    by = splits[0].by
    n_units = len({track.artist for track in tracks}) if by == "artist" else len(tracks)
    alone = ", on its own" if n_units == len(splits) else ""
    return f"{counted(len(splits), 'fold')}: each of the {n_units} {by}s tested once{alone}"


def _fold_groups(table: Table, fixed: Ints, names: list[int]) -> Groups:
    return Groups(
        counts=table.counts,
        sizes=table.sizes,
        fixed=fixed,
        ratios=numpy.full(len(names), 1 / len(names)),
        is_open=numpy.ones(len(names), dtype=bool),
        priorities=numpy.ones(len(names)),
    )


def _fold_names(tracks: Sequence[Track], n_folds: int | None) -> list[int]:
    published = sorted({track.fold for track in tracks if track.fold is not None})
    if n_folds is None:
        n_folds = len(published) or N_FOLDS
    if n_folds < 2:
        raise ConfigError(f"n_folds={n_folds} must be at least 2")
    if published and len(published) != n_folds:
        raise ConfigError(
            f"n_folds={n_folds} must be {len(published)}, the folds that labels.csv gives; leave "
            "its column fold out for folds of your own"
        )
    return published or list(range(n_folds))


def _fold_split(
    table: Table,
    folds: Ints,
    number: int,
    name: int,
    config: SplitConfig,
    *,
    asked: Sequence[str] = PARTS,
) -> Split:
    rest = numpy.flatnonzero(folds != number)
    share = numpy.array([config.train, config.val]) / (config.train + config.val)
    inner = stratify(
        Groups(
            counts=table.counts[rest],
            sizes=table.sizes[rest],
            fixed=numpy.full(len(rest), -1, dtype=numpy.int64),
            ratios=share,
            is_open=numpy.ones(2, dtype=bool),
            priorities=numpy.array([PRIORITIES["train"], PRIORITIES["val"]]),
        ),
        rng=numpy.random.default_rng([config.seed, number]),
    )
    parts = numpy.full(len(folds), PARTS.index("test"), dtype=numpy.int64)
    parts[rest] = inner
    return to_split(table, parts, fold=name, asked=asked)
