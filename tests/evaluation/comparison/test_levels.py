"""What a comparison says of each level of a tree: genre.evaluation.comparison.levels."""

import numpy as np
import pandas as pd
import pytest

from genre.evaluation.comparison.levels import levels_table
from genre.evaluation.metrics import evaluate, per_class_table

GENRES = ("dnb", "electronic", "jazz", "jungle")
PARENTS = {"dnb": ("electronic",), "jungle": ("dnb",)}


def test_each_level_has_the_metrics_of_its_genres() -> None:
    rng = np.random.default_rng(0)
    y_true = rng.random((30, 4)) < 0.4
    y_score = rng.random((30, 4))
    thresholds = np.full(4, 0.5)
    artist = np.array([str(row) for row in range(30)])
    rows = per_class_table(
        y_true, y_score, y_score >= 0.5, genres=GENRES, artist=artist, thresholds=thresholds
    )
    table = levels_table(rows.assign(config="a", seed=0), PARENTS).set_index("level")
    members = {"all": [0, 1, 2, 3], "0": [1, 2], "1": [0], "2": [3], "leaves": [2, 3]}
    assert list(table.index) == list(members)
    for level, columns in members.items():
        expected = evaluate(y_true[:, columns], y_score[:, columns], y_score[:, columns] >= 0.5)
        assert table.loc[level, "n_genres"] == len(columns)
        for metric in ("macro_ap", "weighted_f1"):
            assert table.loc[level, metric] == pytest.approx(expected[metric])


def test_a_genre_without_a_test_track_is_left_out() -> None:
    rows = pd.DataFrame(
        {
            "config": "a",
            "seed": 0,
            "genre": list(GENRES),
            "n_pos_tracks": [0, 2, 0, 0],
            "ap": [np.nan, 0.5, np.nan, np.nan],
            "f1": [0.0, 0.25, 0.0, 0.0],
        }
    )
    table = levels_table(rows, PARENTS).set_index("level")
    assert table.loc["0", "macro_ap"] == 0.5
    assert table["macro_ap"].isna().to_dict()["2"]
    assert table.loc["2", "weighted_f1"] == 0.0


def test_without_a_tree_there_is_no_table() -> None:
    rows = pd.DataFrame({"config": ["a"], "seed": [0], "genre": ["jazz"]})
    assert levels_table(rows, {}).empty
