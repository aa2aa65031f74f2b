"""The answer, number by number."""

import json
from pathlib import Path

import pandas as pd

from genre.evaluation.report.answer import answer, primary
from tests.report_examples import ALIKE, compared, texts, written
from tests.synthetic_experiment import SKILLS, write_experiment


def test_the_words_are_explained_where_they_are_used(
    reported: tuple[Path, str], tmp_path: Path
) -> None:
    numbers = written(reported[0]).split("## In numbers")[1].split("##")[0]
    for word in ("macro AP says", "weighted F1 how right", "95 % confidence", "Holm corrects"):
        assert word in numbers
    alone, _ = texts(write_experiment(tmp_path, skills={"attnTrue_lossbce": 2.0}))
    assert "weighted F1 how right" in alone
    assert "a difference counts as shown" not in alone


def test_every_number_of_the_answer_is_in_the_tables(reported: tuple[Path, str]) -> None:
    text = written(reported[0])
    scores = pd.read_csv(reported[0] / "scores.csv", dtype={"seed": str})
    models = scores[(scores["kind"] == "model") & (scores["seed"] == "mean")]
    macro = models[(models["level"] == "track") & (models["metric"] == "macro_ap")]
    best = macro.sort_values("value").iloc[-1]
    assert f"Highest test macro AP: **{best['config']}** with {best['value']:.3f}" in text


def test_equal_configurations_are_called_undecided(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=ALIKE, rng_seed=3)
    report, _ = texts(folder)
    assert "**Undecided**: none of 2 comparisons" in report
    assert "would be found four times in five" in report


def test_a_model_below_the_baseline_is_said_to_be(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills={"attnTrue_lossbce": -1.0}, seeds=(0,))
    report, _ = texts(folder)
    assert "It is **not above** the best baseline" in report


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
