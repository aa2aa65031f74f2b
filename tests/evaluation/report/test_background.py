"""The last pages: trainings, data, method, settings."""

from dataclasses import replace
from pathlib import Path

from genre.evaluation.comparison import Comparison, analyse
from genre.evaluation.inputs import (
    RecordedRun,
    RunFolder,
    RunPlace,
    RunRecord,
    load_experiment,
)
from genre.evaluation.inputs.records import Description, QuarantinedFile, SplitFacts
from genre.evaluation.report.background import (
    common_settings,
    data_section,
    runs_section,
    settings_section,
)
from genre.evaluation.report.document import markdown_report
from tests.report_examples import QUICK, texts, written
from tests.synthetic_experiment import SKILLS, write_experiment


def test_the_report_names_what_was_left_out(reported: tuple[Path, str]) -> None:
    text = written(reported[0])
    assert "Genre dropped: polka (2 artists, at least 3 are needed)." in text
    assert "Tracks dropped with their genres: 4." in text
    assert "Files in quarantine: 2" in text
    assert "Warning: one artist has more than half of the tracks of blues" in text
    assert "invalid: p depends on B" in text


def test_folds_are_reported_together(tmp_path: Path) -> None:
    two = dict(list(SKILLS.items())[:2])
    folder = write_experiment(tmp_path, skills=two, n_folds=2, n_artists=7)
    report, _ = texts(folder)
    assert "42 tracks of 14 artists" in report
    assert "Split of fold 1 by artist" in report


def test_settings_are_told_apart_from_what_differs(tmp_path: Path) -> None:
    shared = {"training": {"epochs": 3, "augment": {"gain_db": 6.0}}}
    records = tuple(
        RecordedRun(
            place=RunPlace(configuration=name, seed=0),
            folder=RunFolder(tmp_path / name),
            record=RunRecord(
                config={**shared, "loss": loss},
                commit="abc",
                versions={"torch": "2"},
                best_epoch=2,
                n_epochs=3,
                metrics={"val": {"macro_ap": 0.5}, "test": {"macro_ap": None}},
            ),
        )
        for name, loss in (("a", "bce"), ("b", "focal"))
    )
    assert common_settings([one.record for one in records]) == {
        "training.epochs": 3,
        "training.augment.gain_db": 6.0,
    }
    experiment = load_experiment(write_experiment(tmp_path / "e", seeds=(0,), n_windows=1))
    found = analyse(replace(experiment, records=records), QUICK)

    text = markdown_report(found, {})
    assert "| loss | bce | focal |" in text
    assert "training.augment.gain_db = 6.0" in text
    assert "Commit: abc." in text
    assert "Versions: torch 2." in text
    assert "| a/seed0 | 2 of 3 | 0.500 | - | - | - | - | - |" in text
    assert f"genre compare {tmp_path / 'e'} --n-replicates 200" in text


def test_the_report_says_where_artists_are_known_from_and_which_fold_tested_them(
    small_comparison: Comparison,
) -> None:
    known = Description(
        data="music",
        artists="3 known artists, from tags (5 tracks)",
        folds="3 folds: each of the 3 artists tested once, on its own",
    )
    found = replace(
        small_comparison, experiment=replace(small_comparison.experiment, description=known)
    )
    text = "\n".join(data_section(found))
    assert "Artists: 3 known artists, from tags (5 tracks)." in text
    assert "Tested in 3 folds: each of the 3 artists tested once, on its own." in text


def test_what_an_old_description_does_not_say_is_a_question_mark(
    small_comparison: Comparison,
) -> None:
    known = Description(
        data="music",
        splits=(SplitFacts(fold=2, n_train=5),),
        n_quarantined=1,
        quarantined=(QuarantinedFile(path="a_*b*.mp3"),),
        dropped_genres={"*polka*": "2 artists"},
    )
    found = replace(
        small_comparison, experiment=replace(small_comparison.experiment, description=known)
    )
    text = "\n".join(data_section(found))
    assert "Data: music, ? tracks." in text
    assert "Artists:" not in text
    assert "Split of fold 2 by ?: 5 / ? / ? tracks to train, validate and test; hash ?." in text
    assert r"In quarantine: a\_\*b\*.mp3: ?" in text
    assert r"Genre dropped: \*polka\* (2 artists)." in text
    assert "seed 0's parts" not in text


def test_only_so_many_files_and_runs_are_listed(small_comparison: Comparison) -> None:
    experiment = small_comparison.experiment
    files = tuple(QuarantinedFile(path=f"{k}.mp3", message="empty") for k in range(23))
    known = Description(n_quarantined=23, quarantined=files)
    many = experiment.records[:1] * 103
    found = replace(
        small_comparison, experiment=replace(experiment, description=known, records=many)
    )
    data, runs = ("\n".join(part) for part in (data_section(found), runs_section(found, ["![c]"])))
    assert data.count("In quarantine: ") == 20
    assert "… and 3 more." in data
    assert runs.count("| attn") == 100
    assert "… and 3 more." in runs
    assert "![c]" in runs


def test_scores_alone_have_neither_trainings_nor_settings(small_comparison: Comparison) -> None:
    alone = replace(small_comparison, experiment=replace(small_comparison.experiment, records=()))
    assert runs_section(alone, []) == settings_section(alone) == []
