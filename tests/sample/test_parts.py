"""From a line and the bars of a track to notes."""

import itertools

import numpy as np
import pytest

from genre.sample.harmony import (
    METERS,
    parse_progression,
)
from genre.sample.parts import Bar, Clock, Note, play_line
from genre.sample.style import Line


def test_swing_delays_only_the_off_beats() -> None:
    even, swung = (Clock(120.0, METERS["4/4"], swing) for swing in (0.0, 1 / 3))
    assert even.bar_seconds == 2.0
    assert [even.seconds(1, step) for step in (0, 2, 4)] == [2.0, 2.25, 2.5]
    assert swung.seconds(0, 4) == 0.5
    # Triplets: the off-beat falls on two thirds of the quarter.
    assert swung.seconds(0, 2) == pytest.approx(0.5 * 2 / 3)


CLOCK = Clock(120.0, METERS["4/4"], 0.0)  # a sixteenth is 0.125 s
EVERYBODY = frozenset({"bass", "chords", "lead"})


def played(
    role: str,
    line: Line,
    progression: str,
    *,
    active: frozenset[str] = EVERYBODY,
    intensity: float = 1.0,
    seed: int = 0,
) -> tuple[Note, ...]:
    """Play a line over chords, one to a bar, in C major."""
    bars = tuple(Bar(active, chord, intensity) for chord in parse_progression(progression))
    rng = np.random.default_rng(seed)
    return play_line(role, line, bars=bars, clock=CLOCK, tonic=48, scale="major", rng=rng)


@pytest.mark.parametrize(
    ("motion", "pitches"),
    [
        # from the C below the bass clef (36): its fifth, its octave, or in steps up to G (43)
        ("root", [36, 36, 36, 36]),
        ("fifth", [36, 43, 36, 43]),
        ("octave", [36, 48, 36, 48]),
        ("walk", [36, 40, 40, 43]),
    ],
)
def test_a_bass_moves_as_its_line_says(motion: str, pitches: list[int]) -> None:
    notes = played("bass", Line("piano", motion, "x---x---x---x---"), "I V")
    assert [note.pitch for note in notes[:4]] == pitches
    # the hand is a few milliseconds off the beat: a standard deviation of 4
    starts = [note.start_seconds for note in notes[:4]]
    assert starts == pytest.approx([0.0, 0.5, 1.0, 1.5], abs=0.02)
    # four sixteenths, less a twentieth between two notes
    assert all(note.duration_seconds == pytest.approx(0.475) for note in notes)


@pytest.mark.parametrize(
    ("motion", "pitches"),
    [
        ("block", [[55, 60, 64], [55, 60, 64]]),
        ("strum", [[55, 60, 64, 67], [55, 60, 64, 67]]),
        ("broken", [[55], [64], [60], [64], [55]]),
        ("arpeggio", [[55], [60], [64], [67], [72], [76], [55]]),
    ],
)
def test_chords_are_spread_as_their_line_says(motion: str, pitches: list[list[int]]) -> None:
    rhythm = "x-" * len(pitches)
    notes = played("chords", Line("piano", motion, rhythm.ljust(16, ".")), "I")
    assert [note.pitch for note in notes] == list(itertools.chain(*pitches))


def test_a_strum_is_spread_over_the_strings() -> None:
    notes = played("chords", Line("steel_guitar", "strum", "....x..........."), "I")
    expected = [0.5, 0.512, 0.524, 0.536]
    assert [note.start_seconds for note in notes] == pytest.approx(expected, abs=0.02)
    plain = played("chords", Line("steel_guitar", "block", "....x..........."), "I")
    # The hand moves both alike, as it is the same draw.
    assert notes[2].start_seconds - plain[2].start_seconds == pytest.approx(0.024)


def test_a_melody_sounds_the_chord_on_the_beat_and_the_scale_between() -> None:
    notes = played("lead", Line("flute", "melody", "x" * 16), "I V vi IV")
    chords = [{0, 4, 7}, {7, 11, 2}, {9, 0, 4}, {5, 9, 0}]
    for number, note in enumerate(notes):
        bar, step = divmod(number, 16)
        legal = chords[bar] if step % 4 == 0 else {0, 2, 4, 5, 7, 9, 11}
        assert note.pitch % 12 in legal
        # a sixth up and down from the C of 72, and the step to the nearest tone of the chord
        assert abs(note.pitch - 72) <= 9 + 6


def test_a_motif_returns_and_another_seed_has_another() -> None:
    line = Line("flute", "melody", "x---x-x-x---x-x-")
    notes = played("lead", line, "I I I I")
    bars = [[note.pitch for note in notes[start : start + 6]] for start in range(0, 24, 6)]
    assert bars[0] == bars[2]
    assert bars[1] == bars[3]
    other = played("lead", line, "I I I I", seed=1)
    assert [note.pitch for note in other] != [note.pitch for note in notes]


@pytest.mark.parametrize("role", ["bass", "chords", "lead"])
def test_whoever_is_not_active_is_silent(role: str) -> None:
    line = Line("piano", "melody" if role == "lead" else "root", "x---x---x---x---")
    assert played(role, line, "I V", active=EVERYBODY - {role}) == ()
    loud, soft = (played(role, line, "I V", intensity=level) for level in (1.0, 0.5))
    assert [note.velocity / 2 for note in loud] == pytest.approx([n.velocity for n in soft])
