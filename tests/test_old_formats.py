"""What earlier versions wrote still opens: bundles of formats 1 to 3, a cache, an experiment.

`written_before.zip` was written by the versions of its time (format 1 before there were
temperatures, format 2 before there was a score rule), with the scores that each computed itself.
"""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.dataset.features import FeatureStore
from genre.dataset.layouts import scan
from genre.evaluation.report import compare_experiment
from genre.grid import GridConfig, run_grid
from genre.inference.bundle import load_bundle
from genre.inference.scoring import window_logits
from genre.models import TorchNetwork, load_network
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.training.config import TrainingConfig
from tests.old_tracks import write_old_tracks

ARCHIVE = Path(__file__).parent / "written_before.zip"
FRONT_END = FrontEndConfig(mel=MelConfig(n_mels=16))
CONFIGS = ("attnTrue_lossbce", "attnFalse_lossfocal")


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Unpack what was written, beside the tracks that it was learned from."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    write_old_tracks(tmp_path / "data" / "old")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def grid(old: Path) -> GridConfig:
    return GridConfig(
        data=old / "data" / "old",
        out=old / "experiment",
        cache=old / "cache",
        seeds=1,
        parallel_runs=1,
        configs=CONFIGS,
        device="cpu",
        model=SpectrogramCNNConfig(channels=(2, 2), hidden=2),
        training=TrainingConfig(epochs=1, batch_size=4),
        front_end=FRONT_END,
    )


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_bundle_scores_as_it_did(old: Path, number: int) -> None:
    folder = old / f"bundle_format{number}"
    assert json.loads((folder / "model.json").read_text(encoding="utf-8"))["format"] == number
    bundle = load_bundle(folder)
    assert bundle.genres == ("a", "b", "c")
    assert bundle.thresholds == (0.25, 0.5, 0.75)
    network = TorchNetwork(load_network(bundle, folder), bundle.standardisation)
    mel = (np.arange(500 * 16).reshape(500, 16) * 7 % 61 - 60).astype(np.float16)
    scores = bundle.rule.track_scores(window_logits(network, [mel], bundle.windowing))[0]
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["scores"]
    # float32 sums in another order on another processor
    np.testing.assert_allclose(scores, expected, rtol=1e-5)


def test_a_cache_is_used(old: Path) -> None:
    tracks = scan(old / "data" / "old").tracks
    report = FeatureStore(old / "cache", FRONT_END).fill(tracks)
    assert (report.n_new, report.n_cached) == (0, 10)


def test_finished_runs_are_kept(old: Path) -> None:
    summary = run_grid(grid(old), progress=False)
    assert (summary.n_trained, summary.n_kept) == (0, 2)
    assert not (old / "experiment" / "outdated").exists()
    load_bundle(old / "experiment" / "best")


def test_other_options_are_still_told_apart(old: Path) -> None:
    changed = replace(grid(old), training=TrainingConfig(epochs=1, batch_size=5))
    summary = run_grid(changed, progress=False)
    assert (summary.n_trained, summary.n_kept) == (2, 0)
    assert (old / "experiment" / "outdated").is_dir()


@pytest.mark.usefixtures("sketched")
def test_an_experiment_is_compared_to_the_same_figures(old: Path) -> None:
    folder = old / "experiment"
    before = {
        name: pd.read_csv(folder / name)
        for name in ("comparison.csv", "scores.csv", "per_class.csv")
    }
    compare_experiment(folder)
    for name, table in before.items():
        # the same sums, in whatever order a processor takes them
        now = pd.read_csv(folder / name)
        if "family" in now:  # then nobody asked how network and baseline stand
            now = now[now["family"] != "baseline"].reset_index(drop=True)
        pd.testing.assert_frame_equal(now, table, rtol=1e-9)
