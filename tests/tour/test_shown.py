"""What a step returns, as a notebook shows it."""

import io

import numpy as np
import pandas as pd
import pytest
import soundfile
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure

from genre.tour.shown import MAX_SECONDS, Shown, Sound, as_list


def test_a_sound_is_cut_and_compressed() -> None:
    sound = Sound(np.zeros(20 * 8000, dtype=np.float32), 8000)
    known = soundfile.info(io.BytesIO(sound.mp3))
    assert known.format == "MP3"
    assert MAX_SECONDS - 0.1 < known.duration <= MAX_SECONDS + 0.2
    assert len(sound.mp3) < 100_000


def test_parts_come_before_words(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    sound = Sound(np.zeros(8000, dtype=np.float32), 8000)
    table, picture = pd.DataFrame({"a": [1]}), Figure()
    Shown("What it shows.", (picture, "Above", table, sound))._ipython_display_()
    assert shown[0] is picture
    assert shown[2] is table
    assert [getattr(one, "data", None) for one in (shown[1], shown[4])] == [
        "Above",
        "What it shows.",
    ]
    assert shown[3]._repr_html_().count("data:audio/mpeg;base64,") == 1  # type: ignore[attr-defined]


def test_nothing_is_shown_of_no_words() -> None:
    with capture_output() as caught:
        Shown("")._ipython_display_()
    assert not caught.outputs
    assert not caught.stdout


def test_a_list_is_markdown() -> None:
    assert as_list(["one", "two"]) == "* one\n* two"
