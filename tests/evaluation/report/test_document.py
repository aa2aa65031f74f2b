"""REPORT.md: the answer first, and never more than the data say."""

import re
from pathlib import Path

import numpy as np

from genre.evaluation import compare
from genre.evaluation.report.document import markdown_report
from tests.report_examples import QUICK, texts, written
from tests.synthetic_experiment import write_experiment


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
        "Network and baseline",
        "The customary test",
        "Genres",
        "Best and worst tracks",
        "How far to trust the scores",
        "Training",
        "Data",
        "How it was computed",
        "Settings and versions",
    ]


def test_several_seeds_speak_of_configurations(reported: tuple[Path, str]) -> None:
    folder, summary = reported
    assert "they differ, p" in written(folder)
    assert "Checkpoint comparison" not in written(folder)
    assert "2 seeds, 21 test artists" in summary
    assert str(folder / "REPORT.md") in summary


def test_one_seed_speaks_of_checkpoints_and_nothing_else(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, seeds=(0,))
    report, summary = texts(folder)
    for text in (report, summary):
        assert "checkpoint comparison, not configuration comparison" in text.lower()
        assert "significant" not in text
        assert "they differ" not in text


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


def test_a_single_configuration_is_scored_without_contrasts(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills={"attnTrue_lossbce": 2.0})
    report, _ = texts(folder)
    assert report.startswith(f"# Report of {tmp_path.name}\n\n## The answer\n\nChosen on valid")
    for absent in ("## All pairs", "onfigurations", "per_class_contrasts", "| configuration"):
        assert absent not in report.split("## How it was")[0]
    assert "| attnTrue_lossbce - logistic regression | macro AP |" in report


def test_pictures_are_named_after_what_is_resampled() -> None:
    y_true = np.eye(3, dtype=np.bool_)[np.arange(36) % 3]
    scores = {"a": y_true * 0.5, "b": y_true * 0.25}
    drawn = {name: Path() for name in ("densities_macro_ap", "per_genre_scores")}
    by_artist = markdown_report(compare(y_true, scores, artist=np.arange(36), config=QUICK), drawn)
    assert "distribution of macro AP over artists](pictures/densities_macro_ap.png)" in by_artist
    assert "with intervals over artists](pictures/per_genre_scores.png)" in by_artist
    by_track = markdown_report(compare(y_true, scores, config=QUICK), drawn)
    assert "distribution of macro AP over tracks](pictures/densities_macro_ap.png)" in by_track
    assert "with intervals over tracks](pictures/per_genre_scores.png)" in by_track


def test_what_was_not_drawn_or_decided_is_not_shown() -> None:
    y_true = np.eye(3, dtype=np.bool_)[np.arange(36) % 3]
    text = markdown_report(compare(y_true, {"only": y_true * 0.5}, config=QUICK), {})
    assert "](pictures/" not in text
    assert "## All pairs" not in text
    assert "## Scores per window" not in text
    assert "The only model is only, with a test macro AP of 1.000 (" in text
    assert "TP / FP / FN" not in text
    assert "| genre | tracks | AP | AUC |" in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
