"""The mel front end against torchaudio and librosa."""

import warnings
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import pytest
import scipy.fft
import scipy.signal
import soundfile
import torch
import torchaudio
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from genre.audio.decode import open_audio
from genre.audio.frontend import extract
from genre.audio.mel import BLOCK_FRAMES, MelConfig, MelStream, log_mel, mel_filter_bank

CONFIGS = [
    MelConfig(),
    MelConfig(sample_rate=16000, n_fft=1024, hop_length=160, n_mels=40, f_min=30.0, f_max=7600.0),
    MelConfig(n_fft=4096, hop_length=512, n_mels=128),
]


# As musicnn and aisfx want them.
PRETRAINED = [
    MelConfig(sample_rate=16000, n_fft=512, hop_length=256, f_max=8000.0, compression="log10"),
    MelConfig(
        sample_rate=44100,
        hop_length=1024,
        f_max=22050.0,
        mel_scale="htk",
        filter_norm="sum",
        compression="log10",
        log_divisor=9.457798957824707,
        normalise_peak=True,
    ),
    MelConfig(mel_scale="htk", filter_norm="none", normalise_peak=True),
]
NORMS = {"slaney": "slaney", "sum": 1, "none": None}


def music_like(sample_rate: int) -> NDArray[np.float32]:
    # a chord over noise that fades in, so that levels span the whole range
    rng = np.random.default_rng(5)
    time = np.arange(3 * sample_rate) / sample_rate
    chord = sum(np.sin(2 * np.pi * f * time) for f in (220.0, 277.2, 329.6, 1760.0))
    samples = 0.1 * chord + 0.05 * rng.normal(size=time.shape) * time**2
    return np.asarray(samples, dtype=np.float32)


@pytest.mark.parametrize("config", CONFIGS)
def test_filter_bank_equals_torchaudio_and_librosa(config: MelConfig) -> None:
    bank = mel_filter_bank(config)
    from_torchaudio = torchaudio.functional.melscale_fbanks(
        config.n_fft // 2 + 1,
        config.f_min,
        config.f_max,
        config.n_mels,
        config.sample_rate,
        norm="slaney",
        mel_scale="slaney",
    ).numpy()
    from_librosa = librosa.filters.mel(
        sr=config.sample_rate,
        n_fft=config.n_fft,
        n_mels=config.n_mels,
        fmin=config.f_min,
        fmax=config.f_max,
    ).T
    # torchaudio computes its edges in float32, which moves weights of at most 0.03 by 1e-7
    np.testing.assert_allclose(bank, from_torchaudio, rtol=0, atol=5e-7)
    np.testing.assert_allclose(bank, from_librosa, rtol=0, atol=1e-8)


@pytest.mark.parametrize("config", CONFIGS)
def test_log_mel_equals_torchaudio(config: MelConfig) -> None:
    samples = music_like(config.sample_rate)
    transform = torchaudio.transforms.MelSpectrogram(
        sample_rate=config.sample_rate,
        n_fft=config.n_fft,
        hop_length=config.hop_length,
        f_min=config.f_min,
        f_max=config.f_max,
        n_mels=config.n_mels,
        pad_mode="constant",
        norm="slaney",
        mel_scale="slaney",
    )
    power = transform(torch.from_numpy(samples)).numpy().T
    expected = 10 * np.log10(np.maximum(power, config.power_floor))
    # Rounding in a float32 transform is relative to the loudest bin of a frame, so a band 100 dB
    # below the chord may be off by 0.1 dB; this sound has none that far down.
    np.testing.assert_allclose(log_mel(samples, config), expected, rtol=0, atol=0.02)


@pytest.mark.parametrize("config", CONFIGS)
def test_log_mel_equals_librosa(config: MelConfig) -> None:
    samples = music_like(config.sample_rate)
    power = librosa.feature.melspectrogram(
        y=samples,
        sr=config.sample_rate,
        n_fft=config.n_fft,
        hop_length=config.hop_length,
        pad_mode="constant",
        n_mels=config.n_mels,
        fmin=config.f_min,
        fmax=config.f_max,
    ).T
    expected = 10 * np.log10(np.maximum(power, config.power_floor))
    np.testing.assert_allclose(log_mel(samples, config), expected, rtol=0, atol=0.02)


@pytest.mark.parametrize("config", PRETRAINED)
def test_front_ends_of_pretrained_networks_equal_librosa(config: MelConfig) -> None:
    options: dict[str, Any] = {"htk": config.mel_scale == "htk", "norm": NORMS[config.filter_norm]}
    bands: dict[str, Any] = {"n_fft": config.n_fft, "n_mels": config.n_mels, "fmax": config.f_max}
    filters = librosa.filters.mel(sr=config.sample_rate, **bands, **options).T
    np.testing.assert_allclose(mel_filter_bank(config), filters, rtol=0, atol=2e-7)
    samples = music_like(config.sample_rate)
    peak = np.abs(samples).max() if config.normalise_peak else 1.0
    power = librosa.feature.melspectrogram(
        y=samples / peak,
        sr=config.sample_rate,
        hop_length=config.hop_length,
        pad_mode="constant",
        **bands,
        **options,
    ).T
    if config.compression == "log10":
        expected = np.log10(1 + 1e4 * power) / config.log_divisor
    else:
        expected = 10 * np.log10(np.maximum(power, config.power_floor))
    atol = 2e-3 if config.compression == "log10" else 0.02  # the same in other units
    np.testing.assert_allclose(log_mel(samples, config), expected, rtol=0, atol=atol)


