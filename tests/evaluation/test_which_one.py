"""Comparing answers to the question which one, from arrays to the report: genre.evaluation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.errors import GenreError
from genre.evaluation import compare
from genre.evaluation.comparison.results import Comparison, ComparisonConfig
from genre.evaluation.report import summary_text, write_comparison
from genre.evaluation.report.answer import chosen_on_validation
from genre.evaluation.report.document import markdown_report
from genre.evaluation.report.plain import plain_answer
from tests.report_examples import compared
from tests.synthetic_experiment import write_which_one

CONFIG = ComparisonConfig(n_replicates=200, n_reference_replicates=100)
ARTIST = np.repeat(np.arange(40), 3)


@pytest.fixture(scope="module")
def found() -> Comparison:
    rng = np.random.default_rng(0)
    true = rng.integers(0, 4, len(ARTIST))
    scores = {}
    for name, skill in (("good", 3.0), ("poor", 0.5)):
        logits = rng.normal(size=(2, len(ARTIST), 4)) + skill * np.eye(4)[true]
        shares = np.exp(logits)
        scores[name] = shares / shares.sum(axis=2, keepdims=True)
    return compare(np.eye(4)[true], scores, artist=ARTIST, task="exclusive", config=CONFIG)


def test_models_are_compared_by_accuracy_and_macro_f1(found: Comparison) -> None:
    assert found.primary_metrics == ("accuracy", "macro_f1")
    (row,) = found.contrasts.query("metric == 'accuracy'").to_dict("records")
    assert set(found.contrasts["family"]) == {"pairs"}
    accuracies = {}
    for name, by_seed in found.experiment.runs.items():
        right = [run.y_true[np.arange(120), run.y_score.argmax(axis=1)] for run in by_seed.values()]
        accuracies[name] = np.mean(right)
        assert all((run.decisions.sum(axis=1) == 1).all() for run in by_seed.values())
    difference = accuracies["poor"] - accuracies["good"]
    assert row["delta"] == pytest.approx(difference)
    assert row["p_holm"] < 0.05


def test_the_bootstrap_of_accuracy_draws_whole_artists(found: Comparison) -> None:
    run = found.experiment.runs["good"][0]
    right = run.y_true[np.arange(120), run.y_score.argmax(axis=1)].astype(float)
    by_artist = right.reshape(40, 3).mean(axis=1)
    # The standard error of the mean of 40 artists, each as heavy as any other.
    expected = by_artist.std() / np.sqrt(40)
    rows = found.scores.query("config == 'good' and metric == 'accuracy' and seed == '0'")
    (row,) = rows.to_dict("records")
    assert (row["ci_high"] - row["ci_low"]) / (2 * 1.96) == pytest.approx(expected, rel=0.25)


def test_the_report_speaks_of_the_best_answer(found: Comparison, tmp_path: Path) -> None:
    write_comparison(replace(found, experiment=replace(found.experiment, folder=tmp_path)))
    text = (tmp_path / "REPORT.md").read_text(encoding="utf-8")
    assert "accuracy is the share of tracks that are given their genre" in text
    assert "The best genre is the answer, however low its score." in text
    assert "Lower is better for Brier, log loss and ECE of the best." in text
    assert "macro AP says" not in text
    assert "weighted F1" not in text
    (row,) = [line for line in text.splitlines() if line.startswith("| good | 1.000 | 0.000 |")]
    accuracy = found.scores.query("config == 'good' and metric == 'accuracy' and seed == 'mean'")
    assert row.split("|")[4].strip() == f"{accuracy['value'].iloc[0]:.3f}"
    assert (tmp_path / "pictures" / "confusion.png").is_file()


def test_mistakes_are_counted(found: Comparison, tmp_path: Path) -> None:
    write_comparison(replace(found, experiment=replace(found.experiment, folder=tmp_path)))
    cells = pd.read_csv(tmp_path / "confusion.csv")
    by_run = cells.groupby(["config", "seed"])
    assert by_run["n_tracks"].sum().to_dict() == {
        (name, seed): 120 for name in ("good", "poor") for seed in (0, 1)
    }
    np.testing.assert_allclose(
        cells.groupby(["config", "seed", "genre"])["share"].sum(), np.ones(16)
    )
    best = chosen_on_validation(found)
    own = cells[(cells["config"] == best) & (cells["seed"] == 0)]
    wrong = own[own["genre"] != own["given"]]
    text = (tmp_path / "REPORT.md").read_text(encoding="utf-8")
    words = f"{best}, seed 0: {wrong['n_tracks'].sum()} of 120 tracks are given another genre"
    assert words in text
    most = wrong.sort_values("n_tracks", ascending=False, kind="stable").iloc[0]
    row = f"{most['genre']} | {most['given']} | {most['n_tracks']} | {most['share']:.1%}"
    assert row in text


def test_of_one_loss_attention_alone_is_asked_for(tmp_path: Path) -> None:
    found = compared(write_which_one(tmp_path))
    planned = found.contrasts[found.contrasts["family"] == "planned"]
    assert planned["contrast"].tolist() == ["attention: on - off"] * 2
    assert planned["metric"].tolist() == ["accuracy", "macro_f1"]
    assert planned["p_holm"].notna().all()
    assert set(found.per_class_contrasts["contrast"]) == {"attention: on - off"}
    report = markdown_report(found, {})
    for text in (report, summary_text(found)):
        assert "attention: on - off" in text
        assert "interaction: " not in text
        assert "focal" not in text
    assert plain_answer(found).startswith(("Attention ", "Nothing is decided: the effect of att"))


def test_a_track_with_two_genres_is_no_answer_to_which_one() -> None:
    with pytest.raises(GenreError, match=r"exactly one genre in each row .* row 1 has 2"):
        compare([[0, 1], [1, 1]], {"a": [[0.2, 0.8], [0.5, 0.5]]}, task="exclusive")
