"""Pictures of a data set: bars and matrices are the counts."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib import image
from matplotlib.patches import Rectangle

from genre.evaluation.plots.dataset import matrix_figure, plot_genre_cooccurrence
from genre.evaluation.plots.style import literal, save_figure
from tests.plot_examples import BY_CASE, CASES, widths


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
def test_the_matrix_is_what_goes_together(words: str) -> None:
    case = CASES[words]
    axes = plot_genre_cooccurrence(case.genres, case.y_true).axes[0]
    n = len(case.genres)
    by_hand = [[sum(row[i] and row[j] for row in case.y_true) for j in range(n)] for i in range(n)]
    np.testing.assert_array_equal(axes.get_images()[0].get_array(), by_hand)
    assert [text.get_text() for text in axes.get_yticklabels()] == [literal(g) for g in case.genres]


@pytest.mark.parametrize(("n_labels", "n_texts"), [(16, 256), (17, 0)])
def test_numbers_stand_in_cells_that_are_large_enough(n_labels: int, n_texts: int) -> None:
    values = np.arange(n_labels**2).reshape(n_labels, n_labels)
    names = [str(label) for label in range(n_labels)]
    axes, bar = matrix_figure(values, names, bar_label="Number of tracks").axes
    assert len(axes.texts) == n_texts
    assert bar.get_ylabel() == "Number of tracks"
    if n_texts:
        first, last = axes.texts[0], axes.texts[-1]
        assert (first.get_text(), last.get_text()) == ("0", "255")
        assert (first.get_color(), last.get_color()) == ("black", "white")


@pytest.mark.parametrize(("n_labels", "empty"), [(2, ["0", "0"]), (17, []), (51, None)])
def test_counts_and_their_shares_stand_where_they_can_be_read(
    n_labels: int, empty: list[str] | None
) -> None:
    counts = 1200 * np.eye(n_labels, dtype=np.int64)
    names = [str(label) for label in range(n_labels)]
    axes = matrix_figure(counts / 1600, names, bar_label="Share (0 to 1)", counts=counts).axes[0]
    texts = [text.get_text() for text in axes.texts]
    expected = [] if empty is None else sorted([*empty, *(["1200\n75 %"] * n_labels)])
    assert sorted(texts) == expected


def test_nothing_beside_the_squares_is_cut_off_where_it_is_saved(tmp_path: Path) -> None:
    counts = np.full((10, 10), 5)
    np.fill_diagonal(counts, 255)
    names = [str(number) for number in range(10)]
    figure = matrix_figure(counts / 300, names, bar_label="Share (0 to 1)", counts=counts)
    figure.axes[0].set(xlabel="Genre assigned", ylabel="True genre")
    pixels = image.imread(save_figure(figure, tmp_path / "matrix.png"))[..., :3]
    border = np.concatenate([pixels[:4].ravel(), pixels[-4:].ravel(), pixels[:, :4].ravel()])
    assert (border == 1).all()
