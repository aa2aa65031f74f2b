"""Another cut between training and validation for another seed; the test part stays as it is.

So runs of several seeds differ also in what they learned from and were chosen by, and their spread
says what that is worth.
"""

from collections.abc import Sequence

import numpy

from genre.dataset.labels import Vocabulary
from genre.dataset.splits.assign import PRIORITIES
from genre.dataset.splits.parts import PARTS, Split
from genre.dataset.splits.stratify import Groups, stratify
from genre.dataset.splits.table import tabulate, to_split
from genre.dataset.tracks import Track


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
