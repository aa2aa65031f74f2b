"""Training on windows that were kept in the place of whole spectrograms: genre.grid."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from genre.audio.windows import WindowConfig
from genre.dataset.collection import open_folder
from genre.errors import ConfigError
from genre.evaluation.inputs import ExperimentFolder
from genre.evaluation.scores import load_scores
from genre.experiment.training import make_trainer
from genre.grid import GridConfig, run_grid
from genre.grid.preparation import prepare
from genre.grid.runs import expand
from genre.inference.bundle import load_bundle
from tests.tiny_grid import CONFIGS, tiny

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def grid(sample_cut: Path, tmp_path_factory: pytest.TempPathFactory) -> GridConfig:
    folder = tmp_path_factory.mktemp("kept_windows")
    # Tracks of 10 s, of which two windows of 4 s are kept.
    return replace(tiny(sample_cut, folder / "results"), configs=CONFIGS[:1], kept_windows=2)


def test_no_window_lies_across_two_that_were_kept(grid: GridConfig) -> None:
    prepared = prepare(grid, device=CPU, progress=False)
    corpus, split = prepared.corpus, prepared.splits[0]
    assert set(corpus.features.lengths) == {2 * 200}
    run = grid.run_config(CONFIGS[0])
    trainer = make_trainer(run, grid.training, corpus, split, seed=0, device=CPU)
    assert set(trainer.pool.start % 200) == {0}
    assert len(trainer.pool.start) == 2 * len(split.train)
    assert not trainer.windowing.starts_seconds(2 * 200)[2:].size
    # and none starts anywhere else, as windows of whole tracks do
    assert grid.training.augment.random_starts
    assert not run.training.augment.random_starts  # type: ignore[union-attr]


def test_a_grid_is_trained_and_says_so(grid: GridConfig, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="genre"):
        summary = run_grid(replace(grid, seeds=1), progress=False)
    assert summary.n_trained == 1
    assert "of every track longer than 2 windows, 2 were kept, evenly spread" in caplog.text
    told = ExperimentFolder(grid.folder).read_description().warnings
    assert [words for words in told if "genre tag hears whole tracks" in words]
    folder = grid.folder / CONFIGS[0] / "seed0"
    assert json.loads((folder / "record.json").read_text())["config"]["kept_windows"] == 2
    scores = load_scores(folder / "scores.npz")
    assert set(np.bincount(scores.test.window_track)) == {2}
    # the model hears whole tracks, at the usual step
    bundle = load_bundle(folder / "bundle")
    assert bundle.windows == WindowConfig()
    assert bundle.front_end == grid.front_end
    assert run_grid(replace(grid, seeds=1), progress=False).n_trained == 0


def test_a_run_on_windows_is_another_run(grid: GridConfig, tmp_path: Path) -> None:
    names = set()
    for kept in (0, 1, 2):
        config = replace(grid, kept_windows=kept, out=tmp_path / str(kept))
        prepared = prepare(config, device=CPU, progress=False)
        run, split = expand(config, prepared.corpus, prepared.splits)[0]
        names.add(run.identity(prepared.corpus, split))
    assert len(names) == 3


def test_what_makes_no_sense_with_it_is_refused(grid: GridConfig) -> None:
    with pytest.raises(ConfigError, match="step_seconds=1 must come without kept_windows=2"):
        replace(grid, windows=WindowConfig(step_seconds=1.0))
    replace(grid, windows=WindowConfig(step_seconds=4.0))
    replace(grid, windows=WindowConfig(step_seconds=1.0), kept_windows=0)
    with pytest.raises(ConfigError, match="kept_windows=-1 must be 0"):
        replace(grid, kept_windows=-1)
    music = open_folder(grid.data, cache=grid.cache, find_duplicates=False, progress=False)
    with pytest.raises(ConfigError, match="kept_windows=2 must come with the path of a folder"):
        run_grid(grid, music=music, progress=False)
