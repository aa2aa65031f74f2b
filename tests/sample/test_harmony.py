"""Chords, scales and pitches, worked by hand."""

import pytest

from genre.errors import ConfigError
from genre.sample.harmony import (
    Chord,
    frequency_of,
    nearest_in_scale,
    parse_chord,
    parse_progression,
    voice_chord,
)


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


def test_a_chord_is_voiced_round_its_register() -> None:
    # near 60 the nearest C, E and G are 60, 64 and 55; near 72 an octave higher
    assert voice_chord(parse_chord("I"), tonic=48, centre=72) == (67, 72, 76)
    assert parse_progression("I ii7") == (Chord(0, (0, 4, 7)), Chord(2, (0, 3, 7, 10)))
    assert parse_progression("") == ()
