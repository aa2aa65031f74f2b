"""How pictures look: colours, marks and lines in turn, names without formulas, files."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from numpy.typing import NDArray

from genre import pages
from genre.evaluation import report
from genre.evaluation.plots.style import (
    LINE_STYLES,
    MARKERS,
    PALETTE,
    colour,
    light_grid,
    line_style,
    literal,
    marker,
    new_figure,
    save_figure,
)
from tests.plot_examples import OTHERS


def test_colours_come_round_and_then_marks_and_lines_change() -> None:
    assert [colour(index) for index in (0, 6, 7, 13)] == [PALETTE[k] for k in (0, 6, 0, 6)]
    assert [line_style(index) for index in (0, 6, 7, 27, 28)] == [
        LINE_STYLES[k] for k in (0, 0, 1, 3, 0)
    ]
    looks = {(colour(index), marker(index)) for index in range(len(PALETTE) * len(MARKERS))}
    assert len(looks) == len(PALETTE) * len(MARKERS)


def test_a_name_is_no_formula() -> None:
    assert literal("A$AP $") == r"A\$AP \$"
    axes = new_figure(2, 2).axes[0]
    axes.set_title(literal("$x^2$"))
    axes.figure.canvas.draw()
    assert axes.get_title() == r"\$x^2\$"


def test_axes_stand_row_by_row_and_may_share_their_range() -> None:
    figure = new_figure(6, 4, n_rows=2, n_columns=3, height_ratios=(1, 3), share=True)
    assert tuple(figure.get_size_inches()) == (6, 4)
    places = [axes.get_subplotspec() for axes in figure.axes]
    assert [(place.rowspan.start, place.colspan.start) for place in places if place] == [
        (row, column) for row in range(2) for column in range(3)
    ]
    figure.axes[0].set_xlim(3, 4)
    assert figure.axes[5].get_xlim() == (3, 4)
    alone = new_figure(6, 4, n_columns=2)
    alone.axes[0].set_xlim(3, 4)
    assert alone.axes[1].get_xlim() == (0, 1)
    assert not alone.axes[0].spines["top"].get_visible()


def test_the_grid_is_behind_the_data_and_on_one_axis_if_asked() -> None:
    axes = new_figure(2, 2).axes[0]
    light_grid(axes, axis="x")
    assert [line.get_visible() for line in axes.get_xgridlines()] != []
    assert all(line.get_visible() for line in axes.get_xgridlines())
    assert not any(line.get_visible() for line in axes.get_ygridlines())
    assert axes.get_axisbelow() is True


def test_saving_writes_200_dots_per_inch(tmp_path: Path) -> None:
    figure = OTHERS["forest"]()
    path = save_figure(figure, tmp_path / "new" / "forest.png")
    height, width = imread(path).shape[:2]
    assert (width, height) == tuple(np.floor(figure.get_size_inches() * 200).astype(int))
    assert [one.name for one in path.parent.iterdir()] == ["forest.png"]


def test_the_same_data_give_the_same_file(tmp_path: Path) -> None:
    first = save_figure(OTHERS["legacy_p"](), tmp_path / "a.png").read_bytes()
    assert save_figure(OTHERS["legacy_p"](), tmp_path / "b.png").read_bytes() == first


# Machado, Oliveira and Fernandes 2009, severity 1: what linear RGB becomes for who lacks one cone.
DEFICIENCIES = {
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def nearest(colours: NDArray[Any], name: str) -> float:
    """Compute how far apart the two most alike colours are to who lacks one cone."""
    seen = np.clip(colours**2.2 @ np.array(DEFICIENCIES[name]).T, 0, 1) ** (1 / 2.2)
    distance = np.linalg.norm(seen[:, np.newaxis] - seen, axis=-1)
    return float(distance[~np.eye(len(colours), dtype=np.bool_)].min())


@pytest.mark.parametrize("name", DEFICIENCIES)
def test_no_two_colours_look_alike_to_the_colour_blind(name: str) -> None:
    # A tenth of the scale; matplotlib's own first colours come as near as 0.05.
    assert nearest(np.array([to_rgb(ink) for ink in PALETTE]), name) > 0.1


def in_the_dark(ink: str) -> NDArray[Any]:
    """Compute what the filters of the report make of a colour on a dark page."""
    page = (Path(report.__file__).parent / "page.html").read_text()
    amount = float(re.findall(r"filter: invert\(([.\d]+)\) hue-rotate\(180deg\)", page)[0])
    inverted = amount + np.array(to_rgb(ink)) * (1 - 2 * amount)
    # W3C, Filter Effects Module Level 1: the matrix of hue-rotate at 180 degrees.
    grey = np.array([0.213, 0.715, 0.072])
    return np.asarray(np.clip(2 * (inverted @ grey) - inverted, 0, 1))


def luminance(colour: NDArray[Any]) -> float:
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_pictures_on_a_dark_page_have_its_ground_and_can_be_told_apart() -> None:
    shell = (Path(pages.__file__).parent / "shell.html").read_text()
    dark = shell[shell.index("prefers-color-scheme: dark") :]
    (ground,) = re.findall(r"--ground: (#\w{6})", dark)
    np.testing.assert_allclose(in_the_dark("white"), to_rgb(ground), atol=1 / 255)
    seen = np.array([in_the_dark(ink) for ink in PALETTE])
    assert min(nearest(seen, name) for name in DEFICIENCIES) > 0.09
    darkest = min(luminance(colour) for colour in seen)
    assert (darkest + 0.05) / (luminance(in_the_dark("white")) + 0.05) > 3  # as WCAG 1.4.11 asks
