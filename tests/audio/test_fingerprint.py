"""Landmarks are the same in every copy; likeness tells copies from other music and from nothing."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from genre.audio.fingerprint import LANDMARK, find_landmarks, likeness
from genre.audio.mel import MelConfig, log_mel
from genre.sample import render_excerpt

MEL = MelConfig()
Mel = NDArray[np.float32]


def bursts(n_frames: int, *, at: list[int], seed: int = 0) -> Mel:
    """Make a spectrogram of silence with bursts of 10 frames, each of another colour."""
    rng = np.random.default_rng(seed)
    mel = np.full((n_frames, MEL.n_mels), MEL.floor_db, dtype=np.float32)
    for frame in at:
        mel[frame : frame + 10] = rng.uniform(-40, -5, MEL.n_mels)
    return mel


def music(genre: str, seed: int, seconds: float = 8.0) -> tuple[NDArray[np.float32], int]:
    return render_excerpt(genre, rng=np.random.default_rng(seed), duration_seconds=seconds)


def encoded(samples: NDArray[np.float32], rate: int, path: Path, **options: object) -> Mel:
    soundfile.write(path, samples, rate, **options)
    decoded, decoded_rate = soundfile.read(path, dtype="float32")
    return log_mel(soxr.resample(decoded, decoded_rate, MEL.sample_rate), MEL)


# landmarks


def test_a_landmark_is_where_the_sound_changes() -> None:
    # 30 bursts are more than "few", so only the steepest changes are kept: on and off
    starts = list(range(50, 50 + 30 * 40, 40))
    landmarks = find_landmarks(bursts(1400, at=starts), MEL)
    assert landmarks.dtype == LANDMARK
    steps = np.sort([edge for start in starts for edge in (start, start + 10)])
    away = np.abs(landmarks["frame"][:, None] - steps)
    assert away.min(axis=0).max() <= 1
    assert away.min(axis=1).max() <= 3
    lengths = np.linalg.norm(landmarks["shape"].astype(float), axis=1)
    np.testing.assert_allclose(lengths, 127, atol=3)  # 32 numbers rounded to 1


def test_level_and_equalisation_do_not_change_a_landmark() -> None:
    mel = bursts(400, at=[100, 220]) + 40  # far above the floor, which would be no longer silent
    tilt = np.linspace(-6, 6, MEL.n_mels, dtype=np.float32)
    plain, changed = find_landmarks(mel, MEL), find_landmarks(mel - 20 + tilt, MEL)
    assert plain["frame"].tolist() == changed["frame"].tolist()
    cosine = (plain["shape"].astype(float) * changed["shape"]).sum(axis=1) / 127**2
    assert cosine.min() > 0.9


@pytest.mark.parametrize("frames", [0, 1, 24])
def test_less_than_half_a_second_has_no_landmarks(frames: int) -> None:
    noise = np.random.default_rng(0).uniform(-60, 0, (frames, MEL.n_mels)).astype(np.float32)
    assert len(find_landmarks(noise, MEL)) == 0


def test_silence_and_steady_tones_have_no_landmarks() -> None:
    tone = np.sin(np.arange(5 * MEL.sample_rate) * 0.1).astype(np.float32)
    for samples in (np.zeros_like(tone), tone, 1e-5 * tone):
        mel = log_mel(samples, MEL)[10:-10]  # without the step at either end
        assert len(find_landmarks(mel, MEL)) == 0


def test_most_landmarks_survive_coding_and_cutting(tmp_path: Path) -> None:
    samples, rate = music("rock", 1)
    cut = 12345  # not a multiple of the hop
    copy = encoded(
        samples[cut:], rate, tmp_path / "a.mp3", compression_level=0.63, bitrate_mode="CONSTANT"
    )
    first, second = find_landmarks(log_mel(samples, MEL), MEL), find_landmarks(copy, MEL)
    shift = cut / rate * MEL.frames_per_second
    away = np.abs(first["frame"][:, None] - second["frame"] - shift)
    cosine = first["shape"].astype(float) @ second["shape"].T.astype(float) / 127**2
    is_found = ((away <= 1.5) & (cosine > 0.85)).any(axis=0)
    assert is_found.mean() > 0.7


# likeness


def test_a_recording_is_like_itself_where_it_is_laid() -> None:
    mel = bursts(600, at=[60, 150, 250, 380, 500])
    here = likeness(mel, mel[100:], 100, MEL)
    assert here.similarity == pytest.approx(1, abs=1e-4)
    assert here.offset_seconds == 2.0
    # the four bursts that are left, 10 frames each and a little around them
    assert 4 * 10 / 50 <= here.informative_seconds <= 4 * 24 / 50
    assert likeness(mel[100:], mel, -100, MEL).similarity == here.similarity
    assert likeness(mel, mel, 30, MEL).similarity < 0.3


def test_the_place_is_found_to_half_a_frame() -> None:
    samples, rate = music("jazz", 2)
    first = log_mel(samples, MEL)
    second = log_mel(samples[4410 + 220 :], MEL)  # 10.5 hops
    assert rate == MEL.sample_rate
    here = likeness(first, second, 10, MEL)
    assert here.offset_seconds == pytest.approx(10.5 / 50)
    assert here.similarity > 0.9


@pytest.mark.parametrize("genre", ["classical", "electronic", "folk"])
def test_a_poor_copy_is_alike_and_other_music_is_not(genre: str, tmp_path: Path) -> None:
    samples, rate = music(genre, 3)
    options = {"compression_level": 0.85, "bitrate_mode": "CONSTANT"}  # 32 kbit/s at 22.05 kHz
    copy = encoded(0.3 * samples, rate, tmp_path / "a.mp3", **options)
    first = log_mel(samples, MEL)
    # this encoder adds about 2.5 frames of silence at the start
    assert likeness(first, copy, -2, MEL).similarity > 0.75
    other = log_mel(music(genre, 4)[0], MEL)
    assert max(likeness(first, other, offset, MEL).similarity for offset in range(-9, 9)) < 0.4


def test_one_other_half_second_in_five_is_enough_to_differ() -> None:
    mel = log_mel(music("pop", 5)[0], MEL)
    other = mel.copy()
    other[:25] = mel[200:225]
    assert likeness(mel, other, 0, MEL).similarity > 0.9  # one of 16 pieces
    other[25:75] = mel[300:350]
    assert likeness(mel, other, 0, MEL).similarity < 0.5


@pytest.mark.parametrize("level", [0.0, 1e-6, 3e-5])
def test_silence_is_like_nothing(level: float) -> None:
    rng = np.random.default_rng(0)
    quiet = log_mel((level * rng.standard_normal(5 * MEL.sample_rate)).astype(np.float32), MEL)
    loud = log_mel(rng.standard_normal(5 * MEL.sample_rate).astype(np.float32), MEL)
    for first, second in ((quiet, quiet), (quiet, loud), (loud, quiet)):
        assert likeness(first, second, 0, MEL).similarity < 0.1
    assert likeness(quiet, quiet, 0, MEL).informative_seconds == 0
    assert len(find_landmarks(quiet, MEL)) == 0


def test_without_overlap_there_is_nothing_to_compare() -> None:
    mel = bursts(100, at=[20, 60])
    for offset in (100, 90, -100, 5000):
        here = likeness(mel, mel, offset, MEL)
        assert (here.similarity, here.informative_seconds) == (0.0, 0.0)


def test_long_recordings_are_compared_in_blocks() -> None:
    rng = np.random.default_rng(0)
    mel = rng.uniform(-40, 0, (20_000, MEL.n_mels)).astype(np.float16)
    other = mel.copy()
    other[15_000:] = rng.uniform(-40, 0, (5000, MEL.n_mels))
    assert likeness(mel, mel, 0, MEL).similarity > 0.99
    assert likeness(mel, other, 0, MEL).similarity < 0.2


def test_other_front_ends_work_too() -> None:
    config = MelConfig(n_mels=40, hop_length=512, f_max=8000.0)
    mel = log_mel(music("hiphop", 6)[0], config)
    assert len(find_landmarks(mel, config)) > 10
    assert likeness(mel, mel[43:], 43, config).similarity > 0.99
