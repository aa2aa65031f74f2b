"""Any file in: sound of every usual kind comes out, everything else is a typed error."""

import math
import os
from pathlib import Path

import numpy as np
import pytest

from genre.audio.decode import (
    AUDIO_SUFFIXES,
    Container,
    DecodeConfig,
    load_waveform,
    open_audio,
    sniff,
)
from genre.errors import AudioError, AudioErrorKind, ConfigError
from tests.sounds import FORMATS, fault_of, tone, write


@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_its_tone(tmp_path: Path, name: str, n_channels: int) -> None:
    sample_rate = 48000 if name == "ogg-opus" else 44100
    samples = np.tile(tone(2.0, sample_rate)[:, None], (1, n_channels))
    # the name says nothing, in letters of three scripts
    waveform = load_waveform(write(tmp_path / "Ö 音 ф.x", samples, sample_rate, **FORMATS[name]))
    assert (waveform.facts.sample_rate, waveform.facts.n_channels) == (sample_rate, n_channels)
    assert waveform.facts.container == name.split("-")[0]
    assert waveform.facts.flags == ()
    assert waveform.samples.dtype == np.float32
    # MP3 encoders may leave a frame of delay at either end
    assert waveform.duration_seconds == pytest.approx(2.0, abs=0.06)
    middle = waveform.samples[11025:33075]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / math.sqrt(2), rel=0.02)
    assert np.abs(np.fft.rfft(middle)).argmax() == 440  # one second: bins of 1 Hz


@pytest.mark.parametrize("rate", [4000, 8000, 11025, 16000, 22050, 32000, 48000, 96000, 384000])
def test_every_rate_becomes_the_configured_one(tmp_path: Path, rate: int) -> None:
    waveform = load_waveform(write(tmp_path / "a.wav", tone(1.0, rate), rate))
    # within one sample of n * out / in
    assert abs(len(waveform.samples) - 22050) <= 1
    expected = tone(1.0, 22050)[1000:-1000]
    # soxr's HQ passes below 0.91 of the band; 16 bits leave 3e-5
    np.testing.assert_allclose(waveform.samples[1000 : 1000 + len(expected)], expected, atol=1e-3)


@pytest.mark.parametrize("block_frames", [1, 777, 65536])
def test_blocks_do_not_change_the_sound(tmp_path: Path, block_frames: int) -> None:
    rng = np.random.default_rng(1)
    path = write(tmp_path / "a.flac", rng.normal(0, 0.1, (9000, 2)), **FORMATS["flac"])
    cut = load_waveform(path, DecodeConfig(block_frames=block_frames))
    assert np.array_equal(cut.samples, load_waveform(path).samples)
    decoder = open_audio(path, DecodeConfig(block_frames=block_frames))
    assert {len(block) for block in decoder.blocks()} - {9000 % block_frames} <= {block_frames}


def test_channels_are_averaged(tmp_path: Path) -> None:
    channels = np.zeros((22050, 4))
    channels[:, 1] = 0.5
    waveform = load_waveform(write(tmp_path / "a.wav", channels, 22050))
    assert (waveform.samples == 0.125).all()


