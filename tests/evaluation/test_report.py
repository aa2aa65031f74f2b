"""The report: files that belong together, the answer first, and never more than the data say."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.evaluation.comparison import ComparisonConfig, Contrast, analyse, planned_contrasts
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import load_experiment
from genre.evaluation.metrics.calibration import brier, expected_calibration_error
from genre.evaluation.report import compare_experiment, summary_text
from genre.evaluation.report.document import markdown_report
from genre.evaluation.report.markdown import aligned, number, p_phrase, p_text, signed, span, table
from genre.evaluation.report.plain import plain_answer
from tests.synthetic_experiment import GENRES, SKILLS, write_experiment

QUICK = ComparisonConfig(n_replicates=200, n_reference_replicates=100)
ALIKE = {"attnTrue_lossbce": 1.5, "attnFalse_lossbce": 1.5}


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Give a compared experiment and the summary for the terminal."""
    folder = write_experiment(tmp_path_factory.mktemp("reported") / "demo")
    return folder, summary_text(compare_experiment(folder, QUICK))


def texts(folder: Path) -> tuple[str, str]:
    """Give the report and the summary, without drawing the pictures."""
    comparison = analyse(load_experiment(folder), QUICK)
    return markdown_report(comparison, {}), summary_text(comparison)


def written(folder: Path) -> str:
    return (folder / "REPORT.md").read_text(encoding="utf-8")


def test_numbers_as_text() -> None:
    assert number(0.12345) == "0.123"
    assert number(float("nan")) == "-"
    assert signed(0.05, digits=2) == "+0.05"
    assert signed(-0.0001) == "+0.000"
    assert span(0.1, 0.2) == "0.100 to 0.200"
    assert span(float("nan"), 0.2) == "-"
    assert p_text(0.0004) == "< 0.001"
    assert p_phrase(0.0004) == "p < 0.001"
    assert p_phrase(0.04) == "p = 0.040"


def test_tables_as_text() -> None:
    assert table(["a", "b"], [["x|y", "1"]]) == "| a | b |\n| --- | ---: |\n| x\\|y | 1 |"
    assert aligned(["a", "bb"], [["long", "1"]]) == "a     bb\nlong   1"


def test_every_file_is_there_and_every_picture_is_shown(reported: tuple[Path, str]) -> None:
    folder, _ = reported
    for name in ("comparison", "scores", "per_class", "per_class_contrasts"):
        assert len(pd.read_csv(folder / f"{name}.csv")) > 0
    shown = set(re.findall(r"\]\((pictures/[^)]+)\)", written(folder)))
    assert shown == {f"pictures/{path.name}" for path in (folder / "pictures").iterdir()}
    assert len(shown) == 11


def test_the_columns_of_the_comparison(reported: tuple[Path, str]) -> None:
    wanted = """
        family contrast metric unit n_units n_seeds mean_A mean_B delta se_test se_seed ci_low
        ci_high ci_method p_raw p_holm p_A_beats_B rope share_in_rope detectable B rng_seed
        claim_scope legacy_t legacy_p
    """
    assert set(wanted.split()) <= set(pd.read_csv(reported[0] / "comparison.csv").columns)


def test_the_json_is_strict_and_agrees_with_the_table(reported: tuple[Path, str]) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    text = (reported[0] / "comparison.json").read_text()
    content = json.loads(text, parse_constant=refuse)
    contrasts = pd.read_csv(reported[0] / "comparison.csv")
    assert len(content["contrasts"]) == len(contrasts)
    np.testing.assert_allclose([row["delta"] for row in content["contrasts"]], contrasts["delta"])
    assert content["n_test_artists"] == 21
    assert content["legacy_ttest"] == "invalid: p depends on B"
    assert content["contrasts"][0]["legacy_p"] is None  # macro AP has no reference test


def test_the_answer_comes_first(reported: tuple[Path, str]) -> None:
    headings = re.findall(r"^## (.+)$", written(reported[0]), flags=re.MULTILINE)
    assert headings == [
        "The answer",
        "In numbers",
        "What may not be concluded",
        "Scores per track",
        "Scores per window",
        "Planned contrasts",
        "All pairs",
        "The customary test",
        "Genres",
        "How far to trust the scores",
        "Training",
        "Data",
        "How it was computed",
        "Settings and versions",
    ]


