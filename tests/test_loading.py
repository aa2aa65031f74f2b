"""genre.loading: onnxruntime on the processor; torch for a GPU and for older bundles."""

import json
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre import loading
from genre.errors import BundleError, ConfigError, MissingPackageError
from genre.inference import ScoreRule
from genre.inference.network import OnnxNetwork
from genre.inference.writing import write_bundle as write_pretrained
from genre.loading import load_tagger
from genre.models.scoring import TorchNetwork
from tests.bundles import varying_bundle, write_bundle
from tests.pretrained_examples import small_backbone


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_bundle(varying_bundle(), tmp_path / "best")
    return tmp_path / "best"


@pytest.fixture
def old(folder: Path) -> Path:
    """Make of the bundle one that has no network as ONNX."""
    return as_old(folder)


def as_old(folder: Path) -> Path:
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 3}))
    (folder / "network.onnx").unlink()
    return folder


def without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        loading, "find_spec", lambda name: None if name == "torch" else find_spec(name)
    )


def test_the_processor_has_onnxruntime(folder: Path) -> None:
    tagger = load_tagger(folder)
    assert isinstance(tagger.network, OnnxNetwork)
    assert tagger.network.device == "cpu"


def test_what_the_best_must_score_reaches_either_engine(folder: Path, tmp_path: Path) -> None:
    which = replace(varying_bundle(), rule=ScoreRule(task="exclusive"))
    write_bundle(which, tmp_path / "which")
    tagger = load_tagger(tmp_path / "which", min_score=0.6)
    assert tagger.bundle.thresholds == (0.6, 0.6, 0.6)
    as_old(tmp_path / "which")
    assert load_tagger(tmp_path / "which", min_score=0.7).bundle.thresholds == (0.7, 0.7, 0.7)
    with pytest.raises(ConfigError, match=r"min_score=0\.6 must be left out"):
        load_tagger(folder, min_score=0.6)


def test_an_old_bundle_is_used_by_torch_and_gives_the_same(old: Path, tmp_path: Path) -> None:
    tagger = load_tagger(str(old))
    assert isinstance(tagger.network, TorchNetwork)
    assert tagger.bundle.n_parameters == varying_bundle().n_parameters
    song = tmp_path / "song.wav"
    soundfile.write(song, np.random.default_rng(0).uniform(-0.5, 0.5, 5 * 22_050), 22_050)
    write_bundle(varying_bundle(), tmp_path / "new")
    new = load_tagger(tmp_path / "new").tag(song).scores
    assert tagger.tag(song).scores == pytest.approx(dict(new), abs=1e-4)


def test_without_torch_auto_is_the_processor(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_torch(monkeypatch)
    assert isinstance(load_tagger(folder, device="auto").network, OnnxNetwork)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPackageError, match=r"torch must be installed: .*'\.\[train\]'"):
        load_tagger(folder, device="cuda")


def test_without_torch_an_old_bundle_says_what_to_do(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_torch(monkeypatch)
    for device in ("cpu", "auto"):
        with pytest.raises(BundleError, match=r"pip install '\.\[train\]'.*--upgrade adds it"):
            load_tagger(old, device=device)


def test_a_device_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(ConfigError, match="device='gpu9' must be"):
        load_tagger(folder, device="gpu9")


def test_auto_without_a_gpu_is_onnxruntime(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert isinstance(load_tagger(folder, device="auto").network, OnnxNetwork)


def test_a_pretrained_network_is_used_by_the_processor(tmp_path: Path) -> None:
    write_pretrained(small_backbone(), tmp_path / "ears")
    assert isinstance(load_tagger(tmp_path / "ears", device="auto").network, OnnxNetwork)
    with pytest.raises(ConfigError, match="device='cuda' must be cpu: the model has a pre-trained"):
        load_tagger(tmp_path / "ears", device="cuda")
