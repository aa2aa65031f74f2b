"""What the report claims: of which model, about which units, and never against itself."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.errors import GenreError
from genre.evaluation import compare
from genre.evaluation.comparison import ComparisonConfig, analyse
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import NO_ARTISTS, load_experiment
from genre.evaluation.report.answer import answer, primary
from genre.evaluation.report.cautions import cautions
from genre.evaluation.report.plain import plain_answer
from genre.evaluation.scores import load_scores, save_scores
from tests.synthetic_experiment import SKILLS, write_experiment

QUICK = ComparisonConfig(n_replicates=200, n_reference_replicates=100)
ALIKE = {"attnTrue_lossbce": 1.5, "attnFalse_lossbce": 1.5}


@pytest.fixture(scope="module")
def small_comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return compared(write_experiment(tmp_path_factory.mktemp("small") / "demo", skills=ALIKE))


def compared(folder: Path) -> Comparison:
    return analyse(load_experiment(folder), QUICK)


def test_the_chosen_model_is_the_one_held_against_the_baselines(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, seeds=(0,))
    path = folder / "experiment.json"
    gains = set()
    for name in SKILLS:
        described = json.loads(path.read_text()) | {"winner": {"config_name": name}}
        path.write_text(json.dumps(described))
        comparison = compared(folder)
        models = primary(comparison, "model", "macro_ap").set_index("config")["value"]
        baseline = primary(comparison, "baseline", "macro_ap")["value"].iloc[0]
        lines = answer(comparison)
        place = lines.index(f"Chosen on validation, so the one to use: **{name}**.")
        gain = f"({models[name] - baseline:+.3f})."
        assert gain in lines[place + 1]
        gains.add(gain)
    assert len(gains) == len(SKILLS)


def without_artists(folder: Path, *, every: int) -> Path:
    for path in folder.rglob("scores.npz"):
        scores = load_scores(path)
        artist, track_id = scores.test.artist.astype(object), scores.test.track_id
        artist[::every] = track_id[::every]
        save_scores(path, replace(scores, test=replace(scores.test, artist=artist.astype(np.str_))))
    return folder


def test_a_track_without_artist_is_no_artist(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=ALIKE)
    some = compared(without_artists(folder, every=3))
    assert some.unit == "artist"
    assert any("21 of 63 test tracks have no known artist" in one.text for one in cautions(some))
    none = compared(without_artists(folder, every=1))
    assert none.unit == "track"
    assert NO_ARTISTS in [one.text for one in cautions(none)]
    assert "With 63 tracks, a single test finds" in plain_answer(none)
    assert set(none.contrasts["unit"]) == {"track"}


def test_models_that_agree_everywhere_are_said_to(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=ALIKE, seeds=(0,))
    first, second = ALIKE
    shutil.rmtree(folder / second)
    shutil.copytree(folder / first, folder / second)
    assert plain_answer(compared(folder)) == (
        "No difference was found: they score the same F1. They agree on each of 21 artists."
    )


def test_a_fine_test_does_not_say_that_what_differs_agrees(small_comparison: Comparison) -> None:
    fine = small_comparison.contrasts.assign(delta=0.003, detectable=0.0002, p_holm=0.001)
    said = plain_answer(replace(small_comparison, contrasts=fine))
    assert "by 0.3 points of F1" in said
    assert "finds a true difference of 0.1 points" in said


def test_nothing_is_called_equal_whose_seeds_say_nothing() -> None:
    rng = np.random.default_rng(0)
    y_true = rng.random((400, 3)) < 0.3

    def scores(*strengths: float) -> np.ndarray:
        made = [strength * y_true + rng.normal(size=y_true.shape) for strength in strengths]
        return np.asarray(1 / (1 + np.exp(-np.array(made))))

    def share(**models: np.ndarray) -> float:
        rows = compare(y_true, models, config=QUICK).contrasts
        return float(rows.loc[rows["metric"] == "macro_ap", "share_in_rope"].iloc[0])

    # Means alike, and each training far from the next.
    assert share(a=scores(0.2, 3.0), b=scores(3.0, 0.2)) < 0.1
    alike = scores(3.0)[0]
    assert share(a=np.array([alike, alike]), b=np.array([alike, alike])) == 1


@pytest.mark.parametrize("nobody", [None, float("nan"), "", " "])
def test_a_missing_artist_is_not_an_artist(nobody: object) -> None:
    y_true = np.eye(4, dtype=bool)
    artist = np.array(["a", "b", nobody, nobody], dtype=object)
    with pytest.raises(GenreError, match=r"artist must be named.*2 have none, such as row 2"):
        compare(y_true, {"m": y_true * 0.9}, artist=artist)