def test_the_words_are_explained_where_they_are_used(
    reported: tuple[Path, str], tmp_path: Path
) -> None:
    numbers = written(reported[0]).split("## In numbers")[1].split("##")[0]
    for word in ("macro AP says", "weighted F1 how right", "95 % confidence", "Holm corrects"):
        assert word in numbers
    alone, _ = texts(write_experiment(tmp_path, skills={"attnTrue_lossbce": 2.0}))
    assert "weighted F1 how right" in alone
    assert "a difference counts as shown" not in alone


def test_the_report_names_what_was_left_out(reported: tuple[Path, str]) -> None:
    text = written(reported[0])
    assert "Genre dropped: polka (2 artists, at least 3 are needed)." in text
    assert "Tracks dropped with their genres: 4." in text
    assert "Files in quarantine: 2" in text
    assert "Warning: one artist has more than half of the tracks of blues" in text
    assert "invalid: p depends on B" in text


def test_every_number_of_the_answer_is_in_the_tables(reported: tuple[Path, str]) -> None:
    text = written(reported[0])
    scores = pd.read_csv(reported[0] / "scores.csv", dtype={"seed": str})
    models = scores[(scores["kind"] == "model") & (scores["seed"] == "mean")]
    macro = models[(models["level"] == "track") & (models["metric"] == "macro_ap")]
    best = macro.loc[macro["value"].idxmax()]
    assert f"Highest test macro AP: **{best['config']}** with {best['value']:.3f}" in text


def test_several_seeds_speak_of_configurations(reported: tuple[Path, str]) -> None:
    folder, summary = reported
    assert "the configurations differ, p" in written(folder)
    assert "Checkpoint comparison" not in written(folder)
    assert "2 seeds, 21 test artists" in summary
    assert str(folder / "REPORT.md") in summary


def test_noise_of_runs_is_counted_once_and_the_plain_sum_stands_beside(
    reported: tuple[Path, str],
) -> None:
    folder, _ = reported
    table = pd.read_csv(folder / "comparison.csv")
    plain = np.hypot(table["se_test"], table["se_seed"])
    np.testing.assert_allclose(table["se_noise_twice"], plain)
    assert (table["se"] < plain).all()  # seeds have noise by artist: see make_part
    half = (table["ci_high"] - table["ci_low"]) / 2
    assert (half > 1.9 * table["se"]).all()
    assert "columns se_noise_twice and p_noise_twice" in written(folder)


def test_one_seed_speaks_of_checkpoints_and_nothing_else(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, seeds=(0,))
    report, summary = texts(folder)
    for text in (report, summary):
        assert "checkpoint comparison, not configuration comparison" in text.lower()
        assert "significant" not in text
        assert "the configurations differ" not in text


def test_few_artists_give_no_finding(tmp_path: Path) -> None:
    # A huge difference, but 7 artists.
    folder = write_experiment(
        tmp_path, skills={"attnTrue_lossbce": 6.0, "attnFalse_lossbce": -2.0}, n_artists=7
    )
    report, summary = texts(folder)
    for text in (report, summary):
        assert "Too few artists: the test set has 7 artists, fewer than 10." in text
        assert "differ, p" not in text
        assert "told apart" not in text
    assert "too few artists for a finding" in report


def test_equal_configurations_are_called_undecided(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=ALIKE, rng_seed=3)
    report, _ = texts(folder)
    assert "**Undecided**: none of 2 comparisons" in report
    assert "would be found four times in five" in report


def test_a_single_configuration_is_scored_without_contrasts(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills={"attnTrue_lossbce": 2.0})
    report, _ = texts(folder)
    assert "nothing to compare" in report
    assert "## All pairs" not in report


def test_a_comparison_without_contrasts_is_written(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills={"one": 2.0}, seeds=(0,), n_artists=5, n_windows=1)
    compare_experiment(folder, QUICK)
    assert (folder / "comparison.csv").read_text().startswith("family,contrast,metric")
    assert not list((folder / "pictures").glob("forest*"))


