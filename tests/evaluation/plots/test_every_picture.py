"""Every picture: axes are named with their unit, no label is cut off, no state is left behind."""

import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise

import pytest
from matplotlib.figure import Figure

from genre.evaluation import plots
from tests.plot_examples import BY_CASE, CASES, OTHERS

ALL: dict[str, Callable[[], Figure]] = OTHERS | {
    f"{name}, {words}": partial(draw, case)
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
    labels = (axes.get_xlabel() if axis_name == "x" else axes.get_ylabel() for axes in figure.axes)
    found = set(labels) - {""}
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


def test_drawing_leaves_matplotlibs_global_state_alone() -> None:
    code = "import sys, genre.evaluation.plots; print('matplotlib.pyplot' in sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout.strip() == "False"
