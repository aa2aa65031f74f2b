"""Pictures: every axis is named, no label is cut off, and the data are the ones that were given."""

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import imread

from genre.evaluation import plots
from genre.evaluation.calibration import Scaling, coverage_precision, logit
from genre.evaluation.metrics import per_class_table
from genre.evaluation.plots.style import PALETTE

CONFIGS = ["attnTrue_lossbce", "attnTrue_lossfocal", "attnFalse_lossbce", "attnFalse_lossfocal"]


def genre_names(n_labels: int) -> list[str]:
    return [f"progressive genre {label}" for label in range(n_labels)]


def make_history(*, with_ap: bool = True) -> pd.DataFrame:
    epochs = np.arange(1, 9)
    columns = {
        f"{part}_{name}": np.linspace(0.9, 0.2, 8)
        for part in ("train", "val")
        for name in ("loss", "f1", "accuracy")
    }
    history = pd.DataFrame({"epoch": epochs, **columns})
    return (
        history.assign(val_macro_ap=[0.1, 0.2, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1])
        if with_ap
        else history
    )


def make_arrays(n_labels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    y_true = rng.random((120, n_labels)) < 0.2
    y_score = np.clip(0.4 * y_true + 0.6 * rng.random(y_true.shape), 0, 1)
    return y_true, y_score, y_score > 0.5


def make_contrasts() -> pd.DataFrame:
    rows = [
        {"contrast": f"{a} - {b}", "metric": metric, "delta": 0.1, "ci_low": 0.0, "ci_high": 0.2}
        for a in CONFIGS[:2]
        for b in CONFIGS[2:]
        for metric in ("macro_ap", "weighted_f1")
    ]
    return pd.DataFrame(rows)


def make_curve() -> pd.DataFrame:
    rows = [(f"{a} - {CONFIGS[3]}", size, 10.0**-size) for a in CONFIGS[:3] for size in (10, 1000)]
    return pd.DataFrame(rows, columns=["contrast", "n_replicates", "p"])


def draw_table(n_labels: int) -> Figure:
    y_true, y_score, decisions = make_arrays(n_labels)
    table = per_class_table(
        y_true,
        y_score,
        decisions,
        genres=genre_names(n_labels),
        artist=np.arange(len(y_true)).astype(str),
        thresholds=np.full(n_labels, 0.5),
    )
    return plots.plot_per_genre_scores(table, title="attnTrue_lossbce")


MEL = np.random.default_rng(0).uniform(-80, 0, (500, 96))
BAND_HZ = np.geomspace(40, 10_500, 96)

BY_GENRES: dict[str, Callable[[int], Figure]] = {
    "genre_counts": lambda n: plots.plot_genre_counts(
        genre_names(n), {part: np.arange(n) + 1 for part in ("training", "validation", "test")}
    ),
    "artists_per_genre": lambda n: plots.plot_artists_per_genre(
        genre_names(n), np.arange(n) + 3, np.linspace(0.1, 0.9, n)
    ),
    "genre_cooccurrence": lambda n: plots.plot_genre_cooccurrence(
        genre_names(n), make_arrays(n)[0]
    ),
    "confusion": lambda n: plots.plot_confusion(
        make_arrays(n)[0], make_arrays(n)[2], genre_names(n)
    ),
    "precision_recall": lambda n: plots.plot_precision_recall(
        make_arrays(n)[0], {name: make_arrays(n)[1] for name in CONFIGS}, genre_names(n)
    ),
    "dumbbell": lambda n: plots.plot_dumbbell(
        genre_names(n), {name: np.linspace(0, 1, n) for name in CONFIGS}, metric="AP"
    ),
    "per_genre_scores": draw_table,
}
OTHERS: dict[str, Callable[[], Figure]] = {
    "training_curves": lambda: plots.plot_training_curves(make_history(), title="a run, seed 0"),
    "grid_curves": lambda: plots.plot_grid_curves(
        {f"{name}/seed{seed}": make_history() for name in CONFIGS for seed in range(3)}
    ),
    "losses": lambda: plots.plot_losses(
        np.linspace(-5, 5, 50), {"BCE": np.ones((2, 50)), "focal": np.zeros((2, 50))}
    ),
    "forest": lambda: plots.plot_forest(make_contrasts(), rope=0.01),
    "bootstrap_densities": lambda: plots.plot_bootstrap_densities(
        {name: np.linspace(0.4, 0.6, 50) for name in CONFIGS},
        {name: np.array([0.45, 0.55]) for name in CONFIGS},
        metric="macro_ap",
    ),
    "legacy_p": lambda: plots.plot_legacy_p(make_curve()),
    "reliability": lambda: plots.plot_reliability(
        make_arrays(5)[0], {name: make_arrays(5)[1] for name in CONFIGS}
    ),
    "calibration": lambda: plots.plot_calibration(
        make_arrays(5)[0],
        make_arrays(5)[1],
        Scaling(temperature=1.7, bias=np.full(5, -0.5)).scores(logit(make_arrays(5)[1])),
        temperature=1.7,
    ),
    "coverage": lambda: plots.plot_coverage(
        {
            name: coverage_precision(make_arrays(5)[0], make_arrays(5)[1], np.full(5, 0.5))
            for name in CONFIGS
        }
    ),
    "mel_windows": lambda: plots.plot_mel_windows(
        MEL,
        BAND_HZ,
        frames_per_second=50,
        window_starts=np.array([0, 100, 200, 300]),
        window_frames=200,
        title="jazz/a.ogg",
    ),
    "attention_map": lambda: plots.plot_attention_map(
        MEL[:200], BAND_HZ, np.full((25, 12), 0.5), frames_per_second=50, title="jazz/a.ogg"
    ),
    "track_timeline": lambda: plots.plot_track_timeline(
        np.random.default_rng(0).random((9, 7)),
        np.arange(9) * 2.0,
        window_seconds=4.0,
        genres=genre_names(7),
        title="jazz/a.ogg",
    ),
}
ALL = OTHERS | {
    f"{name}, {n_labels} genres": (lambda draw=draw, n_labels=n_labels: draw(n_labels))  # type: ignore[misc]
    for name, draw in BY_GENRES.items()
    for n_labels in (7, 50)
}


def test_every_picture_is_in_this_file() -> None:
    drawn = {f"plot_{name}" for name in (*BY_GENRES, *OTHERS)}
    assert drawn == {name for name in plots.__all__ if name.startswith("plot_")}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.filterwarnings("error")
def test_axes_are_named_and_no_text_is_cut_off(name: str) -> None:
    figure = ALL[name]()
    figure.canvas.draw()
    box = figure.bbox
    tight = figure.get_tightbbox().transformed(figure.dpi_scale_trans)
    # One pixel for rounding.
    assert tight.x0 >= box.x0 - 1
    assert tight.y0 >= box.y0 - 1
    assert tight.x1 <= box.x1 + 1
    assert tight.y1 <= box.y1 + 1
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert any(axes.get_xlabel() for axes in shown)
    assert all(axes.get_xlabel() or axes.get_ylabel() or axes.get_title() for axes in shown)


def test_tick_labels_of_fifty_genres_do_not_overlap() -> None:
    for name, draw in BY_GENRES.items():
        if name == "precision_recall":
            continue  # its genres are titles
        axes = draw(50).axes[0]
        axes.figure.canvas.draw()
        boxes = [label.get_window_extent() for label in axes.get_yticklabels() if label.get_text()]
        boxes.sort(key=lambda box: box.y0)
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


def test_the_dumbbell_leaves_unknown_genres_empty() -> None:
    values = {"a": np.array([0.2, np.nan]), "b": np.array([0.6, np.nan])}
    axes = plots.plot_dumbbell(["x", "y"], values, metric="AP").axes[0]
    segments = axes.collections[0].get_segments()
    assert len(segments) == 1
    np.testing.assert_allclose(segments[0][:, 0], [0.2, 0.6])


def test_genres_without_positives_have_no_curve() -> None:
    y_true, y_score, _ = make_arrays(3)
    y_true[:, 1] = False
    figure = plots.plot_precision_recall(y_true, {"a": y_score}, ["x", "y", "z"])
    titles = [axes.get_title() for axes in figure.axes]
    assert len(titles) == 2
    assert titles[0].startswith("x")
    assert titles[1].startswith("z")


def test_the_confusion_gives_shares_of_the_true_genre() -> None:
    y_true = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.bool_)
    decisions = np.array([[1, 0], [0, 1], [0, 1]], dtype=np.bool_)
    image = plots.plot_confusion(y_true, decisions, ["x", "y"]).axes[0].get_images()[0]
    np.testing.assert_allclose(image.get_array(), [[0.5, 0.5], [0, 1]])


