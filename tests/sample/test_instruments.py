"""Physics of the instruments."""

import numpy as np
import pytest

from genre.sample.instruments import (
    Additive,
    FrequencyModulation,
    Pluck,
    Samples,
    Timbre,
    Tone,
    envelope,
)
from genre.sample.voices import VOICES


def test_brightness_raises_the_upper_harmonics() -> None:
    def share_above_1_khz(name: str, brightness: float) -> float:
        tone = Tone(220.0, 0.5, 22050, Timbre(brightness=brightness))
        power = np.abs(np.fft.rfft(VOICES[name].render(tone, rng=np.random.default_rng(0)))) ** 2
        frequencies = np.linspace(0, 11025, len(power))
        return float(power[frequencies > 1000].sum() / power.sum())

    for name in ("piano", "electric_piano", "steel_guitar"):
        assert share_above_1_khz(name, 0.9) > 2 * share_above_1_khz(name, 0.1)


def test_plucked_strings_ring_longer_with_a_longer_decay() -> None:
    def late_share(decay_scale: float) -> float:
        tone = Tone(220.0, 1.0, 22050, Timbre(decay_scale=decay_scale))
        note = VOICES["nylon_guitar"].render(tone, rng=np.random.default_rng(0))
        return float(np.sum(note[11025:] ** 2) / np.sum(note**2))

    assert late_share(2.0) > 2 * late_share(0.5)


def test_an_envelope_rises_falls_and_ends_worked_by_hand() -> None:
    shape = envelope(
        1001,
        sample_rate=1000,
        attack_seconds=0.1,
        decay_seconds=0.1,
        sustain=0.5,
        release_seconds=0.2,
    )
    assert shape[0] == shape[-1] == 0.0
    assert shape[50] == pytest.approx(0.5)  # half of the attack
    assert shape[100] == pytest.approx(1.0)
    assert shape[200] == pytest.approx(0.5 + 0.5 / np.e)  # one decay time behind it
    assert shape[900] == pytest.approx(0.25, abs=1e-3)  # half of the release, of the sustain


def test_a_tone_has_its_length_and_its_phase() -> None:
    tone = Tone(100.0, 0.5, 1000, Timbre())
    assert tone.n_samples(release_seconds=0.1) == 600
    turns = tone.phase(n_samples=600, cents=0.0) / (2 * np.pi)
    assert turns[10] == pytest.approx(1.0)  # ten samples are a period
    assert tone.phase(n_samples=600, cents=1200.0)[10] / (2 * np.pi) == pytest.approx(2.0)
    assert tone.doubling_cents == (0.0,)
    assert Tone(100.0, 0.5, 1000, Timbre(detune_cents=7.0)).doubling_cents == (-7.0, 7.0)


def test_vibrato_returns_to_the_pitch_after_each_swing() -> None:
    steady, swinging = (
        Tone(440.0, 1.0, 22000, Timbre(vibrato_cents=cents)).phase(n_samples=22000, cents=0.0)
        for cents in (0.0, 50.0)
    )
    # 5.5 Hz: after 4,000 samples one swing is over, after 2,000 it is farthest
    assert swinging[4000] == pytest.approx(steady[4000])
    deviation = 440.0 * (2 ** (50 / 1200) - 1)
    assert swinging[2000] - steady[2000] == pytest.approx(2 * deviation / 5.5)


def level_of(harmonic: int, note: Samples) -> float:
    """Measure a harmonic of 220 Hz over half a second, whose bins are 2 Hz apart."""
    spectrum = np.abs(np.fft.rfft(note[4000 : 4000 + 11025] * np.hanning(11025)))
    return float(spectrum[110 * harmonic - 2 : 110 * harmonic + 3].max())


def test_a_closed_pipe_has_few_even_harmonics() -> None:
    tone = Tone(220.0, 1.0, 22050, Timbre())
    note = Additive(even=0.1).render(tone, rng=np.random.default_rng(0))
    open_note = Additive(even=1.0).render(tone, rng=np.random.default_rng(0))
    closed, opened = (level_of(2, n) / level_of(1, n) for n in (note, open_note))
    assert closed / opened == pytest.approx(0.1, rel=0.02)


def test_a_string_plucked_in_its_middle_misses_the_even_harmonics() -> None:
    tone = Tone(220.0, 1.0, 22050, Timbre())
    middle, edge = (
        Pluck(pick_position=where, decay_seconds=5.0, damping=0.1).render(
            tone, rng=np.random.default_rng(0)
        )
        for where in (0.5, 0.25)
    )
    # |sin(pi n / 2)| is 0 for even n, and a twentieth is left; at a quarter it is 1 for n = 2
    assert level_of(2, middle) / level_of(2, edge) < 0.1


def test_modulation_without_depth_is_a_sine() -> None:
    tone = Tone(220.0, 1.0, 22050, Timbre())
    plain = FrequencyModulation(index=0.0, sustain=1.0).render(tone, rng=np.random.default_rng(0))
    rich = FrequencyModulation(index=2.0, sustain=1.0).render(tone, rng=np.random.default_rng(0))
    assert level_of(2, plain) < 1e-3 * level_of(1, plain)
    assert level_of(2, rich) > 0.05 * level_of(1, rich)
