"""The sample dataset: physics of the instruments, grammar of the music, files on disk."""

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile

from genre.dataset.sample import SampleConfig, make_sample_dataset, render_excerpt
from genre.dataset.sample.arrangement import blend, compose, plan_bars
from genre.dataset.sample.artists import Artist, invent_artist, invent_names
from genre.dataset.sample.harmony import (
    METERS,
    SCALES,
    Chord,
    frequency_of,
    nearest_in_scale,
    parse_chord,
    parse_progression,
    voice_chord,
)
from genre.dataset.sample.instruments import Timbre, Tone
from genre.dataset.sample.mixing import finish, level_and_fade, mix
from genre.dataset.sample.parts import Clock, strikes
from genre.dataset.sample.percussion import DRUMS, Kit, render_hit
from genre.dataset.sample.planning import plan_tracks
from genre.dataset.sample.rendering import render_track
from genre.dataset.sample.styles import STYLES
from genre.dataset.sample.voices import VOICES
from genre.errors import ConfigError, DatasetError

TINY = SampleConfig(
    genres=("jazz", "rock"),
    n_artists_per_genre=1,
    n_tracks_per_artist=2,
    min_seconds=2.0,
    max_seconds=2.5,
)


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
    bars = plan_bars(parse_progression("I V vi IV"), 8, rng=np.random.default_rng(0))
    n_active = [len(bar.active) for bar in bars]
    assert len(bars) == 8
    assert n_active[0] < 4
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
        assert score.clock.tempo_bpm == pytest.approx(artist.habits.tempo_bpm, rel=0.031)
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
    assert np.max(np.abs(result)) == pytest.approx(10 ** (-1 / 20), rel=1e-3)
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


def test_the_default_dataset_is_as_promised() -> None:
    config = SampleConfig()
    plans = plan_tracks(config)
    assert len(plans) >= 196
    assert {plan.genres[0] for plan in plans} == set(config.genres)
    assert len({plan.artist.name for plan in plans}) == 70
    assert sum(len(plan.genres) == 2 for plan in plans) == round(len(plans) / 4)
    assert all(12 <= plan.duration_seconds <= 16 for plan in plans)
    assert {plan.sample_rate for plan in plans} == {22050, 44100, 48000}
    assert {plan.n_channels for plan in plans} == {1, 2}
    assert {Path(plan.relative_path).suffix for plan in plans} == {".mp3", ".wav"}
    assert len({plan.relative_path for plan in plans}) == len(plans)


def test_names_are_different() -> None:
    assert len(set(invent_names(600, rng=np.random.default_rng(0)))) == 600


def test_same_seed_same_samples_other_seed_other_samples() -> None:
    first, again, other = (
        render_track(plan_tracks(replace(TINY, seed=seed))[0]) for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first[:20000], other[:20000])


@pytest.mark.parametrize("genre", STYLES)
def test_excerpts_are_music(genre: str) -> None:
    rng = np.random.default_rng(1)
    samples, sample_rate = render_excerpt(genre, rng=rng, duration_seconds=4.0)
    assert (samples.dtype, samples.shape, sample_rate) == (np.float32, (88200,), 22050)
    assert np.max(np.abs(samples)) <= 0.9
    assert np.mean(np.abs(samples) > 0.89) < 0.001  # not clipped
    loudness = np.sqrt(np.mean(samples[: 4 * 20000].reshape(-1, 4000) ** 2, axis=1))
    assert np.median(loudness) > 0.01  # not silent


def test_excerpts_refuse_what_they_cannot_make() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ConfigError, match="genre='polka' must be one of: classical, pop"):
        render_excerpt("polka", rng=rng, duration_seconds=4.0)
    with pytest.raises(ConfigError, match="duration_seconds=0 must be at least 2"):
        render_excerpt("jazz", rng=rng, duration_seconds=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"genres": ("polka", "jazz")}, "genres=.* must be two or more different ones of: class"),
        ({"genres": ("jazz",)}, "genres=.* must be two or more"),
        ({"genres": ("jazz", "jazz")}, "genres=.* must be two or more"),
        ({"n_artists_per_genre": 0}, "n_artists_per_genre=0 must be at least 1"),
        ({"n_artists_per_genre": 100}, "at most 600 artists"),
        ({"n_tracks_per_artist": 0}, "n_tracks_per_artist=0 must"),
        ({"min_seconds": 9.0, "max_seconds": 8.0}, "the first not above the second"),
        ({"min_seconds": 1.0}, "min_seconds=1.0"),
        ({"seed": -1}, "seed=-1 must be at least 0"),
    ],
)
def test_bad_options_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SampleConfig(**options)  # type: ignore[arg-type]


