"""Tables per genre."""

import numpy as np
import pytest

from genre.evaluation.metrics.per_class import per_class_table, report_text
from tests.metric_examples import DECISIONS, Y_SCORE, Y_TRUE


def test_the_table_per_genre() -> None:
    table = per_class_table(
        Y_TRUE,
        Y_SCORE,
        DECISIONS,
        genres=["a", "b", "c"],
        artist=np.array(["x", "x", "y", "z"]),
        thresholds=np.array([0.5, 0.6, 0.7]),
    ).set_index("genre")
    assert list(table["n_pos_tracks"]) == [2, 2, 0]
    assert list(table["n_pos_artists"]) == [1, 2, 0]
    assert table[["TP", "FP", "FN"]].to_numpy().tolist() == [[1, 0, 1], [2, 1, 0], [0, 1, 0]]
    assert table["f1"].to_list() == pytest.approx([2 / 3, 0.8, 0])
    assert table["ap"].isna().to_list() == [False, False, True]
    assert table["low_support"].all()


def test_ten_artists_are_support_enough() -> None:
    artist = np.array([f"artist {row}" for row in range(20)])
    y_true = np.zeros((20, 2), dtype=np.bool_)
    y_true[:10, 0] = True
    y_true[:9, 1] = True
    table = per_class_table(
        y_true,
        y_true.astype(float),
        y_true,
        genres=["a", "b"],
        artist=artist,
        thresholds=np.full(2, 0.5),
    )
    assert list(table["low_support"]) == [False, True]


def test_the_report_names_genres_and_averages() -> None:
    text = report_text(Y_TRUE, DECISIONS, ["ambient", "blues", "jazz"])
    for word in (
        "ambient",
        "blues",
        "jazz",
        "micro avg",
        "macro avg",
        "weighted avg",
        "samples avg",
    ):
        assert word in text
