"""The sample synthesiser: physics of the instruments, grammar of the music, the mix."""

from dataclasses import replace

import numpy as np
import pytest

from genre.errors import ConfigError
from genre.sample.arrangement import blend, compose, plan_bars
from genre.sample.artists import Artist, invent_artist
from genre.sample.genres import STYLES
from genre.sample.harmony import (
    METERS,
    SCALES,
    Chord,
    frequency_of,
    nearest_in_scale,
    parse_chord,
    parse_progression,
    voice_chord,
)
from genre.sample.instruments import Timbre, Tone
from genre.sample.mixing import finish, level_and_fade, mix
from genre.sample.parts import Clock, strikes
from genre.sample.percussion import DRUMS, Kit, render_hit
from genre.sample.voices import VOICES


def artist_of(genre: str, second_genre: str, seed: int = 0) -> Artist:
    rng = np.random.default_rng(seed)
    return invent_artist("A", genre=genre, second_genre=second_genre, rng=rng)


@pytest.mark.parametrize("name", VOICES)
def test_every_voice_is_in_tune_and_ends_in_silence(name: str) -> None:
    tone = Tone(220.0, 0.8, 22050, Timbre())
    note = VOICES[name].render(tone, rng=np.random.default_rng(0))
    assert note.dtype == np.float32
    assert note[0] == pytest.approx(0.0, abs=1e-6)
    assert note[-1] == pytest.approx(0.0, abs=1e-6)
    assert 0.05 < np.max(np.abs(note)) < 4.0
    # The best lag of the autocorrelation is one period, or two where the overtones lie between the
    # harmonics; a lag is one sample of 100, so 1.5 % is the resolution (a quarter tone is 3 %).
    middle = note[2000:10000] - note[2000:10000].mean()
    correlation = np.correlate(middle, middle, "full")[len(middle) - 1 :]
    n_periods = 220.0 / 22050 * (60 + int(np.argmax(correlation[60:250])))
    assert n_periods == pytest.approx(max(1, round(n_periods)), rel=0.015)


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


