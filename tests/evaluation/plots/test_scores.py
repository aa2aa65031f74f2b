"""Pictures of scores: every curve, bar and matrix against what was given."""

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve

from genre.evaluation.calibration import coverage_precision
from genre.evaluation.metrics.calibration import expected_calibration_error, score_bins
from genre.evaluation.plots.scores import plot_per_genre_scores
from tests.plot_examples import BY_CASE, CASES, calibrated, line_data, segments, widths, xs, ys


@pytest.mark.parametrize("words", CASES)
def test_confusion_is_what_the_tracks_of_a_genre_are_given(words: str) -> None:
    case = CASES[words]
    axes = BY_CASE["confusion"](case).axes[0]
    n = len(case.genres)
    share = np.asarray(axes.get_images()[0].get_array())
    for label in range(n):
        given = case.decisions[case.y_true[:, label]]
        expected = given.mean(axis=0) if len(given) else np.zeros(n)
        np.testing.assert_allclose(share[label], expected)
    own = int((case.y_true[:, 0] & case.decisions[:, 0]).sum())
    start = f"{own}\n{100 * share[0, 0]:.0f} %" if own else "0"  # one in ten or more
    assert n > 16 or (len(axes.texts), axes.texts[0].get_text()) == (n * n, start)


@pytest.mark.parametrize("words", CASES)
def test_precision_recall_has_a_panel_for_every_genre_with_tracks(words: str) -> None:
    case = CASES[words]
    figure = BY_CASE["precision_recall"](case)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    known = np.flatnonzero(case.y_true.any(axis=0))
    assert len(shown) == len(known)
    for axes, label in zip(shown, known, strict=True):
        for name, scores in case.scores.items():
            precision, recall, _ = precision_recall_curve(case.y_true[:, label], scores[:, label])
            np.testing.assert_array_equal(line_data(axes, name), (recall, precision))


@pytest.mark.parametrize("words", CASES)
def test_every_genre_has_its_figures_and_intervals(words: str) -> None:
    case = CASES[words]
    table = case.table
    for axes, name in zip(
        BY_CASE["per_genre_scores"](case).axes, ("precision", "recall", "f1", "ap"), strict=True
    ):
        np.testing.assert_allclose(widths(axes), table[name].fillna(0))
        expected = table[[f"{name}_low", f"{name}_high"]].to_numpy()
        lines = segments(axes)
        for segment, ends in zip(lines, expected, strict=True):
            if not np.isnan(ends).any():  # an undefined one is drawn as nothing
                np.testing.assert_allclose(segment[:, 0], ends)


def test_figures_without_intervals_have_no_lines() -> None:
    table = CASES["7 genres"].table
    plain = table[[column for column in table if not str(column).endswith(("_low", "_high"))]]
    assert not plot_per_genre_scores(plain).axes[0].collections


@pytest.mark.parametrize("words", CASES)
def test_reliability_draws_the_bins(words: str) -> None:
    case = CASES[words]
    axes = BY_CASE["reliability"](case).axes[0]
    for name, scores in case.scores.items():
        mean, share = score_bins(case.y_true.ravel(), scores.ravel())
        np.testing.assert_array_equal(line_data(axes, name), (mean, share))


@pytest.mark.parametrize("words", CASES)
def test_calibration_draws_before_and_after(words: str) -> None:
    case = CASES[words]
    _, before, after = BY_CASE["calibration"](case).axes[0].get_lines()
    for line, scores in ((before, case.y_score), (after, calibrated(case))):
        mean, _ = score_bins(case.y_true.ravel(), scores.ravel())
        np.testing.assert_allclose(xs(line), mean)
        ece = expected_calibration_error(case.y_true, scores)
        assert f"ECE {ece:.3f}" in str(line.get_label())


@pytest.mark.parametrize("words", CASES)
def test_coverage_draws_its_curve_and_where_thresholds_stand(words: str) -> None:
    case = CASES[words]
    lines = BY_CASE["coverage"](case).axes[0].get_lines()
    assert len(lines) == 2 * len(case.scores)
    for (line, point), scores in zip(
        zip(lines[::2], lines[1::2], strict=True), case.scores.values(), strict=True
    ):
        curve = coverage_precision(case.y_true, scores, case.thresholds)
        np.testing.assert_array_equal(xs(line), curve.coverage)
        np.testing.assert_array_equal(ys(line), curve.precision)
        np.testing.assert_array_equal([xs(point)[0], ys(point)[0]], curve.at(0.0))
