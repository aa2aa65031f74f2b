"""The seven genres: whatever they name exists."""

import pytest

from genre.sample.genres import STYLES
from genre.sample.harmony import (
    METERS,
    SCALES,
    parse_progression,
)
from genre.sample.percussion import DRUMS
from genre.sample.voices import VOICES


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


def test_the_genres_stand_in_their_order() -> None:
    names = ["classical", "pop", "rock", "jazz", "electronic", "hiphop", "folk"]
    assert list(STYLES) == names


def test_no_two_genres_share_tempo_and_lines() -> None:
    marks = {
        (style.tempo_bpm, style.basses, style.chords, style.leads) for style in STYLES.values()
    }
    assert len(marks) == len(STYLES)