def test_a_file_that_is_not_whole_text_in_its_name_is_read(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.wav", tone(1.0, 22050), 22050)
    try:
        odd = plain.rename(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.wav")))
    except OSError:
        pytest.skip("this file system takes only names that are text")
    assert load_waveform(odd).duration_seconds == 1.0
    odd.write_bytes(b"no sound")
    with pytest.raises(AudioError) as caught:
        load_waveform(odd)
    assert str(caught.value).encode("utf-8")


def test_silence_is_flagged(tmp_path: Path) -> None:
    quiet = np.zeros(22050)
    assert load_waveform(write(tmp_path / "a.wav", quiet, 22050)).facts.flags == ("silent",)
    quiet[5] = 0.01
    assert load_waveform(write(tmp_path / "b.wav", quiet, 22050)).facts.flags == ()


def test_a_missing_file_a_folder_and_an_empty_file(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "no.wav").kind is AudioErrorKind.MISSING
    assert fault_of(tmp_path).kind is AudioErrorKind.UNSAFE
    (tmp_path / "empty.mp3").touch()
    assert fault_of(tmp_path / "empty.mp3").kind is AudioErrorKind.EMPTY


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert fault_of(tmp_path / "pipe.wav").kind is AudioErrorKind.UNSAFE


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html>" * 100,
        b"PK\x03\x04" + bytes(5000),
        b"ffconcat version 1.0\nfile other.mp3\n",
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(5000),
        b"\xff\xfe\x0a\x00h\x00e\x00l\x00l\x00o\x00",
        b"\x00",
        b"ID3\x04\x00\x00\x00\x00\x00\x05hello",
    ],
    ids=["html", "zip", "ffconcat", "jpeg", "utf-16", "zero", "tag only"],
)
def test_what_is_no_sound_is_not_audio(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    assert fault_of(path).kind is AudioErrorKind.NOT_AUDIO


@pytest.mark.parametrize(
    ("content", "container"),
    [
        (b"\x00\x00\x00\x20ftypM4A ", Container.MP4),
        (b"\x00\x00\x00\x20moov", Container.MP4),
        (bytes.fromhex("3026b2758e66cf11"), Container.ASF),
        (b"\xff\xf1\x50\x80", Container.AAC),
        (b"ID3\x04\x00\x00\x00\x00\x00\x02hi\xff\xf1\x50\x80", Container.AAC),
        (b"\x1a\x45\xdf\xa3", Container.MATROSKA),
        (b"RIFF\x00\x00\x00\x00AVI LIST", Container.AVI),
        (b"OggS".ljust(28, b"\0") + b"Speex   1.2", Container.SPEEX),
        (b"MAC \x96\x0f", Container.APE),
        (b"wvpk", Container.WAVPACK),
        (b"MP+\x07", Container.MUSEPACK),
        (b"MPCK", Container.MUSEPACK8),
        (b"TTA1", Container.TTA),
        (b"DSD ", Container.DSF),
        (b"FRM8", Container.DSDIFF),
        (b"#!AMR\n", Container.AMR),
    ],
)
def test_without_ffmpeg_a_file_for_it_says_what_to_install(
    tmp_path: Path, content: bytes, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.mp3"
    path.write_bytes(content + bytes(100))
    assert sniff(path) is container
    fault = fault_of(path)
    assert fault.kind is AudioErrorKind.UNSUPPORTED
    assert "install ffmpeg (Debian: apt-get install ffmpeg) or convert it" in fault.message


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


@pytest.mark.parametrize("rate", [1, 3999, 384001])
def test_odd_sample_rates_are_refused(tmp_path: Path, rate: int) -> None:
    fault = fault_of(write(tmp_path / "a.wav", np.zeros(900), rate))
    assert fault.kind is AudioErrorKind.UNSUPPORTED
    assert f"sample_rate={rate} that must be between 4000 and 384000" in fault.message


def test_too_many_channels_are_refused(tmp_path: Path) -> None:
    assert load_waveform(write(tmp_path / "8.wav", np.ones((9000, 8)) / 2)).facts.n_channels == 8
    fault = fault_of(write(tmp_path / "9.wav", np.ones((9000, 9)) / 2))
    assert fault.kind is AudioErrorKind.UNSUPPORTED
    assert "n_channels=9 that must be between 1 and 8" in fault.message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sample_rate": 3999}, "sample_rate=3999 must be between 4000 and 384000"),
        ({"block_frames": 0}, "block_frames=0 must be between 1"),
        ({"min_seconds": 0.0}, "min_seconds=0.0 must be above 0"),
        ({"max_seconds": 0.05}, "below max_seconds=0.05"),
        ({"max_seconds": math.inf}, "below max_seconds=inf"),
        ({"max_bytes": 0}, "max_bytes=0 must be at least 1"),
    ],
)
def test_settings_out_of_range_are_named(changes: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        DecodeConfig(**changes)  # type: ignore[arg-type]  # the point of the test


def test_suffixes_are_lower_case_and_have_what_people_have() -> None:
    assert {".mp3", ".wav", ".flac", ".ogg", ".opus", ".aiff", ".m4a", ".wma"} <= AUDIO_SUFFIXES
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in AUDIO_SUFFIXES)
