"""The files of one run: their names on disk, and what is read from them."""

from pathlib import Path

import pytest

from genre.errors import GenreError
from genre.evaluation.inputs.records import RunRecord
from genre.evaluation.inputs.run_folder import RunFolder, RunPlace, read_json


def test_a_place_has_a_name() -> None:
    assert RunPlace(configuration="a", seed=3).name == "a/seed3"
    assert RunPlace(configuration="a", seed=3, fold=1).name == "a/seed3/fold1"


def test_the_names_on_disk_stay() -> None:
    run = RunFolder(Path("r"))
    files = (run.record, run.scores, run.bundle, run.history, run.curves, run.classification_report)
    assert [path.relative_to("r").as_posix() for path in files] == [
        "record.json",
        "scores.npz",
        "bundle",
        "history.csv",
        "curves.png",
        "classification_report.txt",
    ]
    assert run.of_fold(None) == run
    assert run.of_fold(2).scores == Path("r/fold2/scores.npz")


def test_only_files_that_are_there_are_worth_opening(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert run.worth_opening() == {}
    run.record.touch()
    run.curves.touch()
    assert run.worth_opening() == {"curves": run.curves, "record": run.record}


def test_folds_are_found_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("fold10", "fold9", "fold", "folder1", "fold1x", "other"):
        (tmp_path / name).mkdir()
    assert RunFolder(tmp_path).folds() == [9, 10]


def test_a_record_is_read_where_there_is_one(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert run.read_record() is None
    run.record.write_text('{"finished": true, "seed": 4}')
    assert run.read_record() == RunRecord(finished=True, seed=4)
    run.record.write_text('{"seed": "four"}')
    with pytest.raises(GenreError, match=r"record\.json: seed='four' must be of type int"):
        run.read_record()


def test_a_history_is_a_table_of_numbers(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert folder.read_history() is None
    folder.history.write_text("epoch,val_loss\n1,0.5\n2,0.25\n")
    history = folder.read_history()
    assert history is not None
    assert history["val_loss"].tolist() == [0.5, 0.25]
    folder.history.write_text("epoch,val_loss\n1,many\n")
    with pytest.raises(GenreError, match=r"history\.csv must be a table of numbers"):
        folder.read_history()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{broken", "must be JSON, but cannot be read"),
        (b"\xff\xfe", "must be JSON, but cannot be read"),
        (b"[1]", "must hold a JSON object"),
        (b"null", "must hold a JSON object"),
    ],
)
def test_a_file_that_holds_no_object_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.json"
    assert read_json(path) is None
    path.write_bytes(content)
    with pytest.raises(GenreError, match=rf"x\.json {message}"):
        read_json(path)
