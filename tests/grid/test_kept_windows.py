"""Training on windows that were kept in the place of whole spectrograms: genre.grid."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from genre.audio.windows import WindowConfig
from genre.dataset.collection import open_folder
from genre.errors import ConfigError
from genre.evaluation.scores import load_scores
from genre.experiment.training import make_trainer, train_run
from genre.grid import GridConfig, run_grid
from genre.grid.preparation import Prepared, prepare
from genre.grid.runs import expand
from genre.inference.bundle import load_bundle
from tests.tiny_grid import CONFIGS, tiny

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def grid(sample_cut: Path, tmp_path_factory: pytest.TempPathFactory) -> GridConfig:
    folder = tmp_path_factory.mktemp("kept_windows")
    # Tracks of 10 s, of which two windows of 4 s are kept.
    return replace(tiny(sample_cut, folder / "results"), configs=CONFIGS[:1], kept_windows=2)


@pytest.fixture(scope="module")
def prepared(grid: GridConfig) -> Prepared:
    return prepare(grid, device=CPU, progress=False)


def test_no_window_lies_across_two_that_were_kept(grid: GridConfig, prepared: Prepared) -> None:
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


def test_a_run_is_trained_on_them_and_its_model_hears_whole_tracks(
    grid: GridConfig, prepared: Prepared
) -> None:
    run, split = expand(grid, prepared.corpus, prepared.splits)[0]
    record = train_run(run, prepared.corpus, split, device=CPU)
    assert record.config["kept_windows"] == 2
    assert set(np.bincount(load_scores(run.files.scores).test.window_track)) == {2}
    bundle = load_bundle(run.files.bundle)
    assert bundle.windows == WindowConfig()
    assert bundle.front_end == grid.front_end
    # In the same folder, a run on whole tracks is another one.
    whole = replace(run, config=replace(run.config, kept_windows=0))
    assert whole.identity(prepared.corpus, split) != record.identity
    assert run.identity(prepared.corpus, split) == record.identity


def test_the_report_will_say_so(grid: GridConfig, prepared: Prepared, tmp_path: Path) -> None:
    wanted = "of every track longer than 2 windows, 2 were kept, evenly spread"
    said = [words for words in prepared.warnings if words.startswith(wanted)]
    assert len(said) == 1
    whole = replace(grid, kept_windows=0, out=tmp_path / "results")
    assert not set(said) & set(prepare(whole, device=CPU, progress=False).warnings)


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
