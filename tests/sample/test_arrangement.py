"""From an artist's habits to the notes of one track."""

from dataclasses import replace

import numpy as np
import pytest

from genre.sample.arrangement import blend, compose, plan_bars, play_drums
from genre.sample.harmony import (
    METERS,
    Chord,
    parse_progression,
)
from genre.sample.parts import Clock
from tests.sample_examples import artist_of


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


def test_drums_play_their_pattern_and_fill_every_fourth_bar() -> None:
    artist = artist_of("rock", "jazz")
    habits = replace(artist.habits, drums={"kick": "x.......x.......", "snare": "....x.......x..."})
    bars = plan_bars(parse_progression("I V vi IV"), 4, intro=frozenset({"chords", "drums"}))
    clock = Clock(120.0, METERS["4/4"], 0.0)  # a bar is two seconds
    hits = play_drums(habits, bars, clock=clock, rng=np.random.default_rng(0))
    first = [hit for hit in hits if hit.start_seconds < 1.9]
    assert [hit.drum for hit in first] == ["kick", "kick", "snare", "snare"]
    # each stroke lies within milliseconds of its sixteenth: a standard deviation of 2
    expected = [0.0, 1.0, 0.5, 1.5]
    assert [hit.start_seconds for hit in first] == pytest.approx(expected, abs=0.01)
    # three bars of four strokes; the last has a fill of two or four in its last quarter
    assert len(hits) in (4 * 4 + 2, 4 * 4 + 4)
    assert all(hit.start_seconds >= 7.5 for hit in hits[16:])


def test_without_drums_nobody_strikes() -> None:
    artist = artist_of("rock", "jazz")
    habits = replace(artist.habits, drums={})
    bars = plan_bars(parse_progression("I"), 4, intro=frozenset({"drums"}))
    clock = Clock(120.0, METERS["4/4"], 0.0)
    assert play_drums(habits, bars, clock=clock, rng=np.random.default_rng(0)) == ()
    resting = plan_bars(parse_progression("I"), 1, intro=frozenset({"chords"}))
    rng = np.random.default_rng(0)
    assert play_drums(artist.habits, resting, clock=clock, rng=rng) == ()
