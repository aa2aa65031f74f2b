"""The log-mel spectrogram: physics, alignment of blocks, settings."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from genre.audio.mel import BLOCK_FRAMES, MelConfig, MelStream, log_mel, mel_filter_bank
from genre.errors import ConfigError, GenreError

SMALL = MelConfig(sample_rate=8000, n_fft=256, hop_length=100, n_mels=20, f_max=4000.0)


def noise(n_samples: int, *, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0.0, 0.1, n_samples).astype(np.float32)


def stream_in_pieces(
    samples: NDArray[np.float32], cuts: list[int], config: MelConfig
) -> NDArray[np.float32]:
    stream = MelStream(config)
    pieces = [stream.push(piece) for piece in np.split(samples, sorted(cuts))]
    return np.concatenate([*pieces, stream.finish()])


def test_the_default_front_end_gives_fifty_frames_a_second() -> None:
    config = MelConfig()
    assert config.frames_per_second == 50.0
    assert config.floor_db == pytest.approx(-80.0, abs=1e-12)


@pytest.mark.parametrize(
    ("n_samples", "n_frames"), [(0, 1), (1, 1), (99, 1), (100, 2), (101, 2), (25600, 257)]
)
def test_there_is_one_frame_per_hop_and_one_more(n_samples: int, n_frames: int) -> None:
    mel = log_mel(noise(n_samples), SMALL)
    assert mel.shape == (n_frames, SMALL.n_mels)
    assert mel.dtype == np.float32


def test_silence_lies_at_the_floor() -> None:
    assert np.array_equal(
        log_mel(np.zeros(1000, dtype=np.float32), SMALL), np.full((11, 20), -80.0, np.float32)
    )


@pytest.mark.parametrize("frame", [5, 300])  # in the first block and in the third
def test_a_frame_agrees_with_the_definition_written_out(frame: int) -> None:
    # Frame 5 is centred on sample 500: samples 372 to 627, worked in float64.
    samples = noise(40000).astype(np.float64)
    n = np.arange(256)
    window = np.sin(math.pi * n / 256) ** 2
    angles = -2j * math.pi * np.outer(np.arange(129), n) / 256
    start = 100 * frame - 128
    power = np.abs(np.exp(angles) @ (samples[start : start + 256] * window)) ** 2
    expected = 10 * np.log10(np.maximum(power @ mel_filter_bank(SMALL), 1e-8))
    # float32 keeps 7 digits of power, that is about 1e-6 dB times the number of operations
    np.testing.assert_allclose(log_mel(samples, SMALL)[frame], expected, atol=1e-3)


def test_a_tone_lights_the_band_that_holds_it() -> None:
    for frequency in (300.0, 1000.0, 3000.0):
        tone = np.sin(2 * math.pi * frequency * np.arange(8000) / 8000)
        loudest = int(log_mel(tone, SMALL)[40].argmax())
        weights = mel_filter_bank(SMALL)[round(frequency * 256 / 8000)]
        assert weights[loudest] > 0


def test_twice_the_amplitude_is_six_decibels_more() -> None:
    samples = noise(5000)
    difference = log_mel(2 * samples, SMALL) - log_mel(samples, SMALL)
    np.testing.assert_allclose(difference, 20 * math.log10(2), atol=1e-4)


def test_every_filter_is_a_triangle_of_unit_area() -> None:
    config = MelConfig(n_fft=16384)
    bank = mel_filter_bank(config)
    width_of_a_bin = config.sample_rate / config.n_fft
    # sampled in bins of 1.3 Hz, a triangle at least 68 Hz wide has its area within a per cent
    np.testing.assert_allclose(bank.sum(axis=0) * width_of_a_bin, 1.0, atol=0.01)
    assert (np.diff(bank.argmax(axis=0)) > 0).all()
    assert not bank.flags.writeable


@settings(max_examples=30)
@given(n_samples=st.integers(0, 30000), cuts=st.lists(st.integers(0, 30000), max_size=6))
def test_a_stream_is_bit_equal_however_it_is_cut(n_samples: int, cuts: list[int]) -> None:
    samples = noise(n_samples)
    inside = [cut for cut in cuts if cut <= n_samples]
    assert np.array_equal(stream_in_pieces(samples, inside, SMALL), log_mel(samples, SMALL))


def test_a_stream_of_single_samples_is_bit_equal_too() -> None:
    samples = noise(BLOCK_FRAMES * 4 + 3)
    config = MelConfig(sample_rate=8000, n_fft=16, hop_length=4, n_mels=2, f_max=4000.0)
    whole = log_mel(samples, config)
    assert len(whole) > BLOCK_FRAMES
    assert np.array_equal(stream_in_pieces(samples, list(range(len(samples))), config), whole)


def test_a_stream_hands_out_only_whole_blocks_before_its_end() -> None:
    stream = MelStream(SMALL)
    n_ready = [len(stream.push(noise(4000))) for _ in range(10)]
    assert set(n_ready) == {0, BLOCK_FRAMES}
    assert sum(n_ready) + len(stream.finish()) == 401


def test_later_sound_does_not_change_earlier_blocks() -> None:
    first, second = noise(40000, seed=1), noise(40000, seed=2)
    mel, other = log_mel(first, SMALL), log_mel(np.concatenate([first, second]), SMALL)
    assert np.array_equal(mel[: 3 * BLOCK_FRAMES], other[: 3 * BLOCK_FRAMES])


@pytest.mark.parametrize(
    "samples", [np.zeros((10, 2), np.float32), np.zeros(10, np.int16), np.float32(1.0)]
)
def test_what_is_no_mono_waveform_is_refused(samples: NDArray[np.float32]) -> None:
    with pytest.raises(GenreError, match=r"must be floats of shape \(n_samples,\)"):
        log_mel(samples, SMALL)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sample_rate": 0}, "sample_rate=0 must be at least 1"),
        ({"n_fft": 2047}, "n_fft=2047 must be an even number"),
        ({"hop_length": 0}, "hop_length=0 must be between 1 and n_fft=2048"),
        ({"hop_length": 2049}, "hop_length=2049 must be between"),
        ({"n_mels": 0}, "n_mels=0 must be at least 1"),
        ({"f_min": -1.0}, "f_min=-1.0 must be at least 0"),
        ({"f_min": 11025.0}, "below f_max=11025.0"),
        ({"f_max": 11026.0}, "f_max=11026.0 must be at most half of sample_rate=22050"),
        ({"power_floor": 0.0}, "power_floor=0.0 must be a number above 0"),
        ({"power_floor": math.nan}, "power_floor=nan must be"),
    ],
)
def test_settings_out_of_range_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        MelConfig(**changes)


def test_bands_without_a_frequency_bin_are_refused() -> None:
    config = MelConfig(n_fft=512, n_mels=200)
    with pytest.raises(ConfigError, match=r"n_mels=200 must leave a frequency bin to every band"):
        log_mel(noise(1000), config)


@pytest.mark.parametrize(
    "changes",
    [
        {"sample_rate": 24000},
        {"n_fft": 4096},
        {"hop_length": 440},
        {"n_mels": 64},
        {"f_min": 50.0},
        {"f_max": 8000.0},
        {"power_floor": 1.0},
    ],
)
def test_every_setting_changes_the_spectrogram(changes: dict[str, Any]) -> None:
    samples = noise(22050) * np.float32(0.01)
    config = MelConfig(**changes)
    assert not np.array_equal(log_mel(samples, config), log_mel(samples))


LOG10 = replace(SMALL, compression="log10", log_gain=100.0, log_divisor=2.0)


def test_the_other_logarithm_by_hand() -> None:
    # log10(1 + 100 p) / 2 of the power that decibels name
    samples = noise(5000)
    power = 10 ** (log_mel(samples, SMALL).astype(np.float64) / 10)
    np.testing.assert_allclose(log_mel(samples, LOG10), np.log10(1 + 100 * power) / 2, atol=1e-5)


def test_silence_is_zero_in_the_other_logarithm() -> None:
    assert (SMALL.silence, LOG10.silence) == (SMALL.floor_db, 0.0)
    assert not log_mel(np.zeros(1000, dtype=np.float32), LOG10).any()


@pytest.mark.parametrize("config", [SMALL, LOG10])
@pytest.mark.parametrize("cuts", [[], [1, 700, 20000]])
def test_the_peak_of_the_whole_sound_becomes_one(config: MelConfig, cuts: list[int]) -> None:
    samples = 0.01 * noise(40000)
    samples[30000] = -0.04  # seen long after the first blocks
    normalised = stream_in_pieces(samples, cuts, replace(config, normalise_peak=True))
    np.testing.assert_allclose(normalised, log_mel(25 * samples, config), atol=1e-4)


def test_a_sound_of_zeros_has_no_peak_to_normalise() -> None:
    config = replace(LOG10, normalise_peak=True)
    assert not log_mel(np.zeros(1000, dtype=np.float32), config).any()
    assert log_mel(np.zeros(0, dtype=np.float32), config).shape == (1, 20)


def test_filters_divided_by_their_sums_sum_to_one() -> None:
    bank = mel_filter_bank(replace(SMALL, filter_norm="sum", mel_scale="htk"))
    np.testing.assert_allclose(bank.sum(axis=0), 1.0, rtol=1e-6)
    assert mel_filter_bank(replace(SMALL, filter_norm="none")).max() <= 1.0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mel_scale": "bark"}, "mel_scale='bark' must be one of: slaney, htk"),
        ({"compression": "ln"}, "compression='ln' must be one of: decibels, log10"),
        ({"log_gain": 0.0}, "log_gain=0.0 must be a number above 0"),
        ({"log_divisor": math.inf}, "log_divisor=inf must be a number above 0"),
    ],
)
def test_no_other_logarithm_is_known(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        MelConfig(**changes)