def test_unfinished_runs_and_absent_genres_are_named(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, n_artists=5, tracks_per_artist=1)
    (folder / "attnTrue_lossfocal" / "seed1" / "record.json").unlink()
    report, summary = texts(folder)
    for text in (report, summary):
        assert "attnTrue_lossfocal/seed1" in text
        assert re.search(r"\d of 7 genres have no test track", text)


def test_a_split_by_track_is_warned_of(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=ALIKE, seeds=(0,))
    path = folder / "experiment.json"
    path.write_text(path.read_text().replace('"split_by": "artist"', '"split_by": "track"'))
    report, _ = texts(folder)
    assert "songs of one artist may be in training and in test" in report


def test_a_model_below_the_baseline_is_said_to_be(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills={"attnTrue_lossbce": -1.0}, seeds=(0,))
    report, _ = texts(folder)
    assert "It is **not above** the best baseline" in report


def test_folds_are_reported_together(tmp_path: Path) -> None:
    two = dict(list(SKILLS.items())[:2])
    folder = write_experiment(tmp_path, skills=two, n_folds=2, n_artists=7)
    report, _ = texts(folder)
    assert "42 tracks of 14 artists" in report
    assert "Split of fold 1 by artist" in report


def test_a_second_comparison_writes_the_same(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills={"one": 2.0}, seeds=(0,), n_artists=5)
    compare_experiment(folder, QUICK)
    names = ("REPORT.md", "comparison.json", "scores.csv", "per_class.csv")
    first = {name: (folder / name).read_bytes() for name in names}
    compare_experiment(folder, QUICK)
    assert {name: (folder / name).read_bytes() for name in names} == first


# Trust


def test_calibration_is_shown_before_and_after(tmp_path: Path) -> None:
    # One window per track: a mean over several is less sure by itself.
    folder = write_experiment(
        tmp_path, skills=ALIKE, n_folds=2, n_artists=8, n_windows=1, sharpness=5.0
    )
    compare_experiment(folder, QUICK)
    text = written(folder)
    assert "![Before and after calibration" in text
    assert (folder / "pictures" / "calibration.png").is_file()
    found = re.search(
        r"\| attnTrue_lossbce \| (\S+) to (\S+) \| (\S+) to (\S+) "
        r"\| (\S+) \| (\S+) \| (\S+) \| (\S+) \|",
        text,
    )
    assert found
    low, high, lowest, highest, *measured = (float(value) for value in found.groups())
    seeds = load_experiment(folder).runs["attnTrue_lossbce"].values()
    known = [value for run in seeds for value in run.temperatures]
    assert len(known) == 4  # two seeds of two folds
    assert (low, high) == (round(min(known), 2), round(max(known), 2))
    biases = np.concatenate([run.biases.ravel() for run in seeds if run.biases is not None])
    assert len(biases) == 4 * len(GENRES)
    np.testing.assert_allclose([lowest, highest], [biases.min(), biases.max()], atol=0.006)
    expected = [
        np.mean([measure(run.y_true, scores(run)) for run in seeds])
        for measure in (expected_calibration_error, brier)
        for scores in (lambda run: run.uncalibrated, lambda run: run.y_score)
    ]
    np.testing.assert_allclose(measured, expected, atol=6e-4)  # three digits
    assert measured[3] < 0.95 * measured[2]  # the scores were made three times too sure


def test_scores_without_calibration_have_no_before(reported: tuple[Path, str]) -> None:
    assert "ECE before" not in written(reported[0])
    assert not (reported[0] / "pictures" / "calibration.png").exists()


def test_coverage_against_precision_is_in_every_report_with_decisions(
    reported: tuple[Path, str],
) -> None:
    folder, _ = reported
    text = written(folder)
    assert "](pictures/coverage.png)" in text
    assert (folder / "pictures" / "coverage.png").is_file()
    assert "No genre is a legal answer" in text
    runs = load_experiment(folder).runs["attnFalse_lossbce"].values()
    gets = np.mean([run.decisions.any(axis=1).mean() for run in runs])
    right = np.mean([run.y_true[run.decisions].mean() for run in runs])
    assert 0 < gets < 1  # some tracks get none
    assert f"| attnFalse_lossbce | {gets:.3f} | {1 - gets:.3f} | {right:.3f} |" in text


