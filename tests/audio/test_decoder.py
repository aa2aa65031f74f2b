"""An open file as blocks: counted, averaged, resampled, capped and checked."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.audio.containers import Container
from genre.audio.decode import load_waveform, open_audio
from genre.audio.decoder import DecodeConfig, Decoder
from genre.audio.sound import Lengths, SoundFacts
from genre.errors import AudioError, AudioErrorKind, ConfigError
from tests.sounds import FORMATS, fault_of, tone, write

RATES = [1000, 4000, 8000, 11025, 16000, 22050, 32000, 48000, 96000, 384000]


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_becomes_the_configured_one(tmp_path: Path, rate: int) -> None:
    waveform = load_waveform(write(tmp_path / "a.wav", tone(1.0, rate, frequency=110.0), rate))
    # within one sample of n * out / in
    assert abs(len(waveform.samples) - 22050) <= 1
    expected = tone(1.0, 22050, frequency=110.0)[1000:-1000]
    # soxr's HQ passes below 0.91 of the band; 16 bits leave 3e-5
    np.testing.assert_allclose(waveform.samples[1000 : 1000 + len(expected)], expected, atol=1e-3)


@pytest.mark.parametrize("block_frames", [1, 777, 65536])
def test_blocks_do_not_change_the_sound(tmp_path: Path, block_frames: int) -> None:
    rng = np.random.default_rng(1)
    path = write(tmp_path / "a.flac", rng.normal(0, 0.1, (9000, 2)), **FORMATS["flac"])
    cut = load_waveform(path, DecodeConfig(block_frames=block_frames))
    assert np.array_equal(cut.samples, load_waveform(path).samples)
    decoder = open_audio(path, DecodeConfig(block_frames=block_frames))
    assert sum(map(len, decoder.blocks())) == 9000


def test_channels_are_averaged(tmp_path: Path) -> None:
    channels = np.zeros((22050, 4))
    channels[:, 1] = 0.5
    waveform = load_waveform(write(tmp_path / "a.wav", channels, 22050))
    assert (waveform.samples == 0.125).all()


def test_silence_is_flagged(tmp_path: Path) -> None:
    quiet = np.zeros(22050)
    assert load_waveform(write(tmp_path / "a.wav", quiet, 22050)).facts.flags == ("silent",)
    quiet[5] = 0.01
    assert load_waveform(write(tmp_path / "b.wav", quiet, 22050)).facts.flags == ()


def test_length_and_size_have_limits(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(2.0, 44100))
    short = write(tmp_path / "s.wav", tone(0.099, 44100))
    assert fault_of(short).kind is AudioErrorKind.TOO_SHORT
    assert "0.099 s" in fault_of(short).message
    assert fault_of(path, DecodeConfig(min_seconds=2.1)).kind is AudioErrorKind.TOO_SHORT
    assert fault_of(path, DecodeConfig(max_seconds=1.9)).kind is AudioErrorKind.TOO_LONG
    assert fault_of(path, DecodeConfig(max_bytes=1000)).kind is AudioErrorKind.TOO_LARGE
    exact = DecodeConfig(min_seconds=2.0, max_seconds=2.01, max_bytes=path.stat().st_size)
    assert load_waveform(path, exact).duration_seconds == 2.0


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_samples_that_are_no_numbers_are_refused(tmp_path: Path, bad: float) -> None:
    samples = np.tile(tone(3.0, 44100)[:, None], (1, 2))
    samples[100_000, 1] = bad
    path = write(tmp_path / "a.wav", samples, **FORMATS["wav-float"])
    fault = fault_of(path)
    assert fault.kind is AudioErrorKind.CORRUPT
    assert "NaN or infinite" in fault.message


def test_samples_too_large_for_sound_are_refused(tmp_path: Path) -> None:
    # finite, but the sum of two channels is not
    samples = np.tile(tone(1.0, 44100)[:, None], (1, 2))
    samples[5000] = 3e38
    fault = fault_of(write(tmp_path / "a.wav", samples, **FORMATS["wav-float"]))
    assert fault.kind is AudioErrorKind.CORRUPT
    assert "too large for sound" in fault.message
    samples[5000] = 2.0**31  # full scale, where a program took integers for it
    loud = load_waveform(write(tmp_path / "b.wav", samples, **FORMATS["wav-float"]))
    assert np.isfinite(loud.samples).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sample_rate": 999}, "sample_rate=999 must be between 1000 and 384000"),
        ({"block_frames": 0}, "block_frames=0 must be between 1"),
        ({"min_seconds": 0.0}, "min_seconds=0.0 must be above 0"),
        ({"max_seconds": 0.05}, "below max_seconds=0.05"),
        ({"max_seconds": math.inf}, "below max_seconds=inf"),
        ({"max_bytes": 0}, "max_bytes=0 must be at least 1"),
    ],
)
def test_settings_out_of_range_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        DecodeConfig(**changes)


class Played:
    """An open file that gives frames made by hand, then perhaps a complaint."""

    def __init__(self, frames: NDArray[np.float32], trouble: str | None = None) -> None:
        self.samplerate = 1000
        self.channels = frames.shape[1]
        self.is_closed = False
        self._frames = frames
        self._trouble = trouble

    def read_block(self, buffer: NDArray[np.float32]) -> tuple[int, str | None]:
        piece, self._frames = self._frames[: len(buffer)], self._frames[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece), None if len(self._frames) else self._trouble

    def close(self) -> None:
        self.is_closed = True


def played(
    n_frames: int, lengths: Lengths, *, trouble: str | None = None, level: float = 0.5
) -> tuple[Decoder, Played]:
    frames = np.full((n_frames, 2), level, dtype=np.float32)
    frames[::2] *= -1  # what stands still is silent
    sound = Played(frames, trouble)
    config = DecodeConfig(block_frames=300)
    path = Path("a.wav")
    decoder = Decoder(path, sound, lengths=lengths, container=Container.WAV, config=config)
    return decoder, sound


@pytest.mark.parametrize(
    ("lengths", "flags"),
    [
        (Lengths(), ()),
        (Lengths(declared=1052), ()),  # a twentieth of 1,052 is 52.6, and 52 are missing
        (Lengths(declared=1053), ("truncated",)),
        (Lengths(declared=1053, slack=53), ()),
        (Lengths(declared=900), ("truncated",)),  # the header says less than there is
        (Lengths(present=1053), ("partial",)),
        (Lengths(present=900), ()),  # a decoder may find more than was counted
        (Lengths(is_cut=True), ("truncated",)),
        (Lengths(declared=1053, present=1053), ("partial", "truncated")),
    ],
)
def test_lengths_become_flags(lengths: Lengths, flags: tuple[str, ...]) -> None:
    decoder, _ = played(1000, lengths)
    assert sum(map(len, decoder.blocks())) == 1000
    assert decoder.flags == flags


def test_sound_that_breaks_off_is_partial_and_closed() -> None:
    decoder, sound = played(1000, Lengths(), trouble="bad frame")
    assert sum(map(len, decoder.blocks())) == 1000
    assert decoder.flags == ("partial",)
    assert sound.is_closed


def test_sound_that_breaks_off_at_once_is_corrupt() -> None:
    decoder, sound = played(90, Lengths(), trouble="bad frame")
    with pytest.raises(AudioError, match=r"a.wav gives 0.090 s of sound before it breaks \(bad"):
        list(decoder.blocks())
    assert sound.is_closed


def test_facts_are_those_of_what_was_read() -> None:
    decoder, _ = played(1000, Lengths(declared=2000), level=-1.0)
    list(decoder.blocks())
    assert decoder.facts == SoundFacts(
        container="wav",
        sample_rate=1000,
        n_channels=2,
        duration_seconds=1.0,
        declared_seconds=2.0,
        peak=1.0,
        clipped_fraction=1.0,
        flags=("truncated",),
    )
