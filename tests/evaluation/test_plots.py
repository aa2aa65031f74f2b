"""Pictures: every axis is named, no label is cut off, and the data are the ones that were given."""

import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import Rectangle
from sklearn.metrics import precision_recall_curve

from genre.evaluation import plots
from genre.evaluation.calibration import coverage_precision
from genre.evaluation.metrics.calibration import expected_calibration_error, score_bins
from genre.evaluation.plots.style import PALETTE, literal
from genre.evaluation.projection import project
from tests.plot_examples import (
    BAND_HZ,
    BY_CASE,
    CASES,
    CONFIGS,
    MEL,
    OTHERS,
    calibrated,
    draw_map,
    make_contrasts,
    make_history,
)

ALL = OTHERS | {
    f"{name}, {words}": (lambda draw=draw, case=case: draw(case))  # type: ignore[misc]
    for name, draw in BY_CASE.items()
    for words, case in CASES.items()
}
# What is counted or named needs no unit beside its name.
NO_UNIT = (
    r"(Number of .+|(True )?[Gg]enre( assigned| \(.+\))?|Epoch|Contrast, A - B|Channel, by rank)"
)
UNIT = r".+ \(.+\)|.+ \(.+\); dots: .+"


@cache
def drawn(name: str) -> Figure:
    figure = ALL[name]()
    figure.canvas.draw()
    return figure


def test_every_picture_is_drawn_here() -> None:
    names = {f"plot_{name}" for name in (*BY_CASE, *OTHERS)}
    assert names == {name for name in plots.__all__ if name.startswith("plot_")}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.filterwarnings("error")
def test_every_axis_has_its_unit_and_no_text_is_cut_off(name: str) -> None:
    figure = drawn(name)
    box = figure.bbox
    tight = figure.get_tightbbox().transformed(figure.dpi_scale_trans)
    # One pixel for rounding.
    assert tight.x0 >= box.x0 - 1
    assert tight.y0 >= box.y0 - 1
    assert tight.x1 <= box.x1 + 1
    assert tight.y1 <= box.y1 + 1
    for axes in figure.axes:
        if not axes.get_visible() or not axes.axison:
            continue
        for axis, whole in (
            (axes.xaxis, figure.get_supxlabel()),
            (axes.yaxis, figure.get_supylabel()),
        ):
            label = axis.get_label_text() or whole
            # An inner panel leaves its words to the outermost, and a panel above another one too.
            if label or any(tick.get_text() for tick in axis.get_ticklabels()):
                label = label or _label_of_the_outermost(figure, axis.axis_name)
                assert re.fullmatch(f"{NO_UNIT}|{UNIT}", label), (name, axis.axis_name, label)


def _label_of_the_outermost(figure: Figure, axis_name: str) -> str:
    found = {getattr(axes, f"get_{axis_name}label")() for axes in figure.axes} - {""}
    assert len(found) == 1, found  # all panels mean the same
    return found.pop()


@pytest.mark.parametrize(
    "name", [name for name in ALL if "50 genres" in name or "2 genres" in name]
)
def test_names_of_genres_do_not_overlap(name: str) -> None:
    figure = ALL[name]()
    figure.canvas.draw()
    for axes in figure.axes:
        labels = [label for label in axes.get_yticklabels() if label.get_text()]
        boxes = sorted((label.get_window_extent() for label in labels), key=lambda box: box.y0)
        # One pixel for rounding.
        assert all(a.y1 <= b.y0 + 1 for a, b in pairwise(boxes))


def test_saving_writes_200_dots_per_inch(tmp_path: Path) -> None:
    figure = OTHERS["forest"]()
    path = plots.save_figure(figure, tmp_path / "new" / "forest.png")
    height, width = imread(path).shape[:2]
    assert (width, height) == tuple(np.floor(figure.get_size_inches() * 200).astype(int))
    assert [one.name for one in path.parent.iterdir()] == ["forest.png"]


def test_the_same_data_give_the_same_file(tmp_path: Path) -> None:
    first = plots.save_figure(OTHERS["legacy_p"](), tmp_path / "a.png").read_bytes()
    assert plots.save_figure(OTHERS["legacy_p"](), tmp_path / "b.png").read_bytes() == first


