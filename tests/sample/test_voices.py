"""Every pitched instrument by name: in tune, and silent at its end."""

import numpy as np
import pytest

from genre.sample.instruments import Timbre, Tone
from genre.sample.voices import VOICES


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


def test_no_two_instruments_are_set_alike() -> None:
    assert len({repr(voice) for voice in VOICES.values()}) == len(VOICES)