def test_the_cut_on_disk(sample_cut: Path) -> None:
    with (sample_cut / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 18
    assert list(rows[0]) == ["path", "genres", "artist"]
    for row in rows:
        path, genres = sample_cut / row["path"], row["genres"].split("|")
        assert path.parent.name == genres[0]
        info = soundfile.info(path)
        assert info.duration == pytest.approx(10.0, abs=0.1)  # MP3 pads to whole frames
        tags = mutagen.File(path).tags
        assert tags["TPE1"].text == [row["artist"]]
        assert tags["TCON"].text == genres
        assert path.stem == f"{row['artist']} - {tags['TIT2'].text[0]}"
    assert {Path(row["path"]).suffix for row in rows} == {".mp3", ".wav"}


def test_a_second_call_does_nothing_and_touches_nothing(sample_cut: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in sample_cut.rglob("*.*")}
    marker = json.loads((sample_cut / "sample.json").read_text())["config"]
    config = SampleConfig(**{**marker, "genres": tuple(marker["genres"])})
    summary = make_sample_dataset(sample_cut, config)
    assert summary.n_written == 0
    assert str(summary).endswith(f"sample dataset: {sample_cut}")
    assert {path: path.stat().st_mtime_ns for path in sample_cut.rglob("*.*")} == before


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tiny")
    make_sample_dataset(root, TINY, n_workers=1)
    return root


def test_another_configuration_replaces_ours_and_keeps_yours(tiny: Path) -> None:
    old = {path for path in tiny.rglob("*") if path.suffix in (".mp3", ".wav")}
    kept, changed = tiny / "jazz" / "mine.wav", min(old)
    kept.write_bytes(b"mine")
    changed.write_bytes(b"edited by its owner")
    summary = make_sample_dataset(tiny, replace(TINY, seed=5), n_workers=1)
    assert summary.n_written == 4
    new = {path for path in tiny.rglob("*") if path.suffix in (".mp3", ".wav")}
    assert kept.read_bytes() == b"mine"
    assert changed.read_bytes() == b"edited by its owner"
    assert new & old == {changed}
    assert len(new) == 4 + 2


def test_a_foreign_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("path,genres\n")
    with pytest.raises(DatasetError, match=r"root=.* must be empty .* labels.csv is there"):
        make_sample_dataset(tmp_path, TINY)
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]
    with pytest.raises(DatasetError, match="must be a folder"):
        make_sample_dataset(tmp_path / "labels.csv", TINY)


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_broken_marker_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "sample.json").write_text(text)
    with pytest.raises(DatasetError, match=r"sample.json must be"):
        make_sample_dataset(tmp_path, TINY)


def test_an_interrupted_dataset_is_made_again(tmp_path: Path) -> None:
    make_sample_dataset(tmp_path, TINY, n_workers=1)
    sound = {path: path.read_bytes() for path in tmp_path.rglob("*.wav")}
    marker = json.loads((tmp_path / "sample.json").read_text())
    marker["finished"] = False
    (tmp_path / "sample.json").write_text(json.dumps(marker))
    assert make_sample_dataset(tmp_path, TINY, n_workers=1).n_written == 4
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.wav")} == sound


def test_the_synthesiser_needs_no_torch_and_warns_of_nothing() -> None:
    heavy = "{'torch', 'librosa', 'sklearn'} & set(sys.modules)"
    code = f"import sys, genre.dataset.sample; print({heavy})"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


def test_the_script_says_where_the_data_is(tmp_path: Path) -> None:
    script = Path(__file__).resolve().parents[1] / "scripts" / "make_sample_data.py"
    words = "--genres jazz rock --n-artists-per-genre 1 --n-tracks-per-artist 1 --workers 1"
    words += " --min-seconds 2 --max-seconds 2"
    command = [sys.executable, str(script), "--out", str(tmp_path / "s"), *words.split()]
    for expected in ("made 2 tracks", "it was there already"):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout
        assert done.stdout.splitlines()[-1] == f"sample dataset: {tmp_path / 's'}"
