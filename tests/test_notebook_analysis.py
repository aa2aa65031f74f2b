"""The half of the notebook that judges, run on experiments of either task."""

import ast
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from IPython.display import Markdown
from matplotlib.figure import Figure

from genre.evaluation import analyse, load_experiment, plots
from genre.evaluation.report import answer, calibration_of, cautions
from tests.plot_examples import make_history
from tests.report_examples import QUICK
from tests.synthetic_experiment import write_experiment, write_which_one

NOTEBOOK = Path(__file__).resolve().parents[1] / "pipeline.ipynb"
FIRST, LAST = "## 7. Training", "## 10. Where the model looks"
TRACKS = "## 13. The best and the worst tracks"


def judging_cells() -> list[str]:
    """List the code between two headings, and the first cell after a third, to its last line."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    places = [
        next(row for row, cell in enumerate(cells) if cell.source.startswith(heading))
        for heading in (FIRST, LAST, TRACKS)
    ]
    between = [*cells[places[0] : places[1]], cells[places[2] + 1]]
    return [cell.source for cell in between if cell.cell_type == "code"]


def namespace(folder: Path, best: str, shown: list[object]) -> dict[str, Any]:
    """Make what the first cells leave behind."""
    experiment = load_experiment(folder)
    for run in experiment.records:
        make_history().to_csv(run.folder.history, index=False)
    return {
        "Markdown": Markdown,
        "Path": Path,
        "analyse": partial(analyse, config=QUICK),
        "answer": answer,
        "best": best,
        "best_seed": 0,
        "calibration_of": calibration_of,
        "cautions": cautions,
        "configurations": sorted(experiment.runs, reverse=True),
        "display": shown.append,
        "experiment": experiment,
        "np": np,
        "pd": pd,
        "plots": plots,
    }


def run(source: str, names: dict[str, Any]) -> object:
    """Run a cell; give the value of its last line, as a notebook shows it."""
    tree = ast.parse(source)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the notebook's own code
        return None
    tree.body.pop()
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the notebook's own code
    value: object = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 - as above
    return value


@pytest.mark.parametrize(
    ("write", "best", "columns"),
    [
        (
            partial(write_experiment, sharpness=2.0),
            "attnTrue_lossbce",
            {"macro_ap", "weighted_f1"},
        ),
        (write_which_one, "attnTrue_losscross_entropy", {"accuracy", "macro_f1"}),
    ],
    ids=["multilabel", "exclusive"],
)
def test_every_cell_that_judges_runs_on_either_task(
    write: Callable[[Path], Path], best: str, columns: set[str], tmp_path: Path
) -> None:
    shown: list[object] = []
    names = namespace(write(tmp_path), best, shown)
    for source in judging_cells():
        shown.append(run(source, names))
    assert set(names["shown"].columns.get_level_values(0)) == columns
    texts = [one.data for one in shown if isinstance(one, Markdown)]
    assert any("How to read this" in text for text in texts)
    assert sum(isinstance(one, Figure) for one in shown) >= 11
    comparison = names["comparison"]
    assert {one.kind.name for one in comparison.asked} >= {"ATTENTION"}
    assert names["asked"]["family"].unique().tolist() == ["planned"]
