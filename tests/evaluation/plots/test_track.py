"""Pictures of one track: its sound, its windows, and its scores over time."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from genre.evaluation.plots.style import colour
from genre.evaluation.plots.track import plot_track_timeline
from tests.plot_examples import BAND_HZ, BY_CASE, CASES, MEL, OTHERS, xs, ys


def test_the_track_is_drawn_by_librosa_in_seconds_and_hertz() -> None:
    upper, lower, _ = OTHERS["track"]().axes
    (mesh,) = [one for one in lower.collections if isinstance(one, QuadMesh)]
    np.testing.assert_allclose(np.asarray(mesh.get_array()), MEL.T, rtol=1e-6)
    assert lower.get_yscale() == "symlog"  # librosa's mel scale
    np.testing.assert_allclose(lower.get_ylim(), (0, 11_025), atol=300)  # half a band beyond
    assert upper.get_xlim() == lower.get_xlim() == (0, 10)
    boxes = [patch for patch in lower.patches if isinstance(patch, Rectangle)]
    np.testing.assert_allclose([box.get_x() for box in boxes], [0, 2, 4, 6])
    assert {box.get_width() for box in boxes} == {4.0}
    assert all(box.get_y() > 0 for box in boxes)
    np.testing.assert_allclose([2 * box.get_y() + box.get_height() for box in boxes], 1)
    # neighbours, which overlap, differ in height and line
    assert all(a.get_y() != b.get_y() for a, b in pairwise(boxes))
    assert all(a.get_linestyle() != b.get_linestyle() for a, b in pairwise(boxes))


def test_windows_stand_side_by_side_on_one_scale() -> None:
    figure = OTHERS["windows"]()
    images = [axes.get_images()[0] for axes in figure.axes[:4]]
    for number, image in enumerate(images):
        np.testing.assert_allclose(
            np.asarray(image.get_array()), MEL[100 * number :][:200].T, rtol=1e-6
        )
        assert list(image.get_extent()) == [0, 4, -0.5, 95.5]
    assert len({image.get_clim() for image in images}) == 1
    axes = figure.axes[0]
    ticks = dict(
        zip([text.get_text() for text in axes.get_yticklabels()], axes.get_yticks(), strict=True)
    )
    np.testing.assert_allclose(np.interp(ticks["1000"], np.arange(96), BAND_HZ), 1000)


@pytest.mark.parametrize("words", CASES)
def test_the_timeline_draws_scores_at_the_middle_of_their_windows(words: str) -> None:
    case = CASES[words]
    scores = case.y_score[:9]
    lines = BY_CASE["track_timeline"](case).axes[0].get_lines()
    n_shown = min(5, len(case.genres))
    assert len(lines) == 2 * n_shown + 1  # a threshold each, and one for the legend
    for line, cut, label in zip(
        lines[:n_shown], lines[n_shown:], np.argsort(-scores.mean(axis=0))[:n_shown], strict=False
    ):
        np.testing.assert_array_equal(xs(line), 2 + 2 * np.arange(len(scores)))
        np.testing.assert_array_equal(ys(line), scores[:, label])
        assert list(ys(cut)) == [case.thresholds[label]]


def test_a_long_timeline_has_lines_alone() -> None:
    figure = plot_track_timeline(
        np.zeros((300, 2)), 2.0 * np.arange(300), window_seconds=4.0, genres=["x", "y"]
    )
    assert [line.get_marker() for line in figure.axes[0].get_lines()] == ["", ""]


def test_a_genre_that_the_track_has_is_drawn_however_low() -> None:
    scores = np.tile(np.linspace(0.9, 0.1, 9), (3, 1))
    figure = plot_track_timeline(
        scores,
        np.arange(3) * 2.0,
        window_seconds=4.0,
        genres=[f"g{number}" for number in range(9)],
        y_true=np.arange(9) == 8,
        n_shown=2,
    )
    assert [line.get_label() for line in figure.axes[0].get_lines()] == ["g0", "g1", "g8 (has it)"]


def test_the_mark_of_a_threshold_is_that_of_its_legend() -> None:
    scores = np.tile(np.linspace(0.9, 0.1, 3), (3, 1))

    def lines(thresholds: list[float]) -> list[Line2D]:
        figure = plot_track_timeline(
            scores,
            np.arange(3) * 2.0,
            window_seconds=4.0,
            genres=["a", "b", "c"],
            thresholds=np.array(thresholds),
        )
        assert len(figure.legends[0].get_texts()) == 4
        return list(figure.axes[0].get_lines())[3:]

    (one,) = lines([0.4, 0.4, 0.4])
    assert (one.get_color(), list(ys(one))) == ("black", [0.4])
    *marks, legend = lines([0.4, 0.5, 0.6])
    assert [mark.get_color() for mark in marks] == [colour(index) for index in range(3)]
    # No line is white, so that nobody looks for the mark of the legend.
    assert legend.get_color() == "white"
    assert {mark.get_markeredgecolor() for mark in [*marks, legend]} == {"black"}
