"""An exported model scores as its bundle does, whatever the length of the sound.

The modules: genre.tagging.onnx_export.checking, genre.tagging.onnx_export.exporting,
genre.tagging.onnx_export.graph, genre.tagging.onnx_export.spectrogram.
"""

import builtins
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from genre.audio.decode import load_waveform
from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig, log_mel
from genre.audio.windows import WindowConfig
from genre.cli import main
from genre.config import to_mapping
from genre.errors import BundleError, ConfigError
from genre.models.bundle import Bundle, save_bundle
from genre.models.registry import build_network
from genre.models.score_rule import AGGREGATIONS, ScoreRule
from genre.models.scoring import Standardisation, window_logits
from genre.models.short_chunk_cnn import ShortChunkCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.tagging.onnx_export import OnnxModel, excerpts, exporting, largest_difference, to_onnx
from genre.tagging.onnx_export.spectrogram import BlockMel
from genre.tagging.tagger import Tagger
from tests.bundles import small_bundle
from tests.sounds import write


def sound(n_samples: int) -> NDArray[np.float32]:
    """Play a tone that jumps every half second over noise that swells, so that windows differ."""
    rng = np.random.default_rng(0)
    time = np.arange(n_samples) / 22050
    pitch = rng.uniform(100, 5000, 1000)[(2 * time).astype(int)]
    swell = 0.02 + 0.2 * np.sin(2 * np.pi * time / 7) ** 2
    tone = 0.3 * np.sin(2 * np.pi * np.cumsum(pitch) / 22050)
    return (tone + swell * rng.normal(0, 1, n_samples)).astype(np.float32)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """Make a bundle whose scores depend on what is heard, as an untrained one's hardly do."""
    plain = small_bundle()
    torch.manual_seed(1)
    for layer in plain.network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight)
    ears = Standardisation(mean=(-45.0,) * 96, deviation=(5.0,) * 96)
    return replace(plain, standardisation=ears, rule=ScoreRule(temperature=0.1))


@pytest.fixture(scope="module")
def parts(bundle: Bundle) -> Any:  # noqa: ANN401 - not importable without the optional packages
    pytest.importorskip("onnxscript")
    return exporting.export_parts(bundle)


@pytest.fixture(scope="module")
def model(bundle: Bundle, parts: Any) -> bytes:  # noqa: ANN401
    return exporting.assemble(bundle, parts)


