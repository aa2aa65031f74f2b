"""The one way from a file to features: equal to its parts, without torch, named by its settings."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.audio.decode import DecodeConfig, load_waveform
from genre.audio.frontend import FrontEndConfig, extract
from genre.audio.mel import MelConfig, log_mel
from genre.config import from_mapping, to_mapping
from genre.errors import AudioError, ConfigError


def write_noise(path: Path, *, seconds: float = 7.3, sample_rate: int = 44100) -> Path:
    rng = np.random.default_rng(3)
    samples = rng.normal(0.0, 0.1, (round(seconds * sample_rate), 2))
    soundfile.write(path, samples, sample_rate)
    return path


@pytest.mark.parametrize("block_frames", [1000, 65536])
def test_streaming_equals_waveform_then_spectrogram(tmp_path: Path, block_frames: int) -> None:
    path = write_noise(tmp_path / "a.wav")
    config = FrontEndConfig(decode=DecodeConfig(block_frames=block_frames))
    extracted = extract(path, config)
    whole = log_mel(load_waveform(path).samples)
    assert np.array_equal(extracted.mel, whole.astype(np.float16))
    assert extracted.mel.shape == (1 + 160965 // 441, 96)


def test_the_peak_is_that_of_the_decoded_waveform(tmp_path: Path) -> None:
    path = write_noise(tmp_path / "a.wav")
    mel = MelConfig(compression="log10", normalise_peak=True)
    samples = load_waveform(path).samples
    expected = log_mel(samples / np.abs(samples).max(), replace(mel, normalise_peak=False))
    # half a step of float16 at 4
    found = extract(path, FrontEndConfig(mel=mel)).mel
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.002)


def test_default_settings_keep_the_name_they_always_had() -> None:
    """Caches, records and bundles of earlier versions are found by it."""
    assert FrontEndConfig().features_fingerprint == "40d539ccd3979b66"
    assert "compression" not in to_mapping(MelConfig())


def test_what_is_known_of_the_file_comes_along(tmp_path: Path) -> None:
    facts = extract(write_noise(tmp_path / "a.flac", sample_rate=48000)).facts
    assert facts.duration_seconds == pytest.approx(7.3, abs=1e-4)
    assert facts.declared_seconds == pytest.approx(7.3, abs=1e-4)
    assert (facts.sample_rate, facts.n_channels, facts.container) == (48000, 2, "flac")
    assert 0.3 < facts.peak < 1.0
    assert facts.clipped_fraction == 0.0
    assert facts.flags == ()


def test_clipped_frames_are_counted_in_any_channel(tmp_path: Path) -> None:
    samples = np.full((8000, 2), 0.5)
    samples[:100, 0] = 1.0
    samples[50:200, 1] = -1.0
    soundfile.write(tmp_path / "loud.wav", samples, 8000, subtype="FLOAT")
    facts = extract(tmp_path / "loud.wav").facts
    assert facts.peak == 1.0
    assert facts.clipped_fraction == pytest.approx(200 / 8000)


def test_errors_of_decoding_pass_through(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="must be a readable file"):
        extract(tmp_path / "none.wav")


def test_both_rates_must_agree() -> None:
    with pytest.raises(ConfigError, match=r"decode.sample_rate=16000 must be the same as"):
        FrontEndConfig(decode=DecodeConfig(sample_rate=16000))


def test_the_fingerprint_names_what_changes_the_features() -> None:
    config = FrontEndConfig()
    assert len(config.features_fingerprint) == 16
    same = FrontEndConfig(decode=DecodeConfig(max_seconds=60.0, block_frames=100))
    assert same.features_fingerprint == config.features_fingerprint
    names = {config.features_fingerprint}
    for changes in ({"n_mels": 64}, {"hop_length": 512}, {"power_floor": 1e-10}):
        mel = replace(config.mel, **changes)
        names.add(replace(config, mel=mel).features_fingerprint)
    at_16_khz = FrontEndConfig(
        decode=DecodeConfig(sample_rate=16000), mel=MelConfig(sample_rate=16000, f_max=8000.0)
    )
    names.add(at_16_khz.features_fingerprint)
    assert len(names) == 5


def test_the_settings_survive_a_mapping() -> None:
    config = FrontEndConfig(decode=DecodeConfig(max_seconds=60.0), mel=MelConfig(n_mels=64))
    assert from_mapping(FrontEndConfig, to_mapping(config)) == config


def test_the_front_end_imports_nothing_heavy() -> None:
    code = (
        "import sys, genre.audio.frontend\n"
        "heavy = {'torch', 'librosa', 'pandas', 'sklearn', 'matplotlib', 'scipy.signal'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
