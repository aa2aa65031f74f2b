"""Where windows lie: worked by hand, then as laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.audio.mel import MelConfig
from genre.audio.sound import SoundFacts
from genre.audio.windows import (
    WindowConfig,
    flags_of,
    pad_to_window,
    window_frames,
    window_starts,
)
from genre.errors import ConfigError

MEL = MelConfig()
WINDOWS = WindowConfig()


def test_four_seconds_are_two_hundred_frames() -> None:
    assert window_frames(WINDOWS, MEL) == 200
    assert window_frames(WindowConfig(window_seconds=2.0), MEL) == 100


@pytest.mark.parametrize(
    ("n_frames", "starts"),
    [
        (1, [0]),  # shorter than a window
        (199, [0]),
        (200, [0]),
        (201, [0]),  # a clip of 4 s
        (249, [0]),  # 0.98 s left over
        (250, [0, 50]),  # 1 s left over: one more window ends with the track
        (251, [0, 51]),  # a clip of 5 s
        (299, [0, 99]),
        (300, [0, 100]),
        (349, [0, 100]),
        (350, [0, 100, 150]),
        (501, [0, 100, 200, 300]),  # a clip of 10 s
    ],
)
def test_starts_worked_by_hand(n_frames: int, starts: list[int]) -> None:
    found = window_starts(n_frames, WINDOWS, MEL)
    assert found.tolist() == starts
    assert found.dtype == np.int64


@given(
    n_frames=st.integers(1, 3000),
    window=st.floats(0.02, 8.0),
    step=st.floats(0.01, 1.0),
    tail=st.floats(0.01, 3.0),
)
def test_windows_cover_the_track_up_to_a_tail(
    n_frames: int, window: float, step: float, tail: float
) -> None:
    windows = WindowConfig(window_seconds=window, step_seconds=window * step, min_tail_seconds=tail)
    length = window_frames(windows, MEL)
    starts = window_starts(n_frames, windows, MEL)
    assert starts[0] == 0
    assert (np.diff(starts) > 0).all()
    assert (np.diff(starts) <= length).all()  # no gap
    end = starts[-1] + length
    assert end <= max(n_frames, length)
    assert n_frames - end < max(1, round(tail * 50))


def test_padding_adds_silence_at_the_end_and_keeps_the_type() -> None:
    mel = np.ones((3, 2), dtype=np.float16)
    padded = pad_to_window(mel, WINDOWS, MEL)
    assert padded.shape == (200, 2)
    assert padded.dtype == np.float16
    assert (padded[:3] == 1).all()
    assert (padded[3:] == -80).all()


def test_windows_of_pretrained_networks_are_exact() -> None:
    musicnn = MelConfig(sample_rate=16000, n_fft=512, hop_length=256, f_max=8000.0)
    seconds = 187 * 256 / 16000
    assert window_frames(WindowConfig(window_seconds=seconds), musicnn) == 187
    aisfx = MelConfig(sample_rate=44100, hop_length=1024, f_max=22050.0, compression="log10")
    seconds = 100 * 1024 / 44100
    config = WindowConfig(window_seconds=seconds, step_seconds=seconds / 2)
    assert window_frames(config, aisfx) == 100
    assert window_starts(200, config, aisfx).tolist() == [0, 50, 100]
    padded = pad_to_window(np.ones((3, 2), dtype=np.float16), config, aisfx)
    assert (padded[3:] == 0).all()  # the silence of its logarithm


@pytest.mark.parametrize("n_frames", [200, 777])
def test_a_track_that_is_long_enough_is_left_alone(n_frames: int) -> None:
    mel = np.ones((n_frames, 2), dtype=np.float32)
    assert pad_to_window(mel, WINDOWS, MEL) is mel


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"window_seconds": 0.0}, "window_seconds=0.0 must be above 0 s"),
        ({"window_seconds": float("nan")}, "window_seconds=nan must be"),
        ({"step_seconds": 0.0}, "step_seconds=0.0 must be above 0 s"),
        ({"step_seconds": 4.5}, "step_seconds=4.5 must be .* at most window_seconds=4.0"),
        ({"min_tail_seconds": 0.0}, "min_tail_seconds=0.0 must be above 0 s"),
    ],
)
def test_settings_out_of_range_are_named(changes: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        WindowConfig(**changes)


def test_a_track_without_frames_is_refused() -> None:
    with pytest.raises(ConfigError, match="n_frames=0 must be at least 1"):
        window_starts(0, WINDOWS, MEL)


@pytest.mark.parametrize(
    ("seconds", "flags"),
    [(3.979, ("partial", "short")), (3.98, ("partial",)), (4.0, ("partial",))],
)
def test_what_is_padded_to_a_window_is_flagged(seconds: float, flags: tuple[str, ...]) -> None:
    facts = SoundFacts(
        container="wav",
        sample_rate=8000,
        n_channels=1,
        duration_seconds=seconds,
        declared_seconds=None,
        peak=1.0,
        clipped_fraction=0.0,
        flags=("partial",),
    )
    assert flags_of(facts, WINDOWS, MEL) == flags