# Machado, Oliveira and Fernandes 2009, severity 1: what linear RGB becomes for who lacks one cone.
DEFICIENCIES = {
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


@pytest.mark.parametrize("name", DEFICIENCIES)
def test_no_two_colours_look_alike_to_the_colour_blind(name: str) -> None:
    linear = np.array([to_rgb(ink) for ink in PALETTE]) ** 2.2
    seen = np.clip(linear @ np.array(DEFICIENCIES[name]).T, 0, 1) ** (1 / 2.2)
    distance = np.linalg.norm(seen[:, np.newaxis] - seen, axis=-1)
    # A tenth of the scale; matplotlib's own first colours come as near as 0.05.
    assert distance[~np.eye(len(PALETTE), dtype=np.bool_)].min() > 0.1


def test_drawing_leaves_matplotlibs_global_state_alone() -> None:
    code = "import sys, genre.evaluation.plots; print('matplotlib.pyplot' in sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout.strip() == "False"


def test_the_kept_epoch_is_the_best_on_validation() -> None:
    lines = plots.plot_training_curves(make_history(), title="x").axes[0].get_lines()
    assert list(lines[2].get_xdata()) == [3, 3]
    without = plots.plot_training_curves(make_history(with_ap=False), title="x")
    assert len(without.axes[0].get_lines()) == 2


def test_of_equal_epochs_the_last_is_kept() -> None:
    history = make_history()
    history["val_macro_ap"] = [0.5] + [0.9] * (len(history) - 2) + [0.7]
    lines = plots.plot_training_curves(history, title="x").axes[0].get_lines()
    assert lines[2].get_xdata()[0] == history["epoch"].iloc[-2]


def test_the_numbers_under_a_forest_do_not_run_into_each_other() -> None:
    contrasts = make_contrasts()[:2].assign(ci_low=-0.079, ci_high=0.105, delta=0.013)
    contrasts["contrast"] = "interaction: attention effect under focal - under bce"
    figure = plots.plot_forest(contrasts, rope=0.01)
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # of the Agg canvas
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
    axes = plots.plot_forest(make_contrasts(), rope=0.03).axes[0]
    spans = [patch.get_extents().transformed(axes.transData.inverted()) for patch in axes.patches]
    assert (spans[0].x0, spans[0].x1) == pytest.approx((-0.03, 0.03))
    segments = axes.collections[0].get_segments()
    np.testing.assert_allclose([segment[:, 0] for segment in segments], [[0.0, 0.2]] * 4)
    assert list(axes.get_lines()[0].get_xdata()) == [0, 0]


# The data of each picture against what was given


def widths(axes: Axes) -> list[float]:
    return [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)]


def line_data(axes: Axes, label: str) -> tuple[np.ndarray, np.ndarray]:
    (line,) = [line for line in axes.get_lines() if line.get_label() == label]
    return np.asarray(line.get_xdata()), np.asarray(line.get_ydata())


@pytest.mark.parametrize("words", CASES)
def test_bars_are_the_counts(words: str) -> None:
    case = CASES[words]
    n, counts = len(case.genres), case.y_true.sum(axis=0)
    bars = widths(BY_CASE["genre_counts"](case).axes[0])
    np.testing.assert_array_equal(bars, np.concatenate([counts, counts + 1, counts + 2]))
    stacked = BY_CASE["genre_counts"](case).axes[0].patches
    starts = [patch.get_x() for patch in stacked if isinstance(patch, Rectangle)]
    np.testing.assert_array_equal(starts, np.concatenate([0 * counts, counts, 2 * counts + 1]))
    left, right = BY_CASE["artists_per_genre"](case).axes
    np.testing.assert_array_equal(widths(left), np.arange(n) + 3)
    np.testing.assert_allclose(widths(right), np.linspace(0.1, 0.9, n))


@pytest.mark.parametrize("words", CASES)
def test_matrices_are_what_goes_together(words: str) -> None:
    case = CASES[words]
    together = plots.plot_genre_cooccurrence(case.genres, case.y_true).axes[0].get_images()[0]
    n = len(case.genres)
    by_hand = [[sum(row[i] and row[j] for row in case.y_true) for j in range(n)] for i in range(n)]
    np.testing.assert_array_equal(together.get_array(), by_hand)
    axes = BY_CASE["confusion"](case).axes[0]
    share = np.asarray(axes.get_images()[0].get_array())
    for label in range(n):
        given = case.decisions[case.y_true[:, label]]
        expected = given.mean(axis=0) if len(given) else np.zeros(n)
        np.testing.assert_allclose(share[label], expected)
    assert len(axes.texts) == (n * n if n <= 16 else 0)
    assert [text.get_text() for text in axes.get_yticklabels()] == [literal(g) for g in case.genres]


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
        lines = axes.collections[0].get_segments()
        for segment, ends in zip(lines, expected, strict=True):
            if not np.isnan(ends).any():  # an undefined one is drawn as nothing
                np.testing.assert_allclose(segment[:, 0], ends)


