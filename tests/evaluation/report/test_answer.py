"""The answer, number by number."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from genre.evaluation.comparison import Comparison
from genre.evaluation.inputs.records import Description, Winner
from genre.evaluation.report.answer import (
    answer,
    chosen_on_validation,
    is_chosen,
    verdict,
)
from genre.evaluation.report.leader import primary
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
    assert "as large a difference, and below 0.05 a difference counts as shown" in alone


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


def test_the_one_test_of_network_and_baseline_has_its_line(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, seeds=(0,))
    path = folder / "experiment.json"
    gains = set()
    for name in SKILLS:
        described = json.loads(path.read_text()) | {"winner": {"config_name": name}}
        path.write_text(json.dumps(described))
        comparison = compared(folder)
        models = primary(comparison, "model", "macro_ap").set_index("config")["value"]
        baselines = primary(comparison, "baseline", "macro_ap").set_index("config")["value"]
        lines = answer(comparison)
        gain = f"{models[name] - baselines['logistic regression']:+.3f}"
        (line,) = [one for one in lines if one.startswith(f"{name} - logistic regression")]
        assert f", macro AP: {gain} (" in line
        assert "after Holm" not in line
        gains.add(gain)
    assert len(gains) == len(SKILLS)


def row_of(delta: float, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - columns of any type
    row = {"contrast": "a - b", "metric": "macro_ap", "delta": delta, "detectable": 0.05}
    row["family"] = "planned"
    ends = {"ci_low": delta - 0.02, "ci_high": delta + 0.02, "rope": 0.01, "p_holm": 0.5}
    return {**row, **ends, "claim_scope": "configuration", **more}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (row_of(0.1, p_holm=0.0004), "; they differ, p < 0.001 after Holm."),
        (
            row_of(0.01),
            (
                "; no difference shown, p = 0.500 after Holm; a true one of 0.050 would be found "
                "four times in five."
            ),
        ),
        (
            row_of(0.0, ci_low=-0.01, ci_high=0.01),
            "; equivalent: the interval lies within 0.01 of zero.",
        ),
        (
            row_of(0.1, p_holm=0.04, claim_scope="checkpoint"),
            ", between checkpoints of one seed; told apart, p = 0.040 after Holm.",
        ),
        (
            row_of(0.1, claim_scope="checkpoint"),
            ", between checkpoints of one seed; not told apart, p = 0.500 after Holm.",
        ),
        (
            row_of(0.1, p_holm=float("nan"), claim_scope="checkpoint"),
            ", between checkpoints; an interval only, there is no test.",
        ),
    ],
)
def test_every_contrast_has_its_verdict(
    row: dict[str, Any], says: str, small_comparison: Comparison
) -> None:
    low, high = row["ci_low"], row["ci_high"]
    start = f"a - b, macro AP: {row['delta']:+.3f} ({low:+.3f} to {high:+.3f})"
    assert verdict(row, small_comparison) == f"{start}{says}"
    few = replace(small_comparison, n_clusters=5)
    assert verdict(row, few) == f"{start}; too few artists for a finding."


def test_who_is_chosen(small_comparison: Comparison) -> None:
    experiment = small_comparison.experiment
    first, second = experiment.runs
    values = {first: 0.25, second: 0.75}
    runs = {
        name: {seed: replace(run, val_choice=(values[name],)) for seed, run in by_seed.items()}
        for name, by_seed in experiment.runs.items()
    }

    def with_winner(name: str | None) -> Comparison:
        description = Description(winner=None if name is None else Winner(config_name=name))
        changed = replace(experiment, runs=runs, description=description)
        return replace(small_comparison, experiment=changed)

    assert chosen_on_validation(with_winner(None)) == second
    assert chosen_on_validation(with_winner(first)) == first
    assert chosen_on_validation(with_winner("gone")) == second
    values |= {first: float("nan"), second: float("nan")}
    runs = {
        name: {seed: replace(run, val_choice=(values[name],)) for seed, run in by_seed.items()}
        for name, by_seed in experiment.runs.items()
    }
    assert not is_chosen(with_winner(None))
    assert not is_chosen(with_winner(second))
    assert chosen_on_validation(with_winner(None)) == first
