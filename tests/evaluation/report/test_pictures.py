"""The pictures of a report: which are drawn, and what they are called."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from genre.evaluation import compare
from genre.evaluation.comparison import Comparison, Contrast, planned_contrasts
from genre.evaluation.report import pictures
from genre.evaluation.report.pictures import caption_of, draw_pictures
from tests.report_examples import QUICK, compared
from tests.synthetic_experiment import SKILLS, write_experiment


@pytest.fixture
def curves(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Save nothing; note the contrasts of every picture of the customary test."""
    drawn: list[list[str]] = []

    def plot(curve: pd.DataFrame) -> Figure:
        drawn.append(list(dict.fromkeys(curve["contrast"])))
        return Figure()

    def save(_: Figure, path: Path) -> Path:
        return path

    monkeypatch.setattr(pictures, "plot_legacy_p", plot)
    monkeypatch.setattr(pictures, "save_figure", save)
    return drawn


def with_curve(comparison: Comparison, contrasts: tuple[Contrast, ...]) -> Comparison:
    """Put made-up contrasts behind the picture of the customary test."""
    curve = comparison.legacy_curve.iloc[[0] * len(contrasts)]
    curve = curve.assign(contrast=[contrast.name for contrast in contrasts])
    return replace(comparison, asked=contrasts, legacy_curve=curve)


def test_every_picture_has_a_caption(
    small_comparison: Comparison, curves: list[list[str]], tmp_path: Path
) -> None:
    drawn = draw_pictures(small_comparison, tmp_path)
    assert all(caption_of(name, unit="artist") for name in drawn)
    assert caption_of("densities_macro_ap", unit="track").endswith("macro AP over tracks")
    assert drawn["forest_pairs"] == tmp_path / "forest_pairs.png"
    assert "forest_planned" in drawn  # attention
    assert not {"calibration", "grid_curves"} & set(drawn)
    assert len(curves) == 1


def test_the_customary_test_is_drawn_for_planned_contrasts_or_six_pairs(
    small_comparison: Comparison, curves: list[list[str]], tmp_path: Path
) -> None:
    planned = planned_contrasts(SKILLS)
    pairs = tuple(Contrast(side_a=(f"net: {k}",), side_b=("b",)) for k in range(8))
    draw_pictures(with_curve(small_comparison, (*planned, *pairs)), tmp_path)
    assert curves.pop() == [contrast.name for contrast in planned]
    # A colon in the name of a model plans nothing.
    some = (*(Contrast(side_a=(name,), side_b=("b",)) for name in "cd"), *pairs)
    draw_pictures(with_curve(small_comparison, some), tmp_path)
    assert curves.pop() == [contrast.name for contrast in some[:6]]


def test_scores_alone_are_drawn_without_decisions(curves: list[list[str]], tmp_path: Path) -> None:
    y_true = np.eye(3, dtype=np.bool_)[np.arange(36) % 3]
    found = compare(y_true, {"a": y_true * 0.5, "b": y_true * 0.25}, config=QUICK)
    assert set(draw_pictures(found, tmp_path)) == {
        "forest_pairs",
        "densities_macro_ap",
        "per_class_ap",
        "precision_recall",
        "reliability",
    }
    nothing = compare(~y_true & y_true, {"a": y_true * 0.5}, config=QUICK)
    assert set(draw_pictures(nothing, tmp_path)) == {"reliability"}
    assert curves == []


def test_one_configuration_is_drawn_once(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path / "one", skills={"a": 2.0}, seeds=(0,), sharpness=2.0)
    drawn = set(draw_pictures(compared(folder), tmp_path))
    # No density of one, and no genre, nor reliability, in two pictures.
    assert drawn == {
        "per_genre_scores",
        "precision_recall",
        "calibration",
        "coverage",
        "confusion",
    }
