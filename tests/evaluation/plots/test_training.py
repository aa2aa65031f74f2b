"""Pictures of training: curves, the kept epoch, and the losses."""

import numpy as np

from genre.evaluation.plots.training import plot_grid_curves, plot_training_curves
from tests.plot_examples import CONFIGS, OTHERS, line_data, make_history, xs


def test_the_kept_epoch_is_the_best_on_validation() -> None:
    lines = plot_training_curves(make_history(), title="x").axes[0].get_lines()
    assert list(xs(lines[2])) == [3, 3]
    without = plot_training_curves(make_history(with_ap=False), title="x")
    assert len(without.axes[0].get_lines()) == 2


def test_of_equal_epochs_the_last_is_kept() -> None:
    history = make_history()
    history["val_macro_ap"] = [0.5] + [0.9] * (len(history) - 2) + [0.7]
    lines = plot_training_curves(history, title="x").axes[0].get_lines()
    assert xs(lines[2])[0] == history["epoch"].iloc[-2]


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


def test_seeds_of_a_configuration_share_a_colour_and_differ_in_the_line() -> None:
    names = [f"{name}/seed{seed}" for name in ("a", "b") for seed in (0, 1)]
    figure = plot_grid_curves({name: make_history() for name in names})
    a0, a1, b0, b1 = figure.axes[0].lines
    assert a0.get_color() == a1.get_color() != b0.get_color() == b1.get_color()
    assert a0.get_linestyle() == b0.get_linestyle() != a1.get_linestyle() == b1.get_linestyle()


def test_folds_of_one_configuration_have_entries_of_their_own() -> None:
    names = [f"a/seed0/fold{fold}" for fold in range(3)]
    figure = plot_grid_curves({name: make_history() for name in names})
    (legend,) = figure.legends
    texts = [text.get_text() for text in legend.get_texts()]
    assert texts == ["seed0, fold0", "seed0, fold1", "seed0, fold2"]
    assert len({line.get_color() for line in figure.axes[0].lines}) == 3
    # Of two configurations each has one entry, whatever their folds.
    both = plot_grid_curves(
        {f"{name}/seed0/fold{n}": make_history() for name in "ab" for n in "01"}
    )
    assert [text.get_text() for text in both.legends[0].get_texts()] == ["a", "b"]
    many = plot_grid_curves({f"a/seed{seed}": make_history() for seed in range(13)})
    assert [text.get_text() for text in many.legends[0].get_texts()] == ["a"]