@pytest.mark.parametrize(
    "config",
    [
        MelConfig(),
        MelConfig(n_fft=1024, hop_length=1024, n_mels=40),
        MelConfig(n_fft=1000, hop_length=300, n_mels=40, f_min=50.0, f_max=8000.0),
        MelConfig(n_fft=2 * 509, hop_length=77, n_mels=40, power_floor=1e-5),  # 509 is prime
    ],
)
def test_the_matrix_products_are_the_spectrogram(config: MelConfig) -> None:
    # the frames in the middle of a sound, away from where `log_mel` pads it
    samples = sound(60000)
    first = -(-config.n_fft // config.hop_length)
    block = BlockMel(config, 40)
    start = first * config.hop_length - config.n_fft // 2
    got = block(torch.from_numpy(samples[start : start + block.n_samples])).numpy()
    expected = log_mel(samples, config)[first : first + 40]
    # float16 alone is off by up to 0.03 dB
    np.testing.assert_allclose(got, expected.astype(np.float16), atol=0.07)
    assert np.abs(got - expected.astype(np.float16)).mean() < 0.001


# 22,050 Hz, windows of 200 frames of 441 samples every 100, a last one from 50 frames on
@pytest.mark.parametrize(
    "n_samples",
    [
        *(1, 440, 441, 2205, 128 * 441 - 1, 128 * 441, 199 * 441, 200 * 441, 200 * 441 - 1),
        *(248 * 441, 249 * 441, 250 * 441, 299 * 441, 300 * 441 + 7, 22050 * 31 + 5),
    ],
)
def test_any_length_scores_as_the_bundle_does(bundle: Bundle, model: bytes, n_samples: int) -> None:
    assert largest_difference(model, bundle, [sound(n_samples)]) < 1e-4


def test_windows_are_those_of_the_time_line(bundle: Bundle, model: bytes, tmp_path: Path) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    path = write(tmp_path / "s.wav", sound(22050 * 9), 22050, format="WAV", subtype="FLOAT")
    tags = Tagger(bundle, device="cpu").tag(path)
    samples = load_waveform(path).samples
    scores, windows = session.run(None, {"waveform": samples})
    np.testing.assert_allclose(windows, tags.timeline.scores, atol=1e-4)
    np.testing.assert_allclose(scores, [tags.scores[name] for name in bundle.genres], atol=1e-4)
    metadata = session.get_modelmeta().custom_metadata_map
    assert json.loads(metadata["genres"]) == ["a", "b", "c"]
    assert json.loads(metadata["thresholds"]) == [0.0, 0.0, 1.1]
    assert metadata["sample_rate"] == "22050"
    assert metadata["licence_note"].startswith("The weights were learned")


def test_the_windows_of_these_tests_differ(bundle: Bundle) -> None:
    # else a window left out or cut elsewhere would not show
    mel = log_mel(sound(22050 * 20), bundle.front_end.mel).astype(np.float16)
    scores = bundle.rule.window_scores(window_logits(bundle.network, [mel], bundle.windowing))
    assert np.abs(np.diff(scores, axis=0)).max(axis=1).min() > 0.003


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_every_score_rule(bundle: Bundle, parts: Any, aggregation: str) -> None:  # noqa: ANN401
    rule = ScoreRule(
        aggregation=aggregation, temperature=0.2, bias=(0.5, -1.0, 2.0), window_temperature=0.4
    )
    other = replace(bundle, rule=rule)
    # 5 windows and 6: the best fifth is one, then two
    sounds = [sound(22050 * seconds) for seconds in (1, 12, 14)]
    assert largest_difference(exporting.assemble(other, parts), other, sounds) < 1e-4
    plain = replace(bundle, rule=replace(rule, aggregation="max", bias=()))
    with pytest.raises(BundleError, match="must score as the bundle does"):
        largest_difference(exporting.assemble(plain, parts), other, sounds)


def test_certain_scores_stay_certain(bundle: Bundle, parts: Any) -> None:  # noqa: ANN401
    # σ is 0 and 1 to float32; the track's logit goes on
    sure = replace(bundle, rule=ScoreRule(window_temperature=1e-3, temperature=50.0))
    assert largest_difference(exporting.assemble(sure, parts), sure, [sound(22050 * 9)]) < 1e-3


def test_silence_and_full_scale(bundle: Bundle, model: bytes) -> None:
    square = np.sign(sound(70000))
    assert largest_difference(model, bundle, [np.zeros(70000, np.float32), square]) < 1e-4


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
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
    other = replace(bundle, network=network, model_name=name, model_config=mapping, **changes)
    sounds = excerpts(sound(22050 * 13), 22050, [0.1, 1.0, 4.0, 5.2, 8.0])
    assert largest_difference(to_onnx(other), other, sounds) < 1e-4


def test_a_model_that_scores_otherwise_is_refused(bundle: Bundle, model: bytes) -> None:
    other = replace(bundle, rule=ScoreRule(temperature=3.0))
    with pytest.raises(BundleError, match=r"must score as the bundle does, within 0\.001"):
        largest_difference(model, other, [sound(22050)])


class Unheard(nn.Module):
    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        return torch.linalg.eigvalsh(mel[:, 0, :3, :3] @ mel[:, 0, :3, :3].transpose(1, 2))


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


def test_the_command(bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("onnxscript")
    folder = tmp_path / "best"
    save_bundle(bundle, folder)
    assert main(["export", str(folder)]) == 1
    assert "give --onnx" in capsys.readouterr().err
    assert main(["export", str(folder), "--onnx"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("largest difference of scores: ")
    assert "over 7 sounds of 0.1 to 16.0 s" in out
    assert f"model: {folder / 'model.onnx'}" in out
    exported = OnnxModel((folder / "model.onnx").read_bytes())
    assert exported.genres == ("a", "b", "c")
    assert exported.scores(sound(22050)).shape == (3,)


@pytest.mark.slow
@pytest.mark.real
def test_real_music_scores_as_the_bundle_does(
    bundle: Bundle, model: bytes, shared_data: Path
) -> None:
    paths = sorted((shared_data / "open_music" / "audio").iterdir())
    assert len(paths) == 25
    for path in paths:
        samples = load_waveform(path).samples
        assert largest_difference(model, bundle, excerpts(samples, 22050, [0.1, 4.0, 33.3])) < 1e-3
