"""The front door of training: genre.grid.trained, as `genre.train`."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import genre
from genre.dataset.music import Music
from genre.errors import ConfigError, DatasetError
from genre.grid import runs, trained
from genre.grid.trained import TrainedExperiment
from tests.old_tracks import write_old_tracks


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Music:
    root = tmp_path_factory.mktemp("front") / "tracks"
    write_old_tracks(root)
    return genre.open_folder(root, cache=root.parent / "cache", progress=False)


@pytest.fixture(scope="module")
def experiment(music: Music) -> TrainedExperiment:
    return genre.train(
        music,
        configs=["attnTrue_lossbce", "attnFalse_lossasl"],
        seeds=1,
        out=music.root.parent / "results",
        epochs=1,
        batch_size=4,
        channels=(2, 2),
        parallel_runs=1,
        progress=False,
    )


def test_what_was_trained_is_there_as_paths_and_tables(experiment: TrainedExperiment) -> None:
    assert experiment.report == experiment.folder / "report.html"
    assert experiment.report.is_file()
    assert set(experiment.scores["config"]) >= {"attnTrue_lossbce", "attnFalse_lossasl"}
    on_disk = pd.read_csv(experiment.folder / "comparison.csv")
    assert experiment.contrasts["contrast"].tolist() == on_disk["contrast"].tolist()
    assert set(experiment.per_class["genre"]) == {"high", "low"}


def test_the_options_reach_the_training(experiment: TrainedExperiment) -> None:
    record = json.loads(
        (experiment.folder / "attnFalse_lossasl" / "seed0" / "record.json").read_text()
    )
    assert record["config"]["model"]["channels"] == [2, 2]
    assert record["config"]["training"]["epochs"] == 1
    assert record["command"] == "genre.train"


def test_its_best_model_tags(experiment: TrainedExperiment, music: Music) -> None:
    tags = genre.load_tagger(experiment.best, device="cpu").tag(music.tracks[0].path)
    assert set(tags.scores) == {"high", "low"}


def test_a_folder_that_is_open_is_not_read_again(
    music: Music, experiment: TrainedExperiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("genre.grid.preparation.read_folder", refuse)
    monkeypatch.setattr("genre.grid.preparation.decode_tracks", refuse)
    monkeypatch.setattr(runs, "train_runs", lambda jobs, *_, **__: assert_empty(jobs))
    again = genre.train(
        music,
        configs=["attnTrue_lossbce", "attnFalse_lossasl"],
        seeds=1,
        out=experiment.folder,
        epochs=1,
        batch_size=4,
        channels=(2, 2),
        parallel_runs=1,
        progress=False,
    )
    pd.testing.assert_frame_equal(again.scores, experiment.scores)


def assert_empty(jobs: list[object]) -> None:
    assert jobs == []


def test_what_the_folder_has_settled_is_not_asked_again(music: Music) -> None:
    with pytest.raises(ConfigError, match=r"cache must be given to genre\.open_folder"):
        genre.train(music, cache=Path("elsewhere"))


def test_what_was_chosen_of_a_layout_is_in_the_options(
    music: Music, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked(Exception):
        """Carries the options."""

    def ask(config: object, **_others: object) -> None:
        raise Asked(config)

    monkeypatch.setattr(trained, "run_grid", ask)
    chosen = replace(music, found=replace(music.found, layout="fma", labels="fma:small"))
    with pytest.raises(Asked) as caught:
        genre.train(chosen)
    assert caught.value.args[0].labels == "fma:small"


def test_unknown_options_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"option='epoch' must be .* lists; did you mean epochs"):
        genre.train(tmp_path, epoch=3)
    with pytest.raises(DatasetError, match=r"data=.*nowhere must be an existing folder"):
        genre.train(tmp_path / "nowhere", out=tmp_path / "out", progress=False)
