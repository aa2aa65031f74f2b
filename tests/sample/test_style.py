"""How a rhythm is written and read."""

import pytest

from genre.sample.harmony import (
    METERS,
)
from genre.sample.style import Line, strikes


def test_strokes_of_a_rhythm() -> None:
    first, second = strikes("x---..o-........", bar=0, meter=METERS["4/4"])
    assert (first.step, first.n_steps, first.accent) == (0, 4, 1.0)
    assert (second.step, second.n_steps) == (6, 2)
    assert second.accent == pytest.approx(0.48)  # off the beat 0.8, softly 0.6
    two_bars = "x..............." + "....x..........."
    assert [s.step for s in strikes(two_bars, bar=3, meter=METERS["4/4"])] == [4]
    # A bar of three-four cuts the note that would be held over its end.
    assert strikes("........x-------", bar=0, meter=METERS["3/4"])[0].n_steps == 4


@pytest.mark.parametrize(
    ("rhythm", "steps"),
    [
        ("................", []),
        ("----x-----------", [(4, 12)]),  # nothing is held before the first stroke
        ("x-x-............", [(0, 2), (2, 2)]),
        ("...............x", [(15, 1)]),
    ],
)
def test_notes_are_held_by_dashes_only(rhythm: str, steps: list[tuple[int, int]]) -> None:
    found = strikes(rhythm, bar=0, meter=METERS["4/4"])
    assert [(stroke.step, stroke.n_steps) for stroke in found] == steps


def test_six_eight_has_its_accent_on_the_seventh_sixteenth() -> None:
    found = strikes("x---x-x-........", bar=0, meter=METERS["6/8"])
    assert [(stroke.step, stroke.accent) for stroke in found] == [(0, 1.0), (4, 0.8), (6, 1.0)]


def test_a_line_is_clean_unless_it_is_driven() -> None:
    assert Line("piano", "block", "x" * 16).drive == 0.0
