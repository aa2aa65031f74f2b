"""Frozen networks from the folder to the tagger: genre.grid.frozen, genre.experiment.frozen."""

import json
import logging
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.addresses import here
from genre.audio.frontend import extract
from genre.dataset.layouts import scan
from genre.errors import BundleError, ConfigError
from genre.evaluation.report import compare_experiment
from genre.evaluation.scores import load_scores
from genre.execution import ExecutionConfig
from genre.grid import GridConfig, configure, run_grid
from genre.grid.frozen import backbone_of, check_backbone, embedding_stores, invitation
from genre.grid.names import DEFAULT_CONFIGS
from genre.grid.rehearsal import rehearse
from genre.inference.bundle import load_bundle
from genre.inference.writing import write_bundle
from genre.loading import load_tagger
from genre.models import load_network
from genre.tagging.onnx_export import to_onnx
from tests.networks import level
from tests.pretrained_examples import N_FRAMES, N_MELS, small_backbone
from tests.tiny_grid import tiny

NAME, OTHER = "frozen_ears_lossbce", "attnTrue_lossbce"


def shelf_with(folder: Path, *names: str) -> Path:
    for name in names:
        write_bundle(small_backbone(), folder / name)
    return folder


@pytest.fixture(scope="module")
def grid(sample_cut: Path, tmp_path_factory: pytest.TempPathFactory) -> GridConfig:
    folder = tmp_path_factory.mktemp("frozen")
    shelf = shelf_with(folder / "backbones", "ears")
    (shelf / "ears" / "LICENSE.txt").write_text("Do as you like.\n")
    config = replace(
        tiny(sample_cut, folder / "results"),
        configs=(NAME, OTHER),
        seeds=1,
        backbones=shelf,
        execution=ExecutionConfig(n_workers=1),
    )
    assert run_grid(config, command="genre train", progress=False).n_trained == 2
    return config


def run_folder(grid: GridConfig) -> Path:
    return grid.folder / NAME / "seed0"


def test_a_run_leaves_what_every_run_leaves(grid: GridConfig) -> None:
    folder = run_folder(grid)
    there = {path.name for path in folder.iterdir()}
    of_another = {path.name for path in (grid.folder / OTHER / "seed0").iterdir()}
    assert there == of_another
    assert {path.name for path in (folder / "bundle").iterdir()} == {
        *("LICENSE.txt", "model.json", "network.onnx")
    }
    record = json.loads((folder / "record.json").read_text())
    assert record["config"]["model"]["backbone"] == "ears"
    assert record["config"]["front_end"]["mel"]["mel_scale"] == "htk"  # what the network hears
    assert (record["device"], record["precision"]) == ("cpu", "float32")
    assert 0 <= record["onnx_difference"] <= 1e-4
    history = pd.read_csv(folder / "history.csv")
    assert history["weight_decay"].tolist() == list(grid.head.frozen_weight_decays)
    assert record["n_epochs"] == len(history)


def test_the_bundle_is_whole_and_names_whose_it_is(grid: GridConfig) -> None:
    folder = run_folder(grid) / "bundle"
    bundle = load_bundle(folder)
    assert [one.name for one in bundle.backbones] == ["ears"]
    note = json.loads((folder / "model.json").read_text())["licence_note"]
    assert "CC BY 4.0; Somebody (2020)" in note
    assert "learned from the audio" in note
    assert bundle.n_parameters == 2 * 3  # a weight and a bias for each genre
    with pytest.raises(BundleError, match="has no form for torch: it is, or stands on, ears"):
        load_network(bundle, folder)


def test_the_tagger_scores_as_the_run_did(grid: GridConfig) -> None:
    scores, tagger = (
        load_scores(run_folder(grid) / "scores.npz"),
        load_tagger(run_folder(grid) / "bundle"),
    )
    for track_id, row in zip(scores.test.track_id, scores.test.y_score, strict=True):
        found = tagger.tag(grid.data / str(track_id)).scores
        # the whole network here, the head on stored embeddings there
        np.testing.assert_allclose([found[genre] for genre in scores.genres], row, atol=1e-4)


