"""Metrics: cases computed by hand, awkward cases, and the contract of the registry."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from genre.errors import GenreError
from genre.evaluation.metrics import (
    METRICS,
    average_precision,
    elementwise_accuracy,
    evaluate,
    macro_average_precision,
    per_class_table,
    report_text,
    roc_auc,
    subset_accuracy,
    weighted_f1,
)
from genre.evaluation.metrics.calibration import reliability_bins, score_bins

Y_TRUE = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=np.bool_)
DECISIONS = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 1], [0, 1, 0]], dtype=np.bool_)
Y_SCORE = np.array([[0.9, 0.2, 0.1], [0.3, 0.8, 0.1], [0.4, 0.6, 0.7], [0.1, 0.7, 0.2]])


def test_f1_by_hand() -> None:
    # Class 0: TP 1, PP 1, P 2: F1 = 2/3. Class 1: TP 2, PP 3, P 2: 4/5. Class 2 has
    # no positive, and is left out of macro averages.
    assert METRICS["macro_f1"](Y_TRUE, Y_SCORE, DECISIONS) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert weighted_f1(Y_TRUE, Y_SCORE, DECISIONS) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert METRICS["micro_f1"](Y_TRUE, Y_SCORE, DECISIONS) == pytest.approx(6 / 9)
    # Rows: 1, 2·1/(1+2), 2·1/(2+1), 0.
    expected = (1 + 2 / 3 + 2 / 3 + 0) / 4
    assert METRICS["samples_f1"](Y_TRUE, Y_SCORE, DECISIONS) == pytest.approx(expected)


def test_precision_and_recall_by_hand() -> None:
    assert METRICS["macro_precision"](Y_TRUE, Y_SCORE, DECISIONS) == pytest.approx((1 + 2 / 3) / 2)
    assert METRICS["macro_recall"](Y_TRUE, Y_SCORE, DECISIONS) == pytest.approx((1 / 2 + 1) / 2)


def test_accuracies_by_hand() -> None:
    assert subset_accuracy(Y_TRUE, Y_SCORE, DECISIONS) == 0.25
    assert elementwise_accuracy(Y_TRUE, Y_SCORE, DECISIONS) == pytest.approx(9 / 12)
    assert METRICS["hamming_loss"](Y_TRUE, Y_SCORE, DECISIONS) == pytest.approx(3 / 12)
    # Rows: 1/1, 1/2, 1/2, 0/1.
    assert METRICS["jaccard"](Y_TRUE, Y_SCORE, DECISIONS) == pytest.approx(0.5)


def test_average_precision_by_hand() -> None:
    # Class 0 ranks its positives 1st and 3rd of four: (1/1 + 2/3)/2. Class 1: 1st and 3rd too.
    values = average_precision(Y_TRUE, Y_SCORE)
    np.testing.assert_allclose(values[:2], [(1 + 2 / 3) / 2, (1 + 2 / 3) / 2])
    assert np.isnan(values[2])
    macro = macro_average_precision(Y_TRUE, Y_SCORE, DECISIONS)
    assert macro == pytest.approx((1 + 2 / 3) / 2)


def test_auc_by_hand() -> None:
    # Class 0: of 2 x 2 pairs only (0.3, 0.4) is the wrong way round.
    values = roc_auc(Y_TRUE, Y_SCORE)
    np.testing.assert_allclose(values[:2], [3 / 4, 3 / 4])
    assert np.isnan(values[2])


def test_lrap_by_hand_leaves_rows_without_labels_out() -> None:
    # Row 0: best. Row 1: labels at ranks 1 and 2. Row 2: rank 2 of 3: 1/2. Row 3 has no label.
    assert METRICS["lrap"](Y_TRUE, Y_SCORE, DECISIONS) == pytest.approx((1 + 1 + 1 / 2) / 3)


def test_calibration_by_hand() -> None:
    y_true = np.array([[1], [0], [0], [1]], dtype=np.bool_)
    y_score = np.array([[0.6], [0.2], [0.4], [1.0]])
    decisions = y_score > 0.5
    expected = (0.4**2 + 0.2**2 + 0.4**2 + 0) / 4
    assert METRICS["brier"](y_true, y_score, decisions) == pytest.approx(expected)
    # Four rows, so four bins of one.
    assert METRICS["ece"](y_true, y_score, decisions) == pytest.approx((0.4 + 0.2 + 0.4 + 0) / 4)
    mean_score, share, mass = reliability_bins(y_true[:, 0], y_score[:, 0], n_bins=2)
    np.testing.assert_allclose(mean_score, [0.3, 0.8])
    np.testing.assert_allclose(share, [0, 1])
    np.testing.assert_allclose(mass, [0.5, 0.5])


def test_bins_of_a_picture_have_equal_width_and_enough_rows() -> None:
    # 8 rows in [0, 0.25), 2 in the next, 6 in [0.5, 0.75), 5 in the last
    y_score = np.array([0.1] * 8 + [0.3] * 2 + [0.6] * 6 + [0.9] * 5)
    y_true = np.arange(21) % 3 == 0
    mean, share = score_bins(y_true, y_score, n_bins=4)
    # the two are put together with what follows
    np.testing.assert_allclose(mean, [0.1, (2 * 0.3 + 6 * 0.6) / 8, 0.9])
    np.testing.assert_allclose(share, [3 / 8, 3 / 8, 1 / 5])


@pytest.mark.parametrize("n_rows", [1, 4, 9])
def test_few_rows_are_one_bin(n_rows: int) -> None:
    y_score = np.linspace(0, 1, n_rows)
    mean, share = score_bins(np.ones(n_rows, dtype=np.bool_), y_score)
    np.testing.assert_allclose(mean, [y_score.mean()])
    np.testing.assert_allclose(share, [1])


def test_evaluate_counts_what_is_left_out() -> None:
    values = evaluate(Y_TRUE, Y_SCORE, DECISIONS)
    assert set(METRICS) < set(values)
    assert values["n_labels_without_positives"] == 1
    assert values["n_labels_without_negatives"] == 0
    assert values["n_rows_without_labels"] == 1


def test_nothing_positive_gives_nan_or_zero_and_no_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    values = evaluate(np.zeros((3, 2), dtype=np.bool_), np.full((3, 2), 0.4), np.ones((3, 2)) > 0)
    assert values["weighted_f1"] == 0
    assert all(np.isnan(values[name]) for name in ("macro_ap", "macro_auc", "lrap"))
    assert not recwarn.list


def test_perfect_scores_are_perfect() -> None:
    y_true = np.eye(4, dtype=np.bool_)
    values = evaluate(y_true, y_true.astype(np.float64), y_true)
    losses = {"hamming_loss", "brier", "ece"}
    for name in METRICS:
        assert values[name] == pytest.approx(0 if name in losses else 1), name


def test_one_label_is_not_taken_for_two() -> None:
    # scikit-learn would take a single column for a binary problem and weigh the negatives too.
    y_true = np.array([[1], [0], [0]], dtype=np.bool_)
    decisions = np.array([[1], [1], [0]], dtype=np.bool_)
    assert weighted_f1(y_true, decisions.astype(float), decisions) == pytest.approx(2 / 3)
    assert METRICS["lrap"](y_true, decisions.astype(float), decisions) == 1


@pytest.mark.parametrize("name", METRICS)
@settings(max_examples=25)
@given(
    y_true=arrays(np.bool_, (6, 3)),
    y_score=arrays(np.float64, (6, 3), elements=st.floats(0, 1)),
    decisions=arrays(np.bool_, (6, 3)),
)
def test_every_metric_stays_in_bounds_and_ignores_row_order(
    name: str,
    y_true: NDArray[np.bool_],
    y_score: NDArray[np.float64],
    decisions: NDArray[np.bool_],
) -> None:
    value = METRICS[name](y_true, y_score, decisions)
    assert np.isnan(value) or 0 <= value <= 1
    if name == "ece":
        return  # equal scores with different truth may fall into other bins
    again = METRICS[name](y_true[::-1], y_score[::-1], decisions[::-1])
    assert again == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize(
    ("y_true", "y_score", "message"),
    [
        (np.zeros((0, 2), dtype=np.bool_), np.zeros((0, 2)), "at least one row and one label"),
        (np.zeros((2, 2)), np.zeros((2, 2)), "y_true of type float64 must be bool"),
        (np.zeros((2, 2), dtype=np.bool_), np.zeros((2, 3)), r"\(2, 3\) must have the shape"),
        (np.zeros((2, 2), dtype=np.bool_), np.full((2, 2), np.nan), "did the training diverge"),
        (np.zeros((2, 2), dtype=np.bool_), np.full((2, 2), 1.5), r"must be numbers in \[0, 1\]"),
    ],
)
def test_bad_arrays_are_refused(
    y_true: NDArray[np.bool_], y_score: NDArray[np.float64], message: str
) -> None:
    with pytest.raises(GenreError, match=message):
        evaluate(y_true, y_score, np.zeros(y_true.shape, dtype=np.bool_))


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
    assert table.loc["b", ["TP", "FP", "FN"]].tolist() == [2, 1, 0]
    assert table.loc["a", ["TP", "FP", "FN"]].tolist() == [1, 0, 1]
    assert table.loc["b", "f1"] == pytest.approx(0.8)
    assert np.isnan(table.loc["c", "ap"])
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


def test_top_1_accuracy_by_hand() -> None:
    y_true = np.array([[True, False], [True, False], [True, True], [False, False]])
    y_score = np.array([[0.9, 0.1], [0.2, 0.7], [0.1, 0.2], [0.5, 0.6]])
    # right, wrong, right; the last has no label and does not count
    value = METRICS["top_1_accuracy"](y_true, y_score, y_score >= 0.5)
    assert value == pytest.approx(2 / 3)
    assert np.isnan(METRICS["top_1_accuracy"](y_true[3:], y_score[3:], y_score[3:] >= 0.5))
