"""Pictures of a comparison: forest, densities, the customary p-value, dumbbells."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from genre.evaluation.plots.comparison import (
    plot_bootstrap_densities,
    plot_dumbbell,
    plot_forest,
)
from tests.plot_examples import (
    BY_CASE,
    CASES,
    CONFIGS,
    OTHERS,
    line_data,
    make_contrasts,
    segments,
    xs,
)


def test_the_numbers_under_a_forest_do_not_run_into_each_other() -> None:
    contrasts = make_contrasts()[:2].assign(ci_low=-0.079, ci_high=0.105, delta=0.013)
    contrasts["contrast"] = "interaction: attention effect under focal - under bce"
    figure = plot_forest(contrasts, rope=0.01)
    figure.canvas.draw()
    assert isinstance(figure.canvas, FigureCanvasAgg)
    renderer = figure.canvas.get_renderer()
    for axes in figure.axes:
        low, high = axes.get_xlim()
        boxes = [
            label.get_window_extent(renderer)
            for place, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
            if low <= place <= high
        ]
        assert len(boxes) >= 3
        assert all(a.x1 < b.x0 for a, b in pairwise(boxes))


def test_the_forest_shows_interval_zero_and_equivalence() -> None:
    axes = plot_forest(make_contrasts(), rope=0.03).axes[0]
    spans = [patch.get_extents().transformed(axes.transData.inverted()) for patch in axes.patches]
    assert (spans[0].x0, spans[0].x1) == pytest.approx((-0.03, 0.03))
    lines = segments(axes)
    np.testing.assert_allclose([segment[:, 0] for segment in lines], [[0.0, 0.2]] * 4)
    assert list(xs(axes.get_lines()[0])) == [0, 0]


def test_metrics_of_a_contrast_lie_below_each_other_and_are_told_apart() -> None:
    (axes,) = OTHERS["forest"]().axes
    assert axes.get_xlabel() == "Difference (of 1)"
    macro, weighted = (line_data(axes, name)[1] for name in ("macro AP", "weighted F1"))
    assert (macro < weighted).all()
    assert (weighted[:-1] < macro[1:]).all()
    assert list(np.round((macro + weighted) / 2)) == [0, 1, 2, 3]
    legend = axes.figure.legends[0]
    named = [text.get_text() for text in legend.get_texts()]
    assert named == ["equivalent: within 0.01", "macro AP", "weighted F1"]


def test_axes_say_which_metric_they_show() -> None:
    windows = make_contrasts().assign(metric="window_f1")[:1]
    label = plot_forest(windows, rope=0.01).axes[0].get_xlabel()
    assert label == "Difference in weighted F1 per window at 0.5 (of 1)"
    assert OTHERS["bootstrap_densities"]().axes[0].get_xlabel().startswith("Test macro AP (0 to 1)")


@pytest.mark.parametrize("words", CASES)
def test_dumbbells_stand_at_the_values(words: str) -> None:
    case = CASES[words]
    axes = BY_CASE["dumbbell"](case).axes[0]
    for name, scores in case.scores.items():
        np.testing.assert_allclose(line_data(axes, name)[0], scores.mean(axis=0))


def test_the_dumbbell_leaves_unknown_genres_empty() -> None:
    values = {"a": np.array([0.2, np.nan]), "b": np.array([0.6, np.nan])}
    axes = plot_dumbbell(["x", "y"], values, metric="AP").axes[0]
    lines = segments(axes)
    assert len(lines) == 1
    np.testing.assert_allclose(lines[0][:, 0], [0.2, 0.6])


def test_densities_have_a_dot_for_every_seed_and_a_line_at_the_mean() -> None:
    axes = OTHERS["bootstrap_densities"]().axes[0]
    assert len(axes.collections) == len(CONFIGS)
    dots = [line for line in axes.get_lines() if line.get_linestyle() == "None"]
    assert [list(xs(line)) for line in dots] == [[0.45, 0.55]] * len(CONFIGS)
    means = [line for line in axes.get_lines() if line.get_linestyle() == "-"]
    np.testing.assert_allclose([xs(line) for line in means], 0.5)


def test_equal_replicates_are_a_line() -> None:
    figure = plot_bootstrap_densities(
        {"a": np.full(20, 0.5)}, {"a": np.array([0.5])}, metric="macro_ap"
    )
    assert not figure.axes[0].collections


def test_the_legacy_p_is_drawn_against_the_number_of_replicates() -> None:
    axes = OTHERS["legacy_p"]().axes[0]
    x, y = line_data(axes, f"{CONFIGS[0]} - {CONFIGS[3]}")
    np.testing.assert_array_equal(x, [10, 1000])
    np.testing.assert_allclose(y, [1e-10, 1e-60])  # the least that is drawn
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