def test_the_scores_rest_on_the_embeddings_of_the_sound(grid: GridConfig) -> None:
    bundle = load_bundle(run_folder(grid) / "bundle")
    mel = extract(here(next(iter(scan(grid.data).tracks)).path), bundle.front_end).mel
    levels = [window.mean() for window in bundle.windowing.views(mel)]
    rows = bundle.network(n_threads=1).embed(mel)
    np.testing.assert_allclose(rows[:, 0], np.array(levels, dtype=np.float32), atol=2e-3)


def test_the_licence_goes_wherever_the_network_goes(grid: GridConfig) -> None:
    for folder in (run_folder(grid) / "bundle", grid.folder / "best"):
        bundle = load_bundle(folder)
        expected = "Do as you like.\n" if bundle.backbones else ""
        assert bundle.licence_text == expected
        assert (folder / "LICENSE.txt").is_file() == bool(bundle.backbones)
    assert load_bundle(run_folder(grid) / "bundle").backbones


@pytest.mark.usefixtures("sketched")
def test_the_report_compares_it_and_says_what_nobody_can_check(grid: GridConfig) -> None:
    compared = compare_experiment(grid.folder)
    table = compared.contrasts
    assert set(table["family"]) == {"pairs", "baseline"}  # their windows are not the same
    assert set(table[table["family"] == "pairs"]["contrast"]) == {f"{NAME} - {OTHER}"}
    text = (grid.folder / "REPORT.md").read_text()
    assert "Pre-trained by others (ears): such a network may have heard test artists" in text
    assert f"Windows of other lengths than those of the rest: {NAME}" in text


