"""The folder of an experiment: names on disk, which runs and baselines are there, the newest."""

import os
from pathlib import Path

import pytest

from genre.errors import GenreError
from genre.evaluation.inputs.folder import (
    BASELINES,
    LOGISTIC,
    SVM,
    BaselinesFolder,
    ExperimentFolder,
    newest_experiment,
)
from genre.evaluation.inputs.records import Description
from genre.evaluation.inputs.run_folder import RunPlace


def test_the_names_on_disk_stay() -> None:
    folder, place = ExperimentFolder(Path("e")), RunPlace(configuration="a", seed=1, fold=0)
    paths = {
        "experiment.json": folder.description,
        "best": folder.best,
        "pictures": folder.pictures,
        "REPORT.md": folder.report,
        "report.html": folder.page,
        "comparison.json": folder.comparison,
        "comparison.csv": folder.table("comparison"),
        "quarantine.jsonl": folder.quarantine,
        "split.json": folder.split(None),
        "split_fold3.json": folder.split(3),
        "a/seed1/fold0": folder.run(place).path,
        "outdated/abc/a/seed1/fold0": folder.outdated(place, "abc").path,
        "baselines/scores.npz": folder.baselines.of(LOGISTIC).scores,
        "baselines/fold2": folder.run(RunPlace(configuration=LOGISTIC, seed=0, fold=2)).path,
        "baselines/svm/fold1/scores.npz": folder.baselines.of(SVM).of_fold(1).scores,
    }
    assert {name: Path("e") / name for name in paths} == paths


def places(folder: Path) -> set[str]:
    return {place.name for place in ExperimentFolder(folder).runs()}


def test_runs_are_found_and_nothing_else(tmp_path: Path) -> None:
    for name in (
        "a/seed0",  # empty: one that was just begun
        "b c/seed10/fold2",
        "b c/seed10/fold11",
        "best/seed0",
        "baselines/seed0",
        "pictures/seed0",
        "outdated/seed1",
        "outdated/abc/a/seed0",
        "a/seedling",
        "a/seed1x",
        "seed5",
    ):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "a" / "seed7").touch()
    assert places(tmp_path) == {"a/seed0", "b c/seed10/fold2", "b c/seed10/fold11"}


def test_a_run_that_holds_more_than_folds_is_one_itself(tmp_path: Path) -> None:
    (tmp_path / "a/seed0/fold1").mkdir(parents=True)
    assert places(tmp_path) == {"a/seed0/fold1"}
    (tmp_path / "a/seed0/state.safetensors").touch()
    assert places(tmp_path) == {"a/seed0", "a/seed0/fold1"}


def test_baselines_are_whatever_has_scores_the_known_ones_first(tmp_path: Path) -> None:
    folder = BaselinesFolder(tmp_path)
    assert folder.names() == []
    (tmp_path / "a_forest").mkdir()
    (tmp_path / "notes").mkdir()
    (tmp_path / "a_forest" / "scores.npz").touch()
    assert folder.names() == ["a_forest"]
    for name in (SVM, "fold0"):
        (tmp_path / name).mkdir()
    (tmp_path / SVM / "fold1").mkdir()
    (tmp_path / SVM / "fold1" / "scores.npz").touch()
    assert folder.names() == [SVM, "a_forest"]
    (tmp_path / "fold0" / "scores.npz").touch()  # a fold of the logistic regression
    assert folder.names() == [LOGISTIC, SVM, "a_forest"]
    assert list(BASELINES) == [LOGISTIC, SVM]


def test_divisions_are_found_whatever_their_folds(tmp_path: Path) -> None:
    folder = ExperimentFolder(tmp_path)
    for fold in (None, 0, 12):
        folder.split(fold).touch()
    (tmp_path / "splits.json").touch()
    assert set(folder.splits()) == {folder.split(fold) for fold in (None, 0, 12)}


def test_a_description_is_read_or_empty(tmp_path: Path) -> None:
    folder = ExperimentFolder(tmp_path)
    assert folder.read_description() == Description()
    folder.description.write_text('{"split_by": "track", "mine": 1}')
    assert folder.read_description() == Description(split_by="track", other={"mine": 1})
    folder.description.write_text('{"seeds": [0, "1"]}')
    with pytest.raises(GenreError, match=r"experiment\.json: seeds='1' must be of type int"):
        folder.read_description()


def test_the_newest_experiment_is_the_one_described_last(tmp_path: Path) -> None:
    assert newest_experiment(tmp_path) is None
    for name, time in (("new", 2000), ("old", 1000), ("undescribed", 3000)):
        folder = ExperimentFolder(tmp_path / name)
        folder.path.mkdir()
        if name != "undescribed":
            folder.description.touch()
            os.utime(folder.description, (time, time))
    assert newest_experiment(tmp_path) == ExperimentFolder(tmp_path / "new")