@pytest.mark.parametrize("drum", DRUMS)
def test_every_drum_has_unit_peak_early_and_ends_in_silence(drum: str) -> None:
    hit = render_hit(drum, kit=Kit(), sample_rate=22050, rng=np.random.default_rng(0))
    assert np.max(np.abs(hit)) == pytest.approx(1.0)
    assert np.sum(hit[: len(hit) // 2] ** 2) > 0.4 * np.sum(hit**2)
    assert hit[-1] == 0.0


def test_kick_is_low_and_hat_is_high() -> None:
    def centroid(drum: str) -> float:
        hit = render_hit(drum, kit=Kit(), sample_rate=22050, rng=np.random.default_rng(0))
        power = np.abs(np.fft.rfft(hit)) ** 2
        return float(np.sum(np.linspace(0, 11025, len(power)) * power) / power.sum())

    assert centroid("kick") < 300 < 3000 < centroid("hat")


@pytest.mark.parametrize(
    ("symbol", "root", "intervals"),
    [
        ("I", 0, (0, 4, 7)),
        ("ii7", 2, (0, 3, 7, 10)),
        ("V7", 7, (0, 4, 7, 10)),
        ("bVII", 10, (0, 4, 7)),
        ("bVI5", 8, (0, 7)),
        ("Imaj7", 0, (0, 4, 7, 11)),
        ("ii7b5", 2, (0, 3, 6, 10)),
        ("iv", 5, (0, 3, 7)),
    ],
)
def test_roman_numerals(symbol: str, root: int, intervals: tuple[int, ...]) -> None:
    assert parse_chord(symbol) == Chord(root, intervals)


@pytest.mark.parametrize("symbol", ["H7", "", "I13"])
def test_unknown_chords_are_refused(symbol: str) -> None:
    with pytest.raises(ConfigError, match=f"symbol='{symbol}' must"):
        parse_chord(symbol)


def test_chords_move_to_the_nearest_tones() -> None:
    c_major = voice_chord(parse_chord("I"), tonic=48, centre=60)
    f_major = voice_chord(parse_chord("IV"), tonic=48, centre=60, previous=c_major)
    assert c_major == (55, 60, 64)  # G C E round middle C
    assert f_major == (57, 60, 65)  # A C F: one tone stays, two move by at most a tone


def test_nearest_in_scale_prefers_the_lower_of_two() -> None:
    assert nearest_in_scale(60, tonic=48, scale="major") == 60
    assert nearest_in_scale(61, tonic=48, scale="major") == 60
    assert nearest_in_scale(66, tonic=48, scale="major_pentatonic") == 67


def test_pitch_of_a_is_440_and_octaves_double() -> None:
    assert frequency_of(69) == 440.0
    assert frequency_of(57) == pytest.approx(220.0)


def test_strokes_of_a_rhythm() -> None:
    first, second = strikes("x---..o-........", bar=0, meter=METERS["4/4"])
    assert (first.step, first.n_steps, first.accent) == (0, 4, 1.0)
    assert (second.step, second.n_steps) == (6, 2)
    assert second.accent == pytest.approx(0.48)  # off the beat 0.8, softly 0.6
    two_bars = "x..............." + "....x..........."
    assert [s.step for s in strikes(two_bars, bar=3, meter=METERS["4/4"])] == [4]
    # A bar of three-four cuts the note that would be held over its end.
    assert strikes("........x-------", bar=0, meter=METERS["3/4"])[0].n_steps == 4


def test_swing_delays_only_the_off_beats() -> None:
    even, swung = (Clock(120.0, METERS["4/4"], swing) for swing in (0.0, 1 / 3))
    assert even.bar_seconds == 2.0
    assert [even.seconds(1, step) for step in (0, 2, 4)] == [2.0, 2.25, 2.5]
    assert swung.seconds(0, 4) == 0.5
    # Triplets: the off-beat falls on two thirds of the quarter.
    assert swung.seconds(0, 2) == pytest.approx(0.5 * 2 / 3)


@pytest.mark.parametrize("genre", STYLES)
def test_every_style_names_what_exists(genre: str) -> None:
    style = STYLES[genre]
    for scale, chords in style.progressions:
        assert scale in SCALES
        assert len(parse_progression(chords)) >= 4
    assert set(style.meters) <= set(METERS)
    for pattern in style.drums:
        assert set(pattern) <= set(DRUMS)
        assert {len(rhythm) for rhythm in pattern.values()} <= {16}
    for line in (*style.basses, *style.chords, *style.leads):
        assert line.voice in VOICES
        assert len(line.rhythm) in (16, 32)
        assert set(line.rhythm) <= set("xo-.")


def test_a_track_grows_from_introduction_to_everybody() -> None:
    bars = plan_bars(parse_progression("I V vi IV"), 8, intro=frozenset({"chords"}))
    n_active = [len(bar.active) for bar in bars]
    assert len(bars) == 8
    assert bars[0].active == {"chords"}
    assert n_active == sorted(n_active)
    assert bars[-1].active == {"drums", "bass", "chords", "lead"}
    assert [bar.varied for bar in bars] == [False] * 6 + [True] * 2
    assert bars[4].chord == bars[0].chord == Chord(0, (0, 4, 7))


def test_a_blend_takes_rhythm_from_one_genre_and_harmony_from_the_other() -> None:
    artist = artist_of("rock", "jazz")
    sides = set()
    for seed in range(20):
        habits = blend(artist, rng=np.random.default_rng(seed))
        rhythm, tune = artist.habits, artist.second_habits
        if habits.tempo_bpm != rhythm.tempo_bpm:
            rhythm, tune = tune, rhythm
        assert (habits.drums, habits.bass, habits.meter) == (
            rhythm.drums,
            rhythm.bass,
            rhythm.meter,
        )
        assert (habits.chords, habits.lead) == (tune.chords, tune.lead)
        assert habits.progressions == tune.progressions
        sides.add(habits.tempo_bpm)
    assert len(sides) == 2


def test_a_blend_prefers_the_side_with_drums_for_the_rhythm() -> None:
    artist = artist_of("classical", "rock")
    silent = replace(artist, habits=replace(artist.habits, drums={}))
    for seed in range(10):
        assert blend(silent, rng=np.random.default_rng(seed)).drums == artist.second_habits.drums


def test_habits_run_through_an_artists_tracks() -> None:
    artist = artist_of("pop", "jazz")
    scores = [
        compose(artist, ("pop",), duration_seconds=12.0, rng=np.random.default_rng(seed))
        for seed in range(5)
    ]
    for score in scores:
        assert score.clock.tempo_bpm == pytest.approx(artist.habits.tempo_bpm, rel=0.021)
        assert [part.line for part in score.parts] == [
            artist.habits.bass,
            artist.habits.chords,
            artist.habits.lead,
        ]
    assert len({score.parts[2].notes for score in scores}) == 5  # and yet no two tracks are alike


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
