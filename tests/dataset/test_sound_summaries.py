"""Summaries of sounds: what they hold by hand, finite for odd sounds, computed once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.addresses import here
from genre.dataset.sound_summaries import FOLDER, load_summaries, summarise
from genre.dataset.tracks import Track
from genre.execution import ExecutionConfig
from genre.hashing import hash_file
from tests.dataset_examples import make_track

SAMPLE_RATE = 22050
N_FEATURES, N_STATISTICS = 44, 6
CENTROID, ZERO_CROSSINGS, RMS = 39, 42, 43
ONE_WORKER = ExecutionConfig(n_workers=1)


def tone(*, seconds: float = 2.0, hz: float = 1000.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def test_a_tone_by_hand() -> None:
    statistics = summarise(tone(), SAMPLE_RATE).reshape(N_STATISTICS, N_FEATURES)
    median = statistics[2]
    assert median[CENTROID] == pytest.approx(1000, rel=0.01)
    # two crossings a period
    assert median[ZERO_CROSSINGS] == pytest.approx(2000 / SAMPLE_RATE, rel=0.02)
    # 0.5 / sqrt(2), as the Hann window weighs it: mean square 3/8
    assert median[RMS] == pytest.approx(0.5 / np.sqrt(2) * np.sqrt(3 / 8), rel=0.01)
    mean, deviation, _, least, most, _ = statistics
    assert (least <= mean + 1e-9).all()
    assert (mean <= most + 1e-9).all()
    assert (deviation >= 0).all()


@pytest.mark.parametrize(
    "samples", [np.zeros(5), np.zeros(3 * SAMPLE_RATE), np.full(SAMPLE_RATE, 0.3)], ids=len
)
def test_odd_sounds_have_finite_summaries(samples: np.ndarray) -> None:
    summary = summarise(samples, SAMPLE_RATE)
    assert summary.shape == (N_FEATURES * N_STATISTICS,)
    assert np.isfinite(summary).all()


def test_of_a_long_sound_the_middle_counts() -> None:
    middle = tone(seconds=60.0, hz=500.0)
    noise = np.random.default_rng(0).normal(size=20 * SAMPLE_RATE)
    whole = summarise(np.concatenate([noise, middle, noise]), SAMPLE_RATE)
    np.testing.assert_allclose(whole, summarise(middle, SAMPLE_RATE))


def sound_track(folder: Path) -> Track:
    path = folder / "tone.wav"
    soundfile.write(path, tone(), SAMPLE_RATE)
    return replace(make_track("tone.wav", "jazz"), path=path, sha256=hash_file(path))


def test_summaries_are_computed_once(tmp_path: Path) -> None:
    track, cache = sound_track(tmp_path), tmp_path / "cache"
    first = load_summaries([track, track], cache, execution=ONE_WORKER)
    assert first is not None
    assert first.shape == (2, N_FEATURES * N_STATISTICS)
    np.testing.assert_array_equal(first[0], first[1])
    assert len(list((cache / FOLDER).rglob("*.npy"))) == 1
    here(track.path).unlink()
    again = load_summaries([track], cache, execution=ONE_WORKER)
    assert again is not None
    np.testing.assert_array_equal(again[0], first[0])


def test_without_the_files_there_is_no_baseline(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    track = sound_track(tmp_path)
    here(track.path).unlink()
    assert load_summaries([track], tmp_path / "cache", execution=ONE_WORKER) is None
    assert "no SVM baseline" in caplog.text