# The two sentences


def answered(folder: Path) -> str:
    return plain_answer(analyse(load_experiment(folder), QUICK))


def test_what_helped_is_said_in_two_sentences(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, seeds=(0, 1, 2))
    text, summary = texts(folder)
    row = analyse(load_experiment(folder), QUICK).contrasts.iloc[1]  # attention, weighted F1
    expected = (
        f"Attention helped by {100 * row['delta']:.1f} points of F1. With 21 artists, a single "
        f"test finds a true difference of {100 * row['detectable']:.1f} points four times in five, "
        "and a smaller one less often."
    )
    assert row["p_holm"] < 0.05
    assert text.split("\n\n")[2] == expected
    assert summary.startswith(expected)


def test_one_training_may_turn_round(tmp_path: Path) -> None:
    names = {"attnTrue_lossbce": 3.0, "attnFalse_lossbce": 0.2}
    said = answered(write_experiment(tmp_path, skills=names, seeds=(0,)))
    assert said.startswith("attnTrue_lossbce did better than attnFalse_lossbce by ")
    assert "each was trained once, so the next training could turn that round." in said


def test_what_may_be_luck_is_undecided(tmp_path: Path) -> None:
    said = answered(write_experiment(tmp_path, skills=ALIKE, rng_seed=3))
    assert re.fullmatch(
        r"Nothing is decided: the largest difference, \d\.\d points of F1, may be luck\. "
        r"With 21 artists, a single test finds a true difference of \d+\.\d points four times in "
        r"five, and a smaller one less often\.",
        said,
    )


def test_too_few_artists_decide_nothing(tmp_path: Path) -> None:
    said = answered(write_experiment(tmp_path, skills=ALIKE, n_artists=7))
    assert said.startswith("Which model is better cannot be said from this test. It has 7 artists;")


ATTENTION, LOSS, INTERACTION = planned_contrasts(SKILLS)


def row_of(contrast: Contrast, delta: float, **more: object) -> dict[str, object]:
    width = {"ci_low": delta - 0.004, "ci_high": delta + 0.004, "detectable": 0.006}
    row = {"family": "planned", "contrast": contrast, "metric": "weighted_f1", "delta": delta}
    return {**row, **width, "p_holm": 0.01, "rope": 0.01, "claim_scope": "configuration", **more}


def with_rows(comparison: Comparison, rows: list[dict[str, object]]) -> Comparison:
    """Put made-up rows in place of what was found."""
    asked = tuple(row["contrast"] for row in rows)
    table = pd.DataFrame(
        [{**row, "contrast": one.name} for row, one in zip(rows, asked, strict=True)]
    )
    return replace(comparison, contrasts=table, asked=asked)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row_of(ATTENTION, -0.041)], "Attention did harm by 4.1 points of F1. With"),
        (
            [row_of(LOSS, -0.03), row_of(ATTENTION, 0.02)],
            "The bce loss did better than focal by 3.0 points of F1 (1 more in the list below).",
        ),
        (
            [row_of(ATTENTION, 0.05, metric="macro_ap")],
            "Attention helped by 5.0 points of average precision.",
        ),
        (
            [row_of(ATTENTION, 0.004, p_holm=0.4)],
            "For all practical purposes they are equal: within 0.8 points of F1.",
        ),
        (
            [row_of(INTERACTION, 0.05)],
            "Attention helps more under the focal loss than under bce by 5.0 points",
        ),
        ([row_of(ATTENTION, 0.0, p_holm=1.0, rope=0.0)], "they score the same F1."),
    ],
)
def test_every_finding_has_its_sentence(
    rows: list[dict[str, object]], says: str, small_comparison: Comparison
) -> None:
    said = plain_answer(with_rows(small_comparison, rows))
    assert says in said
    assert "With 21 artists, a single test finds a true difference of 0.6 points four" in said


@pytest.fixture(scope="module")
def small_comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = write_experiment(tmp_path_factory.mktemp("small"), skills=ALIKE, n_windows=1)
    return analyse(load_experiment(folder), QUICK)
