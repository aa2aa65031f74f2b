"""What a run is, and how its folder tells whether it is finished."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from genre.dataset.corpus import Corpus
from genre.evaluation.inputs import RunRecord
from genre.experiment.run import Run
from genre.training.config import TrainingConfig
from tests.run_examples import CONFIG, make_run
from tests.synthetic import corpus, split_of


def test_the_identity_depends_on_everything_that_matters(tmp_path: Path) -> None:
    data, run = corpus(n_artists=4), make_run(tmp_path)
    split = split_of(data)
    other = [
        make_run(tmp_path, seed=1).identity(data, split),
        replace(run, config=replace(CONFIG, loss="focal")).identity(data, split),
        run.identity(data, replace(split, train=split.train[1:])),
        run.identity(replace(data, tracks=data.tracks[1:]), split),
    ]
    assert run.identity(data, split) not in other
    assert len(set(other)) == 4
    # where it lies and what was typed do not matter
    assert replace(run, folder=Path("x"), command="y").identity(data, split) == run.identity(
        data, split
    )


def test_a_limit_that_no_track_reaches_changes_nothing(tmp_path: Path) -> None:
    run = make_run(tmp_path)

    def identity(n_frames: int, most: int) -> str:
        data = corpus(n_artists=4, n_frames=n_frames)
        training = replace(TrainingConfig(epochs=2), windows_per_track=most)
        config = replace(CONFIG, training=training)
        return replace(run, config=config).identity(data, split_of(data))

    # 401 frames are three windows.
    assert identity(401, 16) == identity(401, 3) == identity(401, 0) != identity(401, 2)
    assert identity(4001, 16) != identity(4001, 0)


@pytest.mark.parametrize(
    "name", ["record.json", "scores.npz", "bundle/model.json", "bundle/model.safetensors"]
)
def test_a_run_with_a_broken_part_is_not_finished(
    finished: tuple[Run, Corpus, RunRecord], tmp_path: Path, name: str
) -> None:
    run = replace(finished[0], folder=tmp_path / "copy")
    shutil.copytree(finished[0].folder, run.folder)
    assert run.record() == finished[2]
    path = run.folder / name
    path.write_bytes(path.read_bytes()[:-9])
    assert run.record() is None
    path.unlink()
    assert run.record() is None


def test_a_record_must_say_what_it_is_of(
    finished: tuple[Run, Corpus, RunRecord], tmp_path: Path
) -> None:
    run = replace(finished[0], folder=tmp_path / "copy")
    shutil.copytree(finished[0].folder, run.folder)
    for text in ("[]", '{"finished": false, "identity": "x"}', '{"finished": true}'):
        (run.folder / "record.json").write_text(text)
        assert run.record() is None


def test_a_record_of_another_version_is_still_one(
    finished: tuple[Run, Corpus, RunRecord], tmp_path: Path
) -> None:
    run, _, record = finished
    copy = replace(run, folder=tmp_path / "copy")
    shutil.copytree(run.folder, copy.folder)
    content = {"finished": True, "identity": "x", "metrics": {}, "newer": 1}
    copy.files.record.write_text(json.dumps(content))
    assert copy.record() == RunRecord(finished=True, identity="x", other={"newer": 1})
    copy.files.record.write_text(json.dumps(content | {"seed": "many"}))
    assert copy.record() is None
    assert record.to_json() == json.loads(run.files.record.read_text())
