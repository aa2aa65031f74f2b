"""From bundles of every kind to ONNX: genre.tagging.onnx_export.exporting."""

import builtins
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.config import to_mapping
from genre.errors import BundleError, ConfigError
from genre.inference.bundle import Bundle
from genre.inference.score_rule import ScoreRule
from genre.inference.windowing import Standardisation
from genre.models.registry import build_network
from genre.models.short_chunk_cnn import ShortChunkCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.tagging.onnx_export import excerpts, exporting, largest_difference, to_onnx
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
    pytest.importorskip("onnxscript")
    torch.manual_seed(1)
    mapping = to_mapping(config)
    network = build_network(name, mapping, n_labels=3).eval()
    for module in network.modules():  # as training leaves them
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
    other = replace(bundle, network=network, model_name=name, model_config=mapping, **changes)
    sounds = excerpts(changing_sound(22050 * 13), 22050, [0.1, 1.0, 4.0, 5.2, 8.0])
    assert largest_difference(to_onnx(other), other, sounds) < 1e-4


class Unheard(nn.Module):
    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        corner = mel[:, 0, :3, :3]
        values: torch.Tensor = torch.linalg.eigvalsh(corner @ corner.transpose(1, 2))
        return values


@pytest.mark.slow
def test_a_network_that_onnx_has_no_words_for(bundle: Bundle) -> None:
    pytest.importorskip("onnxscript")
    with pytest.raises(BundleError, match="cannot be written as ONNX"):
        to_onnx(replace(bundle, network=Unheard()))


def test_without_the_optional_packages_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole: Callable[..., object] = builtins.__import__

    def lacking(name: str, *rest: object) -> object:
        if name == "onnxruntime":
            raise ImportError(f"No module named {name!r}", name=name)
        return whole(name, *rest)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(ConfigError, match=r"onnxruntime must be installed .* 'genre\[onnx\]'"):
        exporting.need_onnx()