def test_a_finished_run_is_kept_and_embeddings_are_computed_once(
    grid: GridConfig, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert run_grid(grid, progress=False).n_trained == 0
    assert f"embeddings: 0 new, {len(scan(grid.data).tracks)} cached" in caplog.text


def test_the_same_seed_gives_the_same_network(grid: GridConfig, tmp_path: Path) -> None:
    again = replace(grid, out=tmp_path / "results", configs=(NAME,))
    run_grid(again, progress=False)
    files = [folder / "bundle" / "network.onnx" for folder in map(run_folder, (grid, again))]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.usefixtures("sketched")
def test_folds_seeds_and_a_hidden_layer(grid: GridConfig, tmp_path: Path) -> None:
    config = replace(
        grid,
        out=tmp_path / "results",
        configs=(NAME,),
        seeds=2,
        folds="all",
        split=replace(grid.split, by="track"),
        head=replace(grid.head, frozen_hidden=4),
    )
    summary = run_grid(config, progress=False)
    assert summary.n_trained == 2 * 5
    assert (summary.folder / "best" / "network.onnx").is_file()
    bundle = load_bundle(next(summary.folder.glob(f"{NAME}/seed0/fold*/bundle")))
    assert (bundle.model_config["hidden"], bundle.n_parameters) == (4, 4 + 4 + 3 * 4 + 3)
    assert "frozen_ears" in compare_experiment(summary.folder).scores.to_csv()


def test_another_network_of_the_same_name_is_another_run(grid: GridConfig, tmp_path: Path) -> None:
    other = level(n_mels=N_MELS, n_frames=N_FRAMES, n_labels=0)
    shelf = tmp_path / "backbones"
    write_bundle(replace(small_backbone(()), network_onnx=other), shelf / "ears")
    config = replace(grid, out=tmp_path / "results", backbones=shelf, configs=(NAME,))
    shutil.copytree(grid.folder, config.folder)
    assert run_grid(config, progress=False).n_trained == 1
    assert list((config.folder / "outdated").iterdir())


@pytest.mark.usefixtures("sketched")
def test_several_networks_hear_as_one(grid: GridConfig, tmp_path: Path) -> None:
    name = "frozen_ears+nose_lossbce"
    shelf = shelf_with(tmp_path / "backbones", "ears", "nose")
    config = replace(grid, out=tmp_path / "results", backbones=shelf, configs=(name,))
    assert run_grid(config, progress=False).n_trained == 1
    folder = config.folder / name / "seed0"
    scores, tagger = load_scores(folder / "scores.npz"), load_tagger(folder / "bundle")
    assert tagger.bundle.genres == scores.genres
    for track_id, row in zip(scores.test.track_id, scores.test.y_score, strict=True):
        found = tagger.tag(grid.data / str(track_id)).scores
        np.testing.assert_allclose([found[genre] for genre in scores.genres], row, atol=1e-4)
    with pytest.raises(BundleError, match="must hear one spectrogram to be exported"):
        to_onnx(tagger.bundle)
    compare_experiment(config.folder)
    report = (config.folder / "REPORT.md").read_text()
    assert "Pre-trained by others (ears, nose): such a network" in report
    # Without one of them the bundle is whole, and the grid says what is missing.
    shutil.rmtree(shelf / "nose")
    load_tagger(config.folder / "best")
    with pytest.raises(ConfigError, match="has ears; genre backbone add nose"):
        replace(config, seeds=2)


def test_where_the_network_is_gone_its_runs_stay_and_do_not_win(
    grid: GridConfig, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(grid.folder, tmp_path / "results")
    config = replace(grid, out=tmp_path / "results", backbones=tmp_path / "none", configs=(OTHER,))
    summary = run_grid(config, progress=False)
    assert summary.n_trained == 0
    assert summary.best in (f"{OTHER}/seed0", "baselines")  # the logistic regression
    assert "genre backbone add ears brings it back" in caplog.text
    load_tagger(tmp_path / "results" / NAME / "seed0" / "bundle")  # it is whole
    with pytest.raises(ConfigError, match=r"none has none; genre backbone add ears"):
        replace(config, configs=(NAME,))


def test_names() -> None:
    assert backbone_of("frozen_my-ears_lossfocal") == "my-ears"
    for name in ("frozen_ears", "attnTrue_lossbce", "frozen_ears_lossother", "frozen__lossbce"):
        assert backbone_of(name) == ""


def test_what_is_there_is_said(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path / "backbones", "ears", "nose")
    check_backbone("frozen_ears_lossbce", shelf)
    with pytest.raises(ConfigError, match=r"has ears, nose; genre backbone add eyes"):
        GridConfig(configs=("frozen_eyes_lossbce",), backbones=shelf)
    check_backbone("frozen_ears+nose_lossbce", shelf)
    with pytest.raises(ConfigError, match=r"has ears, nose; genre backbone add eyes"):
        GridConfig(configs=("frozen_ears+eyes_lossbce",), backbones=shelf)
    with pytest.raises(ConfigError, match="must be one of: attnTrue_lossbce"):
        GridConfig(configs=("frozen_ears",), backbones=shelf)
    assert "frozen_ears_lossbce frozen_nose_lossbce" in invitation(shelf)
    assert invitation(tmp_path / "nothing") == ""
    everything = configure(configs=("all",), backbones=shelf).configs
    assert everything == (*DEFAULT_CONFIGS, "frozen_ears_lossbce", "frozen_nose_lossbce")
    assert configure(configs=("all",), backbones=tmp_path / "nothing").configs == DEFAULT_CONFIGS


def test_options_reach_the_head_and_those_of_training_do_not(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path / "backbones", "ears")
    config = configure(configs=("frozen_ears_lossasl",), backbones=shelf, frozen_hidden=7, epochs=3)
    run = config.run_config("frozen_ears_lossasl")
    assert run.loss == "asl"
    assert run.windows == small_backbone().windows
    assert run == replace(config, training=GridConfig().training).run_config("frozen_ears_lossasl")
    assert run.training == config.head
    assert config.head.frozen_hidden == 7


def test_each_network_hears_once(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path / "backbones", "ears")
    names = (OTHER, "frozen_ears_lossbce", "frozen_ears_lossfocal")
    assert len(embedding_stores(names, backbones=shelf, cache=tmp_path)) == 1


def test_a_network_that_takes_no_head_is_found_before_anything_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shelf_with(tmp_path / "backbones", "ears")
    config = GridConfig(configs=(NAME,), backbones=shelf)
    rehearse(config)

    def refuse(*_: object) -> bytes:
        raise BundleError("no head")

    monkeypatch.setattr("genre.grid.frozen.whole_network", refuse)
    with pytest.raises(ConfigError, match=f"configs='{NAME}' must be of use once trained: no head"):
        rehearse(config)