def test_figures_without_intervals_have_no_lines() -> None:
    table = CASES["7 genres"].table
    plain = table[[column for column in table if not column.endswith(("_low", "_high"))]]
    assert not plots.plot_per_genre_scores(plain).axes[0].collections


@pytest.mark.parametrize("words", CASES)
def test_dumbbells_stand_at_the_values(words: str) -> None:
    case = CASES[words]
    axes = BY_CASE["dumbbell"](case).axes[0]
    for name, scores in case.scores.items():
        np.testing.assert_allclose(line_data(axes, name)[0], scores.mean(axis=0))


def test_the_dumbbell_leaves_unknown_genres_empty() -> None:
    values = {"a": np.array([0.2, np.nan]), "b": np.array([0.6, np.nan])}
    axes = plots.plot_dumbbell(["x", "y"], values, metric="AP").axes[0]
    segments = axes.collections[0].get_segments()
    assert len(segments) == 1
    np.testing.assert_allclose(segments[0][:, 0], [0.2, 0.6])


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
        np.testing.assert_allclose(line.get_xdata(), mean)
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
        np.testing.assert_array_equal(line.get_xdata(), curve.coverage)
        np.testing.assert_array_equal(line.get_ydata(), curve.precision)
        np.testing.assert_array_equal([point.get_xdata()[0], point.get_ydata()[0]], curve.at(0.0))


@pytest.mark.parametrize("words", CASES)
def test_the_timeline_draws_scores_at_the_middle_of_their_windows(words: str) -> None:
    case = CASES[words]
    scores = case.y_score[:9]
    lines = BY_CASE["track_timeline"](case).axes[0].get_lines()
    n_shown = min(5, len(case.genres))
    assert len(lines) == 2 * n_shown + 1  # a threshold each, and one for the legend
    for line, cut, label in zip(
        lines[::2], lines[1::2], np.argsort(-scores.mean(axis=0))[:n_shown], strict=False
    ):
        np.testing.assert_array_equal(line.get_xdata(), 2 + 2 * np.arange(len(scores)))
        np.testing.assert_array_equal(line.get_ydata(), scores[:, label])
        assert list(cut.get_ydata()) == [case.thresholds[label]]


def test_a_long_timeline_has_lines_alone() -> None:
    figure = plots.plot_track_timeline(
        np.zeros((300, 2)), 2.0 * np.arange(300), window_seconds=4.0, genres=["x", "y"]
    )
    assert [line.get_marker() for line in figure.axes[0].get_lines()] == ["", ""]


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
    axes = plots.plot_track_map(points, y_true, ["x", "y", "z"], axis_labels=("a", "b")).axes[0]
    first, second, rest = axes.collections
    np.testing.assert_array_equal(first.get_offsets(), points[:3])
    np.testing.assert_array_equal(second.get_offsets(), points[3:4])
    np.testing.assert_array_equal(rest.get_offsets(), points[4:])
    assert to_rgb(first.get_facecolor()[0]) == to_rgb(PALETTE[0])
    assert [to_rgb(edge) for edge in first.get_edgecolor()] == [
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
            for patch in axes.patches
        }
        for label, genre in enumerate(case.genres):
            if literal(genre) in by_name or case.y_true[row, label]:
                expected = (case.y_score[row, label], case.y_true[row, label])
                assert by_name[literal(genre)] == expected
        drawn_scores = [by_name[name][0] for name in names]
        assert drawn_scores == sorted(drawn_scores, reverse=True)
        assert drawn_scores[0] == case.y_score[row].max()
        cuts = [segment[0, 0] for segment in axes.collections[0].get_segments()]
        order = [case.genres.index(name.replace("\\$", "$")) for name in names]
        np.testing.assert_allclose(cuts, case.thresholds[order])


def test_curves_are_the_history() -> None:
    history = make_history()
    for axes, name in zip(
        OTHERS["training_curves"]().axes, ("loss", "f1", "accuracy"), strict=True
    ):
        for part, label in (("train", "training"), ("val", "validation")):
            epochs, values = line_data(axes, label)
            np.testing.assert_array_equal(epochs, history["epoch"])
            np.testing.assert_array_equal(values, history[f"{part}_{name}"])
    loss, _, _ = OTHERS["grid_curves"]().axes
    assert len(loss.get_lines()) == 12
    assert [text.get_text() for text in loss.figure.legends[0].get_texts()] == CONFIGS
    assert loss.get_yscale() == "log"