def test_mel_windows_stand_in_seconds_and_hertz() -> None:
    axes = OTHERS["mel_windows"]().axes[0]
    left = [patch.get_x() for patch in axes.patches]
    np.testing.assert_allclose(left, [0, 2, 4, 6])
    assert axes.patches[0].get_width() == 4
    ticks = dict(
        zip([text.get_text() for text in axes.get_yticklabels()], axes.get_yticks(), strict=True)
    )
    np.testing.assert_allclose(np.interp(ticks["1000"], np.arange(96), BAND_HZ), 1000)


def test_the_timeline_draws_scores_at_the_middle_of_their_windows() -> None:
    score = np.array([[0.1, 0.9], [0.2, 0.8]])
    figure = plots.plot_track_timeline(
        score, np.array([0.0, 2.0]), window_seconds=4.0, genres=["x", "y"], n_shown=1
    )
    (only,) = figure.axes[0].get_lines()
    np.testing.assert_allclose(only.get_xdata(), [2, 4])
    np.testing.assert_allclose(only.get_ydata(), [0.9, 0.8])


def test_seeds_of_a_configuration_share_a_colour_and_differ_in_the_line() -> None:
    names = [f"{name}/seed{seed}" for name in ("a", "b") for seed in (0, 1)]
    figure = plots.plot_grid_curves({name: make_history() for name in names})
    a0, a1, b0, b1 = figure.axes[0].lines
    assert a0.get_color() == a1.get_color() != b0.get_color() == b1.get_color()
    assert a0.get_linestyle() == b0.get_linestyle() != a1.get_linestyle() == b1.get_linestyle()
