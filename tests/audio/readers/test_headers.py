"""A header that denies the sound behind it is not believed.

The rule: a length in a header never makes sound disappear. What is there is decoded and flagged;
only a file in which nothing but other chunks follow has no sound.
"""

from pathlib import Path

import numpy as np
import pytest

from genre.audio.decode import load_waveform
from genre.audio.readers.headers import mended_au, mended_wav
from genre.errors import AudioErrorKind
from tests.sounds import FORMATS, fault_of, tone, write

STEREO = np.tile(tone(3.0, 44100)[:, None], (1, 2))
CHUNKS = {
    "bext": b"bext" + (602).to_bytes(4, "little") + bytes(602),
    "odd LIST": b"LIST" + (5).to_bytes(4, "little") + b"INFO\0\0",
}


def wav(path: Path, form: str = "wav", *, before: bytes = b"", after: bytes = b"") -> bytearray:
    data = bytearray(write(path, STEREO, **FORMATS[form]).read_bytes())
    place = data.find(b"data")
    data[place:place] = before
    return data + after


def claim(data: bytearray, n_bytes: int, *, riff: int | None = None) -> bytearray:
    place = data.find(b"data")
    data[place + 4 : place + 8] = n_bytes.to_bytes(4, "little")
    if riff is not None:
        data[4:8] = riff.to_bytes(4, "little")
    return data


def assert_whole(path: Path, data: bytes | bytearray) -> None:
    path.write_bytes(data)
    waveform = load_waveform(path)
    assert waveform.duration_seconds == pytest.approx(3.0, abs=0.01)
    spectrum = np.abs(np.fft.rfft(waveform.samples[: 2 * 22050]))
    assert spectrum.argmax() == 880  # 440 Hz in two seconds
    assert waveform.facts.peak == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("form", ["wav", "wav-24", "wav-float"])
@pytest.mark.parametrize("claimed", [0, 4, 44, 5000])
@pytest.mark.parametrize("riff", [None, 0, 36, 0xFFFFFFFF])
def test_a_wav_that_claims_nothing_or_little_is_read(
    tmp_path: Path, form: str, claimed: int, riff: int | None
) -> None:
    path = tmp_path / "a.wav"
    assert_whole(path, claim(wav(path, form), claimed, riff=riff))
    assert load_waveform(path).facts.flags == ("truncated",)
    frame_bytes = {"wav": 4, "wav-24": 6, "wav-float": 8}[form]
    declared = load_waveform(path).facts.declared_seconds
    assert declared == pytest.approx(claimed // frame_bytes / 44100)


@pytest.mark.parametrize("chunk", CHUNKS)
@pytest.mark.parametrize("magic", [b"RIFF", b"RF64", b"BW64"])
@pytest.mark.parametrize("claimed", [0, 0xFFFFFFFF])
def test_a_broadcast_wav_without_a_length_is_read(
    tmp_path: Path, chunk: str, magic: bytes, claimed: int
) -> None:
    path = tmp_path / "a.wav"
    ds64 = b"" if magic == b"RIFF" else b"ds64" + (28).to_bytes(4, "little") + bytes(28)
    data = claim(wav(path, before=CHUNKS[chunk]), claimed, riff=claimed)
    data[:4] = magic
    data[12:12] = ds64
    assert_whole(path, data)


def test_a_whole_bw64_is_read_without_a_flag(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    n_bytes = 3 * 44100 * 4
    sizes = b"".join(n.to_bytes(8, "little") for n in (n_bytes + 72, n_bytes, 3 * 44100))
    data = claim(wav(path, after=CHUNKS["odd LIST"]), 0xFFFFFFFF, riff=0xFFFFFFFF)
    data[:4] = b"BW64"
    data[12:12] = b"ds64" + (28).to_bytes(4, "little") + sizes + bytes(4)
    assert_whole(path, data)
    assert load_waveform(path).facts.flags == ()


def test_a_big_endian_wav_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", STEREO, format="WAV", subtype="PCM_16", endian="BIG")
    data = bytearray(path.read_bytes())
    assert data[:4] == b"RIFX"
    place = data.find(b"data")
    data[place + 4 : place + 8] = bytes(4)
    assert_whole(path, data)


@pytest.mark.parametrize("after", [b"", CHUNKS["bext"], CHUNKS["bext"] + CHUNKS["odd LIST"]])
def test_a_wav_that_really_has_no_sound_is_too_short(tmp_path: Path, after: bytes) -> None:
    path = write(tmp_path / "a.wav", STEREO[:0], **FORMATS["wav"])
    path.write_bytes(path.read_bytes() + after)
    assert mended_wav(path, 0) is None
    assert fault_of(path).kind is AudioErrorKind.TOO_SHORT


@pytest.mark.parametrize("after", [b"", CHUNKS["bext"], b"TAG".ljust(128, b"\0"), bytes(1)])
def test_a_right_header_is_left_alone(tmp_path: Path, after: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(path, after=after))
    assert mended_wav(path, 0) is None
    path.write_bytes(path.read_bytes()[:100_000])  # nor is one that claims too much
    assert mended_wav(path, 0) is None


@pytest.mark.parametrize("n_bytes", range(0, 60, 3))
def test_a_cut_header_is_no_trouble(tmp_path: Path, n_bytes: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(claim(wav(path), 0)[:n_bytes])
    mended = mended_wav(path, 0)
    assert mended is None or mended.start <= n_bytes


def test_an_au_file_that_claims_nothing_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.au", STEREO, **FORMATS["au"])
    data = path.read_bytes()
    assert mended_au(path, 0) is None
    assert_whole(path, data[:8] + bytes(4) + data[12:])
    assert load_waveform(path).facts.flags == ("truncated",)


@pytest.mark.parametrize("form", ["aiff", "w64", "caf"])
def test_other_containers_with_a_length_of_0_are_read(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "a.x", STEREO, **FORMATS[form])
    data = bytearray(path.read_bytes())
    place = data.find(b"SSND" if form == "aiff" else b"data")
    skip, n_bytes = {"aiff": (4, 4), "w64": (16, 8), "caf": (4, 8)}[form]
    data[place + skip : place + skip + n_bytes] = bytes(n_bytes)
    if form == "aiff":
        place = data.find(b"COMM")
        data[place + 10 : place + 14] = bytes(4)
    assert_whole(path, data)
