"""Comparing answers to the question which one, from arrays to the report: genre.evaluation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from genre.errors import GenreError
from genre.evaluation import compare
from genre.evaluation.comparison.results import Comparison, ComparisonConfig
from genre.evaluation.report import pictures, summary_text, write_comparison
from genre.evaluation.report.answer import chosen_on_validation
from genre.evaluation.report.document import markdown_report
from genre.evaluation.report.pictures import draw_pictures
from genre.evaluation.report.plain import plain_answer
from genre.evaluation.report.trust import trust_section
from genre.evaluation.thresholds import decide
from tests.plot_examples import xs, ys
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


@pytest.mark.usefixtures("sketched")
def test_the_report_speaks_of_the_best_answer(found: Comparison, tmp_path: Path) -> None:
    write_comparison(replace(found, experiment=replace(found.experiment, folder=tmp_path)))
    text = (tmp_path / "REPORT.md").read_text(encoding="utf-8")
    assert "accuracy is the share of tracks that are given their genre" in text
    assert "The best genre is the answer, however low its score." in text
    assert "Lower is better for Brier, log loss and ECE of the best." in text
    assert "macro AP says" not in text
    assert "weighted F1" not in text
    assert "| genre | tracks | artists | TP / FP / FN |" in text
    assert (tmp_path / "pictures" / "confusion.png").is_file()


def test_the_report_says_what_a_least_score_leaves(found: Comparison) -> None:
    header, _, *rows = trust_section(found)[-1].splitlines()
    assert header.split("|")[2:-1] == [" always ", *(f" from 0.{n} on " for n in (3, 5, 7, 9))]
    assert [row.split("|")[1].strip() for row in rows] == ["good", "poor"]
    for name, row in zip(("good", "poor"), rows, strict=True):
        cells = [cell.strip() for cell in row.split("|")[2:-1]]
        for least, cell in zip((0.0, 0.3, 0.5, 0.7, 0.9), cells, strict=True):
            shares, rights = [], []
            for run in found.experiment.runs[name].values():
                decided = decide(run.y_score, np.full(4, least), task="exclusive")
                answered = decided.any(axis=1)
                shares.append(answered.mean())
                rights.append(run.y_true[decided].mean() if answered.any() else np.nan)
            right = np.mean(rights)
            expected = f"{np.mean(shares):.3f} / " + ("-" if np.isnan(right) else f"{right:.3f}")
            assert cell == expected
    assert rows[0].split("|")[2].strip().startswith("1.000 / ")


def test_the_curve_of_coverage_is_that_of_answers(found: Comparison, tmp_path: Path) -> None:
    drawn = {}

    def keep(figure: Figure, path: Path) -> Path:
        drawn[path.stem] = figure
        return path

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pictures, "save_figure", keep)
        draw_pictures(found, tmp_path)
    (axes,) = drawn["coverage"].axes
    assert axes.get_xlabel() == "Share of tracks that get an answer (0 to 1)"
    assert "threshold" not in axes.get_title()
    line, marker, *_ = axes.get_lines()
    run = found.experiment.runs[str(line.get_label())][0]
    is_right = run.y_true[np.arange(120), run.y_score.argmax(axis=1)]
    order = np.argsort(-run.y_score.max(axis=1), kind="stable")
    np.testing.assert_allclose(xs(line), np.arange(1, 121) / 120)
    np.testing.assert_allclose(ys(line), is_right[order].cumsum() / np.arange(1, 121))
    assert (xs(marker)[0], ys(marker)[0]) == (1.0, pytest.approx(is_right.mean()))


@pytest.mark.usefixtures("sketched")
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
    chosen, between = plain_answer(found).split("\n\n")
    assert chosen.startswith("Chosen on validation among 3, baselines included: ")
    assert ", with a test accuracy of " in chosen
    assert between.startswith(("Attention ", "Nothing is decided between configurations: "))


def test_a_track_with_two_genres_is_no_answer_to_which_one() -> None:
    with pytest.raises(GenreError, match=r"exactly one genre in each row .* row 1 has 2"):
        compare([[0, 1], [1, 1]], {"a": [[0.2, 0.8], [0.5, 0.5]]}, task="exclusive")
