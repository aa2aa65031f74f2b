"""The tables of genres in a report: genre.evaluation.report.genre_tables."""

import json
from pathlib import Path

import pandas as pd
import pytest

from genre.evaluation.report import summary_text
from genre.evaluation.report.document import markdown_report
from genre.evaluation.report.genre_tables import levels_section
from genre.evaluation.report.writing import write_comparison
from tests.report_examples import compared
from tests.synthetic_experiment import write_experiment


def with_tree(folder: Path) -> Path:
    """Have an experiment say that one genre is a kind of another, and how they are written."""
    write_experiment(folder, seeds=(0, 1))
    path = folder / "experiment.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    first, second, *_ = told["genres"]
    told["parents"] = {first: [second]}
    told["display_names"] = {first: "First | Genre"}
    path.write_text(json.dumps(told), encoding="utf-8")
    return folder


def test_levels_stand_in_a_table_of_their_own(tmp_path: Path) -> None:
    comparison = compared(with_tree(tmp_path))
    heading, words, table = levels_section(comparison)
    assert heading == "## Levels"
    assert "mean over 2 seeds; every run is in levels.csv" in words
    assert "All other figures of this report are over the genres of all levels." in words
    n_genres = len(comparison.experiment.any_run.genres)
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert cells[0] == ["level", "genres", "macro AP", "weighted F1"]
    assert [row[:2] for row in cells[2:]] == [
        ["all", str(n_genres)],
        ["0", str(n_genres - 1)],
        ["1", "1"],
        ["leaves", str(n_genres - 1)],
    ]
    report = markdown_report(comparison, {})
    assert report.index("## Genres") < report.index("## Levels") < report.index("## How far")
    assert "means over the genres of all levels, parents too" in report
    assert "per track, genres of all levels" in summary_text(comparison)


def test_genres_are_written_as_their_owner_does(tmp_path: Path) -> None:
    comparison = compared(with_tree(tmp_path))
    report = markdown_report(comparison, {})
    genre = comparison.experiment.any_run.genres[0]
    assert r"| First \| Genre" in report
    assert f"| {genre} " not in report


@pytest.mark.usefixtures("sketched")
def test_the_levels_are_written_and_an_old_table_goes(tmp_path: Path) -> None:
    comparison = compared(with_tree(tmp_path))
    write_comparison(comparison)
    table = pd.read_csv(tmp_path / "levels.csv")
    assert list(table["level"].unique()) == ["all", "0", "1", "leaves"]
    content = json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))
    assert len(content["levels"]) == len(table)
    write_experiment(tmp_path, seeds=(0, 1))
    write_comparison(compared(tmp_path))
    assert not (tmp_path / "levels.csv").exists()


def test_without_a_tree_nothing_is_said_of_levels(tmp_path: Path) -> None:
    comparison = compared(write_experiment(tmp_path))
    assert levels_section(comparison) == []
    assert "level" not in summary_text(comparison)
