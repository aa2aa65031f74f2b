"""From bundles of every kind to ONNX: genre.tagging.onnx_export.exporting."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.config import to_mapping
from genre.errors import BundleError, MissingPackageError
from genre.inference import Bundle, ScoreRule, Standardisation
from genre.models import ShortChunkCNNConfig, SpectrogramCNNConfig, build_network, with_network
from genre.tagging.onnx_export import excerpts, largest_difference, to_onnx
from tests.sounds import changing_sound


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "config", "changes"),
    [
        ("spectrogram_cnn", SpectrogramCNNConfig(channels=(4, 8, 8)), {}),
        # bands that are no multiple of what the pooling keeps apart
        ("spectrogram_cnn", SpectrogramCNNConfig(channels=(4, 8), bands=5), {}),
        ("spectrogram_cnn", SpectrogramCNNConfig(channels=(4, 8), pooling="mean", hidden=8), {}),
        ("short_chunk_cnn", ShortChunkCNNConfig(channels=(4, 8), hidden=8), {}),
        (
            "spectrogram_cnn",
            SpectrogramCNNConfig(channels=(4, 8)),
            {
                "windows": WindowConfig(window_seconds=2.5, step_seconds=0.7, min_tail_seconds=0.2),
                "rule": ScoreRule(window_temperature=0.16),
            },
        ),
        (
            "spectrogram_cnn",
            SpectrogramCNNConfig(channels=(4, 8)),
            {
                "front_end": FrontEndConfig(
                    mel=MelConfig(n_fft=1000, hop_length=441, n_mels=48, f_min=30.0, f_max=9000.0)
                ),
                "standardisation": Standardisation(mean=(-40.0,) * 48, deviation=(9.0,) * 48),
            },
        ),
    ],
)
def test_every_kind_of_bundle(
    bundle: Bundle, name: str, config: object, changes: dict[str, Any]
) -> None:
    pytest.importorskip("onnx")
    torch.manual_seed(1)
    mapping = to_mapping(config)
    network = build_network(name, mapping, n_labels=3).eval()
    for module in network.modules():  # as training leaves them
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
    plain = replace(bundle, model_name=name, model_config=mapping, **changes)
    other = with_network(plain, network)
    sounds = excerpts(changing_sound(22050 * 13), 22050, [0.1, 1.0, 4.0, 5.2, 8.0])
    assert largest_difference(to_onnx(other), other, sounds) < 1e-4


def test_another_form_of_the_network_is_used_and_the_bundle_s_own_is_named(
    bundle: Bundle, model: bytes
) -> None:
    onnx = pytest.importorskip("onnx")
    network = onnx.load_from_string(bundle.network_onnx)
    (bias,) = (one for one in network.graph.initializer if one.name.endswith("head.3.bias"))
    bias.CopyFrom(onnx.numpy_helper.from_array(np.full(3, 9.0, np.float32), bias.name))
    other = network.SerializeToString()
    written = to_onnx(bundle, network=other, notes={"int8": "yes"})
    sounds = [changing_sound(22050 * 5)]
    assert largest_difference(written, replace(bundle, network_onnx=other), sounds) < 1e-4
    with pytest.raises(BundleError, match="must score as the bundle does"):
        largest_difference(written, bundle, sounds)
    assert metadata(written) == metadata(model) | {"int8": "yes"}


def metadata(model: bytes) -> dict[str, str]:
    import onnx

    return {entry.key: entry.value for entry in onnx.load_from_string(model).metadata_props}


def test_a_bundle_of_an_older_version_says_what_makes_it_new(bundle: Bundle) -> None:
    pytest.importorskip("onnx")
    with pytest.raises(BundleError, match="genre export BUNDLE --upgrade"):
        to_onnx(replace(bundle, network_onnx=None))


def test_no_torch_is_needed() -> None:
    pytest.importorskip("onnx")
    code = (
        "import sys; sys.modules['torch'] = None; from genre.tagging.onnx_export import quantised, "
        "to_onnx; from genre.tagging.onnx_export import graph"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_onnx_it_says_what_to_install(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingPackageError, match=r"onnx must be installed: .*'\.\[train\]'"):
        to_onnx(bundle)