SOUNDS = ("noise", "tone", "silence", "clipped")
HOP = MelConfig().hop_length
# around whole blocks of frames, and anything else
LENGTHS = st.one_of(
    st.integers(0, 130_000),
    st.builds(
        lambda block, off: max(0, block * BLOCK_FRAMES * HOP + off),
        st.integers(0, 2),
        st.integers(-HOP - 1, HOP + 1),
    ),
)


def sound(kind: str, n_samples: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(n_samples)
    tone = np.sin(2 * np.pi * rng.uniform(50, 10_000) * np.arange(n_samples) / 22050)
    made = {
        "noise": 0.1 * rng.normal(size=n_samples),
        "tone": 0.5 * tone,
        "silence": np.zeros(n_samples),
        "clipped": np.clip(4 * tone + rng.normal(size=n_samples), -1, 1),
    }
    return made[kind].astype(np.float32)


def decibels(power: NDArray[np.float32]) -> NDArray[np.float64]:
    return 10 * np.log10(np.maximum(power.astype(np.float64), MelConfig().power_floor))


def assert_equal_mel(found: NDArray[np.float32], power: NDArray[np.float32]) -> None:
    """Compare decibels with power of shape (n_frames, n_mels).

    A transform in float32 rounds relative to the loudest bin of its frame: what lies 50 dB below
    the loudest band agrees to 0.01 dB, what lies lower may differ by more and is let off.
    """
    expected = decibels(power)
    assert found.shape == expected.shape
    is_near = expected > expected.max(axis=1, keepdims=True) - 50
    assert np.abs(found - expected)[is_near].max(initial=0) < 0.01
    assert np.abs(10 ** (found / 10) - 10 ** (expected / 10)).max(initial=0) <= max(
        1e-8, 1e-5 * float(power.max(initial=0))
    )


@pytest.mark.parametrize("kind", SOUNDS)
@settings(max_examples=25)
@given(n_samples=LENGTHS.filter(bool))  # torchaudio takes no empty sound
def test_blocks_equal_torchaudio_at_every_length(kind: str, n_samples: int) -> None:
    samples = sound(kind, n_samples)
    transform = torchaudio.transforms.MelSpectrogram(
        22050,
        n_fft=2048,
        hop_length=HOP,
        n_mels=96,
        f_max=11025.0,
        pad_mode="constant",
        norm="slaney",
        mel_scale="slaney",
    )
    assert_equal_mel(log_mel(samples), transform(torch.from_numpy(samples)).numpy().T)


@pytest.mark.parametrize("kind", SOUNDS)
@settings(max_examples=25)
@given(n_samples=LENGTHS.filter(bool))
def test_blocks_equal_librosa_at_every_length(kind: str, n_samples: int) -> None:
    samples = sound(kind, n_samples)
    with warnings.catch_warnings():  # librosa warns of sound shorter than its frame
        warnings.simplefilter("ignore")
        power = librosa.feature.melspectrogram(
            y=samples, sr=22050, n_fft=2048, hop_length=HOP, pad_mode="constant", n_mels=96
        )
    assert_equal_mel(log_mel(samples), power.T)


@pytest.mark.parametrize("kind", SOUNDS)
@settings(max_examples=25)
@given(n_samples=LENGTHS)
def test_blocks_equal_one_matrix_product(kind: str, n_samples: int) -> None:
    padded = np.pad(sound(kind, n_samples), 1024)
    window = scipy.signal.get_window("hann", 2048).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, 2048)[::HOP] * window
    power = np.abs(scipy.fft.rfft(frames, axis=1)) ** 2 @ mel_filter_bank(MelConfig())
    found = 10 ** (log_mel(sound(kind, n_samples)).astype(np.float64) / 10)
    # 1e-5 is 0.00004 dB; the logarithm itself is rounded to 0.000004 dB at -80 dB
    np.testing.assert_allclose(found, np.maximum(power, 1e-8), rtol=1e-5)


@pytest.mark.real
def test_half_precision_costs_next_to_nothing(shared_data: Path) -> None:
    lost = []
    for path in sorted((shared_data / "open_music" / "audio").rglob("*.*")):
        stream = MelStream(MelConfig())
        pieces = [stream.push(block) for block in open_audio(path).resampled_blocks()]
        exact = np.concatenate([*pieces, stream.finish()])
        lost.append(float(np.abs(exact.astype(np.float16) - exact).mean()))
    assert np.mean(lost) <= 0.01
    assert max(lost) <= 0.02


@pytest.mark.real
@pytest.mark.parametrize("suffix", [".mp3", ".ogg", ".flac"])
def test_a_real_file_gives_what_librosa_gives(shared_data: Path, suffix: str) -> None:
    paths = sorted((shared_data / "open_music" / "audio").rglob(f"*{suffix}"))
    path = min(paths, key=lambda path: path.stat().st_size)
    samples, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = librosa.resample(
        samples.mean(axis=1), orig_sr=sample_rate, target_sr=22050, res_type="soxr_hq"
    )
    power = librosa.feature.melspectrogram(
        y=mono, sr=22050, n_fft=2048, hop_length=441, pad_mode="constant", n_mels=96, fmax=11025
    )
    expected = 10 * np.log10(np.maximum(power.T, 1e-8))
    extracted = extract(path)
    assert extracted.facts.flags == ()
    # librosa rounds the number of samples up, which may give one more frame
    n_frames = min(len(expected), len(extracted.mel))
    assert abs(len(expected) - len(extracted.mel)) <= 1
    # the last frames see where the sound was cut off; quiet bands carry the rounding of loud ones
    difference = np.abs(extracted.mel[: n_frames - 3] - expected[: n_frames - 3])
    # and float16 rounds by up to 0.03 dB at -80 dB
    assert np.percentile(difference, 99.9) < 0.05
    assert difference.max() < 1.0
