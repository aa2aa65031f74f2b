"""Which layouts of sound are accepted."""

from pathlib import Path

import numpy as np
import pytest

from genre.audio.decode import load_waveform
from genre.audio.sound import check_layout
from genre.errors import AudioError, AudioErrorKind
from tests.sounds import fault_of, write


@pytest.mark.parametrize("rate", [1, 999, 384_001])
def test_odd_sample_rates_are_refused(tmp_path: Path, rate: int) -> None:
    fault = fault_of(write(tmp_path / "a.wav", np.zeros(900), rate))
    assert fault.kind is AudioErrorKind.UNSUPPORTED
    assert f"sample_rate={rate} that must be between 1000 and 384000" in fault.message


def test_too_many_channels_are_refused(tmp_path: Path) -> None:
    assert load_waveform(write(tmp_path / "8.wav", np.ones((9000, 8)) / 2)).facts.n_channels == 8
    fault = fault_of(write(tmp_path / "9.wav", np.ones((9000, 9)) / 2))
    assert fault.kind is AudioErrorKind.UNSUPPORTED
    assert "n_channels=9 that must be between 1 and 8" in fault.message


@pytest.mark.parametrize(("rate", "n_channels"), [(1000, 1), (44100, 2), (384_000, 8)])
def test_the_edges_are_accepted(rate: int, n_channels: int) -> None:
    check_layout(Path("a.wav"), rate, n_channels)


@pytest.mark.parametrize(
    ("rate", "n_channels", "message"),
    [
        (999, 1, "a.wav has sample_rate=999 that must be between 1000 and 384000 Hz; resample"),
        (384_001, 1, "a.wav has sample_rate=384001 that must"),
        (44100, 0, "a.wav has n_channels=0 that must be between 1 and 8; mix it to stereo"),
        (44100, 9, "a.wav has n_channels=9 that must"),
        (0, 0, "a.wav has sample_rate=0 that must"),  # the rate is named first
    ],
)
def test_a_layout_beyond_them_is_unsupported(rate: int, n_channels: int, message: str) -> None:
    with pytest.raises(AudioError, match=message) as caught:
        check_layout(Path("a.wav"), rate, n_channels)
    assert caught.value.kind is AudioErrorKind.UNSUPPORTED
