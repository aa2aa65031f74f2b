"""Levels, places and the finish of a recording."""

from dataclasses import replace

import numpy as np
import pytest

from genre.sample.arrangement import Hit, Part, Score
from genre.sample.harmony import METERS
from genre.sample.instruments import Samples, Timbre
from genre.sample.mixing import (
    finish,
    level_and_fade,
    mix,
    render_drums,
    render_part,
    to_samples,
    to_segment,
)
from genre.sample.parts import Clock, Note
from genre.sample.percussion import Kit
from genre.sample.style import Line
from tests.sample_examples import artist_of


def test_mix_pans_and_levels() -> None:
    tone = np.sin(np.arange(22050) * 0.1).astype(np.float32)
    left, right = mix([(tone, 0.0, -1.0)], sample_rate=22050).T
    assert np.max(np.abs(right)) < 1e-4 < 0.01 < np.max(np.abs(left))
    quiet = mix([(tone, -20.0, 0.0)], sample_rate=22050)
    loud = mix([(tone, 0.0, 0.0)], sample_rate=22050)
    # Twenty decibels are a factor of ten.
    assert np.std(loud) == pytest.approx(10 * np.std(quiet), rel=1e-3)


def test_level_and_fade() -> None:
    flat = np.full((22050 * 3, 2), 0.01, dtype=np.float32)
    result = level_and_fade(flat, sample_rate=22050)
    assert result.shape == flat.shape
    assert np.max(np.abs(result)) == pytest.approx(10 ** (-2 / 20), rel=1e-3)
    assert abs(result[0, 0]) < 0.01
    assert abs(result[-1, 0]) < 0.01


def test_sound_tilts_and_hisses() -> None:
    rng = np.random.default_rng(0)
    noise = (0.1 * rng.standard_normal((22050, 1))).astype(np.float32)
    plain = replace(artist_of("pop", "jazz").sound, drive=0.0, reverb_mix=0.0, peak_db=0.0)

    def slope(tilt_db: float) -> float:
        sound = replace(plain, tilt_db=tilt_db, noise_db=-90.0)
        power = np.abs(np.fft.rfft(finish(noise, sound, sample_rate=22050, rng=rng)[:, 0])) ** 2
        return float(10 * np.log10(power[4000:8000].mean() / power[500:1000].mean()))

    # Three octaves apart, 2 dB per octave are 6 dB; the noise itself is uneven by less than 1 dB.
    assert slope(2.0) - slope(0.0) == pytest.approx(6.0, abs=1.0)
    hissing = replace(plain, tilt_db=0.0, noise_db=0.0)
    doubled = finish(noise, hissing, sample_rate=22050, rng=rng)
    assert np.var(doubled) == pytest.approx(2 * np.var(noise), rel=0.05)


CLOCK = Clock(120.0, METERS["4/4"], 0.0)


def part_of(*notes: Note, drive: float = 0.0) -> Part:
    line = Line("organ", "root", "x---------------", drive)
    return Part(line, Timbre(), level_db=0.0, pan=0.0, notes=notes)


def rendered(part: Part, *, n_samples: int = 22050) -> Samples:
    rng = np.random.default_rng(0)
    return render_part(part, n_samples=n_samples, sample_rate=22050, rng=rng)


def test_notes_sound_where_they_start_and_add_up() -> None:
    one = rendered(part_of(Note(69, 0.5, 0.2, 0.8)))
    assert not one[:11025].any()
    assert np.abs(one[11025 + 2000]) > 0
    twice = rendered(part_of(Note(69, 0.5, 0.2, 0.8), Note(69, 0.5, 0.2, 0.4)))
    np.testing.assert_allclose(twice, 1.5 * one, atol=1e-6)  # float32
    late = rendered(part_of(Note(69, 0.9, 5.0, 0.8), Note(69, 2.0, 0.2, 0.8)))
    assert len(late) == 22050  # what sounds on is cut, and what begins later is left out


def test_overdrive_bends_the_loud_part_of_a_wave() -> None:
    clean, driven = (
        rendered(part_of(Note(69, 0.0, 0.9, 0.8), drive=drive)) for drive in (0.0, 8.0)
    )
    assert np.max(np.abs(driven)) <= 1.0

    def crest(samples: Samples) -> float:
        return float(np.max(np.abs(samples)) / np.sqrt(np.mean(samples**2)))

    assert crest(driven) < 0.8 * crest(clean)


def test_drums_sound_at_their_hits_and_without_any_there_is_silence() -> None:
    def drums(*hits: Hit) -> Samples:
        return render_drums(
            Score(CLOCK, (), hits, drums_db=0.0),
            kit=Kit(),
            n_samples=22050,
            sample_rate=22050,
            rng=np.random.default_rng(0),
        )

    assert not drums().any()
    stem = drums(Hit("kick", 0.5, 0.6))
    assert not stem[:11025].any()
    # a hit has unit peak
    assert np.max(np.abs(stem)) == pytest.approx(0.6)


@pytest.mark.parametrize("shape", [(1000,), (1000, 2)])
def test_samples_come_back_from_segments(shape: tuple[int, ...]) -> None:
    samples = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
    segment = to_segment(samples, sample_rate=22050)
    assert (segment.frame_rate, segment.channels) == (22050, samples.ndim)
    back = to_samples(segment)
    # 32 bits hold what float32 has
    np.testing.assert_allclose(back.reshape(shape), samples, atol=1e-7)
    beyond = to_samples(to_segment(np.array([-3.0, 3.0], dtype=np.float32), sample_rate=22050))
    np.testing.assert_allclose(beyond[:, 0], [-1.0, 1.0])
