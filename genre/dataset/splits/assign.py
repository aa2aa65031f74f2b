"""One split: by artist, balanced over the genres, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy
from numpy.typing import NDArray

from genre.dataset.labels import Vocabulary
from genre.dataset.splits.parts import PARTS, Split, SplitBy
from genre.dataset.splits.stratify import Floats, Groups, Ints, stratify
from genre.dataset.splits.table import Table, fixed_groups, tabulate, to_split
from genre.dataset.tracks import Track
from genre.errors import ConfigError
from genre.suggestions import not_among

# A genre that is not learned is worst; one that is not tested is worse than one whose threshold
# comes from the others.
PRIORITIES = {"train": 4.0, "test": 2.0, "val": 1.0}


@dataclass(frozen=True, kw_only=True)
class SplitConfig:
    """How tracks are divided.

    Parameters
    ----------
    by : {"artist", "track"}
        The unit that stays in one part. By track, a model may recognise the artist instead of the
        genre, and its figures come out too high.
    train : float
        Share of the tracks to learn from, above 0; train, val and test sum to 1.
    val : float
        Share of the tracks to choose epochs and thresholds on, above 0.
    test : float
        Share of the tracks to test on, above 0.
    seed : int
        Another seed gives another split; 0 or above.
    """

    by: SplitBy = "artist"
    train: float = 0.6
    val: float = 0.2
    test: float = 0.2
    seed: int = 0

    def __post_init__(self) -> None:
        if self.by not in ("artist", "track"):
            raise ConfigError(not_among("by", self.by, ("artist", "track")))
        for name in PARTS:
            if not 0 < getattr(self, name) < 1:
                raise ConfigError(f"{name}={getattr(self, name)} must be above 0 and below 1")
        total = self.train + self.val + self.test
        if abs(total - 1) > 1e-6:
            raise ConfigError(f"train + val + test={total:g} must be 1")
        if self.seed < 0:
            raise ConfigError(f"seed={self.seed} must be 0 or above")


def make_split(
    tracks: Sequence[Track], vocabulary: Vocabulary, config: SplitConfig | None = None
) -> Split:
    """Divide tracks into training, validation and test part.

    A part that the tracks themselves name (`Track.split`) is kept as it is. Where they name no
    validation or no test part, it is cut from the tracks without a part, else from the training
    tracks. Tracks of one recording (`Track.recording`), and whatever must stay with them, are in
    one part: where the labels say otherwise, in that of the first, with a warning.

    Parameters
    ----------
    tracks : sequence of Track
        What is to be divided.
    vocabulary : Vocabulary
        The genres to balance.
    config : SplitConfig, optional
        Shares, unit and seed; the default ones if None.

    Raises
    ------
    DatasetError
        On fewer than three artists (or tracks), or an artist that the labels put in two parts.
    """
    config = config or SplitConfig()
    table = tabulate(tracks, vocabulary, config.by, min_groups=len(PARTS))
    given = [track.split for track in table.tracks]
    fixed, notes = fixed_groups(table, given, PARTS, column="split")
    is_open = numpy.array([part == "train" or part not in given for part in PARTS])
    if is_open.sum() > 1 and (fixed >= 0).all():
        fixed[fixed == PARTS.index("train")] = -1
    groups = Groups(
        counts=table.counts,
        sizes=table.sizes,
        fixed=fixed,
        ratios=_ratios(table, fixed, config, is_open),
        is_open=is_open,
        priorities=numpy.array([PRIORITIES[part] for part in PARTS]),
    )
    parts = stratify(groups, rng=numpy.random.default_rng(config.seed))
    split = to_split(table, parts)
    return replace(split, warnings=(*notes, *split.warnings))


def _ratios(
    table: Table, fixed: Ints, config: SplitConfig, is_open: NDArray[numpy.bool_]
) -> Floats:
    """Compute the shares to aim at: a closed part has what it has, the others divide the rest."""
    wanted = numpy.array([config.train, config.val, config.test])
    has = numpy.array([table.sizes[fixed == part].sum() for part in range(len(PARTS))])
    closed = numpy.where(is_open, 0.0, has / table.sizes.sum())
    return numpy.where(is_open, wanted / wanted[is_open].sum() * (1 - closed.sum()), closed)


def recut(tracks: Sequence[Track], vocabulary: Vocabulary, split: Split, *, seed: int) -> Split:
    """Divide the training and validation tracks of a split anew, in the same proportion.

    Parameters
    ----------
    tracks : sequence of Track
        Every track of the split, and maybe others.
    vocabulary : Vocabulary
        The genres to balance.
    split : Split
        Whose test part stays.
    seed : int
        0 gives the split itself.

    Returns
    -------
    Split
        The split itself also where the tracks name their validation part (`Track.split`).
    """
    part_of = {track_id: part for part in PARTS for track_id in getattr(split, part)}
    mine = [track for track in tracks if track.track_id in part_of]
    if seed == 0 or (split.fold is None and any(track.split == "val" for track in mine)):
        return split
    table = tabulate(mine, vocabulary, split.by, min_groups=len(PARTS))
    parts = numpy.full(len(table.names), -1, dtype=numpy.int64)
    for group, track in zip(table.index, table.tracks, strict=True):
        if part_of[track.track_id] == "test":
            parts[group] = PARTS.index("test")
    rest = numpy.flatnonzero(parts < 0)
    sizes = numpy.array([len(split.train), len(split.val)])
    parts[rest] = stratify(
        Groups(
            counts=table.counts[rest],
            sizes=table.sizes[rest],
            fixed=parts[rest],
            ratios=sizes / sizes.sum(),
            is_open=numpy.ones(2, dtype=bool),
            priorities=numpy.array([PRIORITIES["train"], PRIORITIES["val"]]),
        ),
        rng=numpy.random.default_rng([seed, split.fold or 0]),
    )
    return to_split(table, parts, fold=split.fold)
