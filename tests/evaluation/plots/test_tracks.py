"""Pictures of many tracks: the map, and the scores of single ones."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from genre.evaluation.plots.style import PALETTE, literal
from genre.evaluation.plots.tracks import plot_track_map
from genre.evaluation.projection import project
from tests.plot_examples import BY_CASE, CASES, draw_map, rectangles, segments


@pytest.mark.parametrize("words", CASES)
def test_the_map_has_a_mark_for_every_track(words: str) -> None:
    case = CASES[words]
    axes = draw_map(case).axes[0]
    features = np.random.default_rng(1).normal(size=(len(case.y_true), 12))
    points = project(features, method="pca").points
    drawn = np.concatenate([np.asarray(group.get_offsets()) for group in axes.collections])
    np.testing.assert_allclose(np.sort(drawn, axis=0), np.sort(points, axis=0))
    names = {group.get_label() for group in axes.get_lines()}
    assert len(names) == min(int(case.y_true.any(axis=0).sum()), 14)


def test_the_map_colours_by_the_most_frequent_genre_with_an_edge_for_the_next() -> None:
    y_true = np.array([[1, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=np.bool_)
    points = np.arange(10.0).reshape(5, 2)
    axes = plot_track_map(points, y_true, ["x", "y", "z"], axis_labels=("a", "b")).axes[0]
    first, second, rest = axes.collections
    np.testing.assert_array_equal(first.get_offsets(), points[:3])
    np.testing.assert_array_equal(second.get_offsets(), points[3:4])
    np.testing.assert_array_equal(rest.get_offsets(), points[4:])
    assert tuple(np.asarray(first.get_facecolor())[0, :3]) == to_rgb(PALETTE[0])
    assert [tuple(edge) for edge in np.asarray(first.get_edgecolor())[:, :3]] == [
        to_rgb("white"),
        to_rgb("white"),
        to_rgb(PALETTE[1]),
    ]
    assert rest.get_label() == "none of these"


@pytest.mark.parametrize("words", CASES)
def test_the_scores_of_a_track_are_its_bars(words: str) -> None:
    case = CASES[words]
    figure = BY_CASE["track_scores"](case)
    for row, axes in enumerate(axes for axes in figure.axes if axes.get_visible()):
        names = [label.get_text() for label in axes.get_yticklabels()]
        assert len(names) == len(axes.patches) >= min(7, len(case.genres))
        by_name = {
            names[round(patch.get_y() + patch.get_height() / 2)]: (
                patch.get_width(),
                to_rgb(patch.get_facecolor()) == to_rgb(PALETTE[0]),
            )
            for patch in rectangles(axes)
        }
        for label, genre in enumerate(case.genres):
            if literal(genre) in by_name or case.y_true[row, label]:
                expected = (case.y_score[row, label], case.y_true[row, label])
                assert by_name[literal(genre)] == expected
        drawn_scores = [by_name[name][0] for name in names]
        assert drawn_scores == sorted(drawn_scores, reverse=True)
        assert drawn_scores[0] == case.y_score[row].max()
        cuts = [segment[0, 0] for segment in segments(axes)]
        order = [case.genres.index(name.replace("\\$", "$")) for name in names]
        np.testing.assert_allclose(cuts, case.thresholds[order])