def test_losses_are_drawn_over_the_logit() -> None:
    has, has_not = OTHERS["losses"]().axes
    for axes in (has, has_not):
        x, y = line_data(axes, "BCE")
        np.testing.assert_array_equal(x, np.linspace(-5, 5, 50))
        np.testing.assert_array_equal(y, np.ones(50))


def test_densities_have_a_dot_for_every_seed_and_a_line_at_the_mean() -> None:
    axes = OTHERS["bootstrap_densities"]().axes[0]
    assert len(axes.collections) == len(CONFIGS)
    dots = [line for line in axes.get_lines() if line.get_linestyle() == "None"]
    assert [list(line.get_xdata()) for line in dots] == [[0.45, 0.55]] * len(CONFIGS)
    means = [line for line in axes.get_lines() if line.get_linestyle() == "-"]
    np.testing.assert_allclose([line.get_xdata() for line in means], 0.5)


def test_equal_replicates_are_a_line() -> None:
    figure = plots.plot_bootstrap_densities(
        {"a": np.full(20, 0.5)}, {"a": np.array([0.5])}, metric="macro_ap"
    )
    assert not figure.axes[0].collections


def test_the_legacy_p_is_drawn_against_the_number_of_replicates() -> None:
    axes = OTHERS["legacy_p"]().axes[0]
    x, y = line_data(axes, f"{CONFIGS[0]} - {CONFIGS[3]}")
    np.testing.assert_array_equal(x, [10, 1000])
    np.testing.assert_allclose(y, [1e-10, 1e-60])  # the least that is drawn
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")


def test_the_track_is_drawn_by_librosa_in_seconds_and_hertz() -> None:
    upper, lower, _ = OTHERS["track"]().axes
    (mesh,) = [one for one in lower.collections if isinstance(one, QuadMesh)]
    np.testing.assert_allclose(mesh.get_array(), MEL.T, rtol=1e-6)
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
        np.testing.assert_allclose(image.get_array(), MEL[100 * number :][:200].T, rtol=1e-6)
        assert image.get_extent() == [0, 4, -0.5, 95.5]
    assert len({image.get_clim() for image in images}) == 1
    axes = figure.axes[0]
    ticks = dict(
        zip([text.get_text() for text in axes.get_yticklabels()], axes.get_yticks(), strict=True)
    )
    np.testing.assert_allclose(np.interp(ticks["1000"], np.arange(96), BAND_HZ), 1000)


def test_maps_lie_over_the_whole_spectrogram() -> None:
    first, *others = OTHERS["maps_over_mel"]().axes[:4]
    assert len(first.get_images()) == 1
    for number, axes in enumerate(others, start=1):
        mel, overlay = axes.get_images()
        np.testing.assert_array_equal(overlay.get_array(), np.arange(4.0 * number).reshape(-1, 2).T)
        assert overlay.get_extent() == mel.get_extent() == first.get_images()[0].get_extent()
        assert overlay.get_clim() == (0, 11)  # one scale for all


def test_channels_are_ranked_by_weight() -> None:
    first, second = OTHERS["channel_weights"]().axes
    assert [patch.get_height() for patch in first.patches] == [0.9, 0.5, 0.2]
    assert len(second.patches) == 96


def test_the_network_is_drawn_to_scale_with_its_shapes() -> None:
    axes, words = OTHERS["network"]().axes
    texts = " ".join(text.get_text() for text in words.texts)
    for said in ("24 × 24 × 50", "1728", "6,396 parameters", "max pool", "head"):
        assert said in texts
    assert "0 parameters" not in texts.replace("6,396 parameters", "")
    sizes = {
        (round(p.get_width(), 6), round(p.get_height(), 6))
        for p in axes.patches
        if isinstance(p, Rectangle)
    }
    window, block = sorted(sizes, reverse=True)[:2]
    np.testing.assert_allclose(np.divide(window, block), (4, 4), rtol=1e-4)  # 200 / 50, 96 / 24


def test_seeds_of_a_configuration_share_a_colour_and_differ_in_the_line() -> None:
    names = [f"{name}/seed{seed}" for name in ("a", "b") for seed in (0, 1)]
    figure = plots.plot_grid_curves({name: make_history() for name in names})
    a0, a1, b0, b1 = figure.axes[0].lines
    assert a0.get_color() == a1.get_color() != b0.get_color() == b1.get_color()
    assert a0.get_linestyle() == b0.get_linestyle() != a1.get_linestyle() == b1.get_linestyle()
