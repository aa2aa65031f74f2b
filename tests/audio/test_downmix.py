"""Channels become one so that what everybody hears is heard, and ordinary sound stays as it was.

The rule: where the mean of the channels would lose nearly all of them, the sound of the mixture is
that of the channels added up; everywhere else it is the plain mean, bit for bit.
"""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import lfilter

from genre.audio.decode import load_waveform
from genre.audio.downmix import Downmix
from genre.audio.frontend import extract
from tests.sounds import FORMATS, write

RATE = 22050


def mixed(channels: NDArray[np.float32], *, cut: int = 65536) -> tuple[NDArray[np.float32], int]:
    downmix = Downmix(channels.shape[1], RATE)
    pieces = [downmix.push(channels[k : k + cut]) for k in range(0, len(channels), cut)]
    return np.concatenate([*pieces, downmix.finish()]), downmix.n_turned_frames


def noise(seconds: float, *, seed: int = 0, n_channels: int = 1) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 0.1, (round(seconds * RATE), n_channels)).astype(np.float32)


def gains(*values: float | tuple[float, ...]) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def level(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


@pytest.mark.parametrize("other", [-1.0, -0.98, -0.9, -0.8])
def test_opposed_channels_are_heard(other: float) -> None:
    one = noise(3)
    heard, n_turned = mixed(one * gains(1, other))
    assert n_turned == len(one)
    # as loud as equal channels of these levels would be
    np.testing.assert_allclose(heard, one[:, 0] * (1 - other) / 2, atol=1e-6)


@pytest.mark.parametrize(
    "factors",
    [
        (1, -1, 0, 0, 0, 0),  # 5.1 with opposed fronts and nothing else
        (1, -1, 0, 0, 0.5, -0.5),
        (1, -1, 0, 0.001, 0, 0),  # and a rumble
        (0, 0, 0, 0, 1, -1),
        (0, 1, -1),
        (1, -1, 1, -1, 1, -1, 1, -1),
    ],
)
def test_opposed_channels_of_any_layout_are_heard(factors: tuple[float, ...]) -> None:
    one = noise(2)
    heard, _ = mixed(one * gains(*factors))
    assert level(heard) == pytest.approx(
        level(one) * np.abs(factors).sum() / len(factors), rel=0.01
    )


def test_two_opposed_pairs_of_different_sound_are_both_heard() -> None:
    front, rear = noise(2, seed=1)[:, 0], noise(2, seed=2)[:, 0]
    heard, _ = mixed(np.stack([front, -front, rear, -rear], axis=1))
    for sound in (front, rear):
        assert abs(np.corrcoef(heard, sound)[0, 1]) > 0.6


@pytest.mark.parametrize("offsets", [(0.02, 0.02), (0.3, 0.3), (0.3, -0.1), (-0.2, 0.1)])
def test_an_offset_does_not_hide_that_channels_cancel(offsets: tuple[float, float]) -> None:
    """An offset is no sound: with it in the mean, nothing of the music was left but that."""
    one = noise(3)
    heard, n_turned = mixed(one * gains(1, -1) + gains(*offsets))
    assert n_turned == len(one)
    assert level(heard - heard.mean()) == pytest.approx(level(one), rel=0.01)


def test_channels_that_no_longer_cancel_are_turned_back_beside_an_offset() -> None:
    one = noise(4)
    channels = one * gains(1, 1) + gains(0.3, 0.3)
    channels[: len(one) // 2] = (one * gains(1, -1) + gains(0.3, 0.3))[: len(one) // 2]
    heard, _ = mixed(channels)
    last = heard[-RATE:]
    assert level(last - last.mean()) == pytest.approx(level(one[-RATE:]), rel=0.02)


# How two independent sounds become the channels, and an offset of each.
ORDINARY = {
    "equal": (((1, 0), (1, 0)), (0, 0)),
    "independent": (((1, 0), (0, 1)), (0, 0)),
    "one channel": (((1, 0), (0, 0)), (0, 0)),
    "wide": (((1, 1), (1, -0.9)), (0, 0)),
    "half opposed": (((1, 0), (-0.5, 0)), (0, 0)),
    "a room out of phase": (((1, 0.3), (1, -0.3)), (0, 0)),
    "silence": (((0, 0), (0, 0)), (0, 0)),
    "opposed below hearing": (((4e-4, 0), (-4e-4, 0)), (0, 0)),
    "opposed offsets": (((1, 0), (1, 0)), (2, -2)),
}


@pytest.mark.parametrize("name", ORDINARY)
@pytest.mark.parametrize("n_frames", [1000, 3 * RATE])
def test_ordinary_sound_is_the_plain_mean_bit_for_bit(name: str, n_frames: int) -> None:
    mixing, offsets = ORDINARY[name]
    channels = noise(3, n_channels=2)[:n_frames] @ gains(*mixing).T + gains(*offsets)
    heard, n_turned = mixed(channels)
    assert n_turned == 0
    assert np.array_equal(heard, channels @ gains(0.5, 0.5))


@settings(max_examples=25, deadline=None)
@given(
    n_channels=st.integers(2, 6),
    cut=st.integers(100, 70_000),
    turns=st.lists(st.sampled_from([1.0, -1.0, 0.0, 0.5]), min_size=1, max_size=5),
    seed=st.integers(0, 9),
)
def test_how_blocks_are_cut_changes_nothing(
    n_channels: int, cut: int, turns: list[float], seed: int
) -> None:
    one = noise(0.7 * len(turns), seed=seed)
    gain = np.repeat(gains(*turns), -(-len(one) // len(turns)))[: len(one), None]
    channels = np.tile(one, (1, n_channels))
    channels[:, 1:2] *= gain
    whole = mixed(channels)
    pieces = mixed(channels, cut=cut)
    assert np.array_equal(whole[0], pieces[0])
    assert whole[1] == pieces[1]
    assert len(whole[0]) == len(one)


@pytest.mark.parametrize("n_turns", [2, 5])
def test_nothing_clicks_where_channels_turn(n_turns: int) -> None:
    # A low tone whose right channel turns over and back: nowhere may the mixture jump by more than
    # the tone itself does, and both kinds of passage must be heard.
    time = np.arange(2 * n_turns * RATE) / RATE
    tone = (0.5 * np.sin(2 * np.pi * 100 * time)).astype(np.float32)
    sign = np.where(time.astype(int) // 2 % 2, -1, 1).astype(np.float32)
    # the source itself turns softly, as any real effect does
    sign = np.convolve(sign, np.full(441, 1 / 441, dtype=np.float32), "same").astype(np.float32)
    heard, _ = mixed(np.stack([tone, tone * sign], axis=1))
    assert np.abs(np.diff(heard)).max() < 1.5 * np.abs(np.diff(tone)).max()
    middles = [heard[2 * k * RATE + RATE // 2 :][:RATE] for k in range(n_turns)]
    assert min(map(level, middles)) > 0.9 * level(tone)


def test_the_pattern_and_its_negative_do_not_alternate() -> None:
    # Equally loud channels: rounding decides which is the louder one, and must not be heard.
    one = noise(5)
    heard, _ = mixed(one * gains(1, -1) + noise(5, seed=3, n_channels=2) * gains(0.01))
    assert np.corrcoef(heard, one[:, 0])[0, 1] > 0.999


@pytest.mark.parametrize("form", ["wav", "flac", "mp3", "ogg-vorbis"])
def test_an_opposed_file_has_the_features_of_its_left_channel(tmp_path: Path, form: str) -> None:
    # Louder below than above, as music is: Vorbis makes high bands of both channels equal.
    left = lfilter([0.1], [1, -0.98], noise(4)[:, 0])
    opposed = write(tmp_path / f"o.{form}", np.stack([left, -left], 1), RATE, **FORMATS[form])
    equal = write(tmp_path / f"e.{form}", np.stack([left, left], 1), RATE, **FORMATS[form])
    heard, expected = extract(opposed), extract(equal)
    assert heard.facts.flags == ("opposed",)
    assert expected.facts.flags == ()
    # lossless forms to rounding, lossy ones to what their coding of a side channel costs
    off = np.abs(heard.mel.astype(np.float32) - expected.mel.astype(np.float32))[:, :24]
    assert np.median(off) < (0.1 if form in ("wav", "flac") else 3.0)


def test_a_short_effect_is_heard_and_not_spoken_of(tmp_path: Path) -> None:
    left = noise(20)[:, 0]
    right = left.copy()
    right[5 * RATE : 5 * RATE + RATE] *= -1
    waveform = load_waveform(write(tmp_path / "a.wav", np.stack([left, right], 1), RATE))
    assert waveform.facts.flags == ()
    middle = slice(5 * RATE + RATE // 2, 5 * RATE + 3 * RATE // 4)
    assert level(waveform.samples[middle]) == pytest.approx(level(left), rel=0.1)
