"""What is odd about one file: every threshold from both sides."""

from collections import Counter

import numpy as np
import pytest

from genre.audio.mel import MelConfig, log_mel
from genre.dataset.doctor.sound import (
    band_centres_hz,
    seconds_text,
    sound_findings,
    steep_cutoff_hz,
    visible_cutoffs_hz,
)
from tests.doctor_examples import low_passed, make_facts, noise

MEL = MelConfig()
RATES = Counter({44100: 20, 37800: 2, 22050: 3, 8000: 4})


def found(cutoff_hz: float | None = None, /, **fields: object) -> dict[str, str]:
    findings = sound_findings(make_facts(**fields), sample_rates=RATES, cutoff_hz=cutoff_hz)
    return {finding.kind: finding.message for finding in findings}


def test_a_healthy_file_has_no_finding() -> None:
    assert found() == {}


@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        ({"flags": ("silent",)}, "silent", "holds no sound"),
        (
            {"flags": ("partial",), "duration_seconds": 12.0},
            "partial",
            "breaks off: 12.0 s could be decoded",
        ),
        (
            {"flags": ("truncated",), "duration_seconds": 90.0, "declared_seconds": 185.0},
            "truncated",
            "holds 1 min 30 s where its header says 3 min 5 s",
        ),
        (
            {"flags": ("truncated",), "declared_seconds": None},
            "truncated",
            "ends in the middle, after 30.0 s",
        ),
        (
            {"flags": ("truncated",), "declared_seconds": 30.0},
            "truncated",
            "ends in the middle, after 30.0 s",
        ),
        ({"duration_seconds": 3.94}, "short", "3.9 s, shorter than a window of 4 s"),
        ({"clipped_fraction": 0.0051}, "clipped", "0.5 % of it is at full scale"),
        (
            {"sample_rate": 37800},
            "odd_sample_rate",
            "has 37800 Hz; 20 files of 29 have 44100 Hz",
        ),
        (
            {"sample_rate": 8000},
            "odd_sample_rate",
            "has 8000 Hz: nothing above 4 kHz is in it",
        ),
        ({"n_channels": 6}, "odd_channels", "has 6 channels, mixed to one"),
    ],
)
def test_each_oddity(fields: dict[str, object], kind: str, message: str) -> None:
    assert found(**fields) == {kind: message}


@pytest.mark.parametrize(
    "fields",
    [
        {"duration_seconds": 4.0},
        {"clipped_fraction": 0.005},
        {"sample_rate": 22050},  # 3 files of a rate against 20: not 10 times rarer
        {"sample_rate": 44100},
        {"sample_rate": 48000},  # however rare here
        {"sample_rate": 96000},
        {"n_channels": 1},
        {"peak": 1.2},  # lossy decoding overshoots
    ],
)
def test_at_the_threshold_nothing_is_odd(fields: dict[str, object]) -> None:
    assert found(**fields) == {}


def test_the_usual_rate_may_be_low_and_is_said() -> None:
    facts = make_facts(sample_rate=8000)
    (finding,) = sound_findings(facts, sample_rates=Counter({8000: 5}), cutoff_hz=None)
    assert finding.message == "has 8000 Hz: nothing above 4 kHz is in it"


def test_a_cutoff_that_the_files_own_rate_explains_is_none() -> None:
    assert found(3900.0, sample_rate=22050) == {
        "low_pass": "ends steeply at about 3.9 kHz, though 22050 Hz could hold more"
    }
    assert "low_pass" not in found(3900.0, sample_rate=8000)
    assert found(8900.0, sample_rate=22050) == {}


@pytest.mark.parametrize("hertz", [3400.0, 5512.5, 8000.0])
def test_a_cutoff_is_found_where_it_is(hertz: float) -> None:
    mel = log_mel(low_passed(noise(5.0), 22050, hertz), MEL).astype(np.float16)
    cutoff = steep_cutoff_hz(mel, MEL)
    # two mel bands are 7 %
    assert cutoff == pytest.approx(hertz, rel=0.07)


def test_no_cutoff_where_nothing_was_cut() -> None:
    time = np.arange(5 * 22050) / 22050
    # falling by 20 dB per decade, as natural sound may
    brown = np.cumsum(noise(5.0) - noise(5.0).mean())
    sounds = {
        "white noise": noise(5.0),
        "brown noise": 0.5 * brown / np.abs(brown).max(),
        "a tone": 0.5 * np.sin(2 * np.pi * 5000 * time),
        "a notch": noise(5.0)
        - low_passed(noise(5.0), 22050, 7000)
        + low_passed(noise(5.0), 22050, 5000),
        "silence": np.zeros(5 * 22050),
        "a short click": np.eye(1, 2400, 1200)[0],
    }
    for name, samples in sounds.items():
        assert steep_cutoff_hz(log_mel(samples, MEL).astype(np.float16), MEL) is None, name


@pytest.mark.parametrize(("fall_db", "is_told"), [(18, False), (30, True)])
def test_a_cutoff_must_be_steep(fall_db: float, is_told: bool) -> None:
    whole = noise(5.0)
    low = low_passed(whole, 22050, 5000.0)
    shelf = low + 10 ** (-fall_db / 20) * (whole - low)
    cutoff = steep_cutoff_hz(log_mel(shelf, MEL).astype(np.float16), MEL)
    assert (cutoff is not None) == is_told


def test_half_a_track_that_was_cut_is_none() -> None:
    whole = noise(4.0)
    mel = log_mel(np.concatenate([low_passed(whole, 22050, 5000.0), whole]), MEL)
    assert steep_cutoff_hz(mel.astype(np.float16), MEL) is None


def test_the_middle_of_a_band_is_between_its_edges() -> None:
    centres = band_centres_hz(MEL)
    assert centres.shape == (96,)
    assert (np.diff(centres) > 0).all()
    # Slaney's scale: 1000 Hz is mel 15 and 11,025 Hz mel 49.9, in 97 steps of 0.5146: the middle of
    # band 28, counted from 0, is 29 steps up at mel 14.92, three mel being 200 Hz
    assert centres[28] == pytest.approx(994.8, rel=0.001)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.14, "0.14 s"),
        (5.26, "5.3 s"),
        (64.4, "1 min 4 s"),
        (119.7, "2 min 0 s"),
        (3600.0, "1 h 0 min"),
        (11_000.0, "3 h 3 min"),
    ],
)
def test_durations_in_words(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text


@pytest.mark.parametrize("n_mels", [48, 96])
def test_between_which_frequencies_a_cutoff_can_be_seen(n_mels: int) -> None:
    config = MelConfig(n_mels=n_mels)
    lowest, highest = visible_cutoffs_hz(config)
    for hertz, is_seen in [
        (lowest / 1.2, False),
        (lowest * 1.1, True),
        (highest / 1.1, True),
        (highest * 1.15, False),
    ]:
        mel = log_mel(low_passed(noise(5.0), 22050, hertz), config).astype(np.float16)
        assert (steep_cutoff_hz(mel, config) is not None) == is_seen, hertz
