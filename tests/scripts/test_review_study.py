"""What `check_review.py` measures: swaps as they are asked for, precision by hand, curves."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from review_study.choosing import N_STEPS, ORDERS, choosing, unsureness
from review_study.choosing import told as told_choosing
from review_study.material import Material, out_of_fold
from review_study.swaps import precisions, swapped, swaps
from review_study.swaps import told as told_swaps

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_review.py"


@pytest.fixture(scope="module")
def material() -> Material:
    """Make 240 tracks by 60 artists, whose genre shows in what they sound like."""
    rng = np.random.default_rng(0)
    artist = np.repeat(np.arange(60), 4)
    y_true = np.eye(3, dtype=bool)[artist % 3]
    sound = 1.5 * y_true + 0.6 * rng.normal(size=(60, 3))[artist] + 0.5 * rng.normal(size=(240, 3))
    return Material(
        summaries=sound,
        y_true=y_true,
        artist=np.array([f"artist {number:02d}" for number in artist]),
        genres=("a", "b", "c"),
    )


@pytest.mark.parametrize("unit", ["track", "artist"])
def test_so_many_labels_are_swapped_and_no_other(material: Material, unit: str) -> None:
    draws = [
        swapped(material, share=0.1, unit=unit, rng=np.random.default_rng(seed))
        for seed in (1, 1, 2)
    ]
    y_true, is_swapped = draws[0]
    np.testing.assert_array_equal(y_true, draws[1][0])
    assert (y_true != draws[2][0]).any()
    assert is_swapped.sum() == 24
    np.testing.assert_array_equal((y_true != material.y_true).any(axis=1), is_swapped)
    np.testing.assert_array_equal(y_true.sum(axis=1), material.y_true.sum(axis=1))
    of_artists = np.unique(material.artist[is_swapped])
    assert len(of_artists) == 6 if unit == "artist" else len(of_artists) > 6


def test_precision_is_the_share_of_swaps_among_the_first() -> None:
    y_true = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]], dtype=bool)
    score = np.array([[0.9, 0.1], [0.1, 0.9], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.7, 0.3]])
    is_swapped = np.array([False, True, True, False, False, False])
    found = precisions(y_true, score[None], is_swapped)
    assert set(found.values()) == {0.5}


def test_no_model_scores_an_artist_that_it_trained_on(material: Material) -> None:
    y_true = material.y_true.copy()
    own = material.artist == "artist 00"
    y_true[own] = ~y_true[own]
    score = [
        out_of_fold(material, labels, n_folds=5, seed=3) for labels in (material.y_true, y_true)
    ]
    np.testing.assert_allclose(score[0][own], score[1][own])
    assert not np.allclose(score[0][~own], score[1][~own])


def test_unsure_is_near_one_half() -> None:
    assert unsureness(np.array([[0.5, 0.0], [1.0, 0.0], [0.75, 0.1]])).tolist() == [1.0, 0.0, 0.5]


@pytest.mark.slow
def test_both_studies_tell_what_they_found(material: Material) -> None:
    found = swaps(material, seeds=range(1), n_folds=3)
    assert len(found) == 4
    assert all(row["precision"]["log odds"] > 2 * row["random_order"] for row in found)
    assert all(0 <= row["model_errs"] < 0.3 for row in found)
    assert len(told_swaps(found)) == 6
    chosen = choosing(material, seeds=range(2))
    assert [row["order"] for row in chosen] == [*ORDERS] * 2
    assert all(len(row["macro_ap"]) == N_STEPS + 1 for row in chosen)
    assert len({row["macro_ap"][0] for row in chosen if row["seed"] == 0}) == 1
    assert len(told_choosing(chosen)) == 2 + len(ORDERS) + len(ORDERS) - 1


@pytest.mark.extras
def test_the_script_writes_its_figures(sample_cut: Path, tmp_path: Path) -> None:
    words = ["--data", str(sample_cut), "--cache", str(tmp_path / "cache"), "--seeds", "1"]
    words += ["--quick", "--choosing-seeds", "2", "--folds", "3"]
    words += ["--json", str(tmp_path / "figures.json")]
    subprocess.run([sys.executable, str(SCRIPT), *words], check=True, capture_output=True)
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert len(figures["swaps"]) == 4
    assert len(figures["choosing"]) == 2 * len(ORDERS)
