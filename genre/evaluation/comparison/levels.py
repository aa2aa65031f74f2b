"""What a comparison says of each level of a tree of genres."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from genre.genre_tree import leaves, levels

COLUMNS = ("config", "seed", "level", "n_genres", "macro_ap", "weighted_f1")
ALL, LEAVES = "all", "leaves"


def levels_table(per_class: pd.DataFrame, parents: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Average what was found of single genres over those of each level.

    Parameters
    ----------
    per_class : DataFrame
        A row per configuration, seed and genre, with n_pos_tracks, ap and f1.
    parents : mapping of str to sequence of str
        What each genre is a kind of; without any there is no table.

    Returns
    -------
    DataFrame
        A row per configuration, seed and level: all, 0 (the top), 1 and so on, and leaves.
        Genres without a test track are left out of ``macro_ap``, which is NaN where none is left.
    """
    if not parents:
        return pd.DataFrame(columns=list(COLUMNS))
    genres = list(dict.fromkeys(per_class["genre"]))
    depth = levels(parents, genres)
    groups = {ALL: set(genres)}
    for level in sorted(set(depth.values())):
        groups[str(level)] = {genre for genre in genres if depth[genre] == level}
    groups[LEAVES] = set(leaves(parents, genres))
    rows = [
        (config, seed, level, len(members), *_means(own[own["genre"].isin(members)]))
        for (config, seed), own in per_class.groupby(["config", "seed"], sort=False)
        for level, members in groups.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _means(rows: pd.DataFrame) -> tuple[float, float]:
    n_tracks = rows["n_pos_tracks"].to_numpy(dtype=np.float64)
    total = n_tracks.sum()
    weighted = float((rows["f1"] * n_tracks).sum() / total) if total else 0.0
    return float(rows["ap"].mean()), weighted
