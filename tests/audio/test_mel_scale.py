"""genre.audio.mel_scale: known places, and there and back."""

import numpy as np
import pytest

from genre.audio.mel_scale import to_hz, to_mel


@pytest.mark.parametrize(
    ("scale", "frequency", "mel"),
    [
        ("slaney", 0.0, 0.0),
        ("slaney", 1000.0, 15.0),
        ("slaney", 6400.0, 42.0),  # 27 mel per factor of 6.4
        ("htk", 0.0, 0.0),
        ("htk", 700.0, 2595 * 0.30102999566398),  # log10 of 2
        ("htk", 6300.0, 2595.0),
    ],
)
def test_known_places(scale: str, frequency: float, mel: float) -> None:
    assert to_mel(frequency, scale) == pytest.approx(mel)
    assert to_hz(np.array([mel]), scale)[0] == pytest.approx(frequency, abs=1e-9)
