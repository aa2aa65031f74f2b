"""From a trained folder over a review to the next training: same parts, new labels, one report."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.dataset import open_folder
from genre.dataset.splits import load_split
from genre.evaluation.inputs import ExperimentFolder, load_experiment
from genre.evaluation.report import compare_experiment
from genre.execution import ExecutionConfig
from genre.grid import run_grid
from genre.review import LabelBook
from genre.review.answers import Answer
from genre.review.complete import complete_table, load_splits
from genre.review.judged import load_judged
from genre.review.session import Session
from tests.browser import write_noise
from tests.tiny_grid import tiny

pytestmark = pytest.mark.extras


def make_folder(root: Path) -> Path:
    for number in range(16):
        genre = ("jazz", "rock")[number % 2]
        path = root / genre / f"Artist {number} - Song.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_noise(path, 4.0, seed=number)
    return root


def test_the_same_command_trains_again_on_the_same_parts_and_reports_it(tmp_path: Path) -> None:
    root = make_folder(tmp_path / "music")
    config = replace(tiny(root, tmp_path / "exp"), configs=("attnFalse_lossbce",), seeds=1)
    run_grid(config, progress=False)
    folder = ExperimentFolder(config.folder)
    before = load_split(folder.split(None))
    (record,) = load_experiment(config.folder).records
    music = open_folder(
        root, cache=config.cache, execution=ExecutionConfig(n_workers=1), progress=False
    )
    book = LabelBook(
        root,
        root / "labels.csv",
        first=lambda: complete_table(music.found, load_splits(folder)),
    )
    session = Session(music=music, judged=load_judged(config.folder), book=book, who="me")
    # who trained on a track does not judge it
    assert set(session.queue().not_judged) == set(before.train)
    session.make_table()
    track = next(t for t in session.tracks() if t.track_id in before.test)
    other = "rock" if track.genres == ("jazz",) else "jazz"
    session.answer(
        Answer(
            key=session.key_of(track.file),
            action="change",
            before=track.genres,
            label=track.genres[0],
            genre=other,
        )
    )
    assert run_grid(config, progress=False).n_trained == 1
    assert load_split(folder.split(None)).hash == before.hash
    (again,) = load_experiment(config.folder).records
    assert again.record.data_hash != record.record.data_hash
    compare_experiment(config.folder)
    report = folder.report.read_text()
    assert "## What correcting the labels did" in report
    row = next(line for line in report.splitlines() if line.startswith("| attnFalse_lossbce | "
               f"{len(before.test)} | 1 |"))  # fmt: skip
    assert row
