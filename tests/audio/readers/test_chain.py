"""Streams behind each other are one sound, whatever their sample rates and channels.

The rule: a file is heard to its end. Each part goes through its own resampler to the common rate,
and lasts as long as it did before the join.
"""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from genre.audio.decode import load_waveform, open_audio
from genre.audio.readers.chain import Chain
from genre.audio.sound import Buffer
from genre.errors import AudioError, AudioErrorKind
from tests.encoded import needs_ffmpeg
from tests.sounds import FORMATS, tone, write


class Held:
    """An open stream of constant frames."""

    def __init__(self, n_frames: int, *, rate: int = 44100, n_channels: int = 1) -> None:
        self.samplerate, self.channels = rate, n_channels
        self.n_left = n_frames
        self.is_closed = False

    def read_block(self, buffer: Buffer) -> tuple[int, str | None]:
        n_read = min(self.n_left, len(buffer))
        self.n_left -= n_read
        buffer[:n_read] = 0.5
        return n_read, None

    def close(self) -> None:
        self.is_closed = True


def broken() -> Held:
    raise AudioError(AudioErrorKind.CORRUPT, "a.ogg cannot be decoded")


def test_streams_of_one_layout_run_on() -> None:
    first, second = Held(10), Held(5)
    chain = Chain(Path("a.ogg"), [lambda: first, lambda: second])
    buffer = np.empty((8, 1), dtype=np.float32)
    assert [chain.read_block(buffer)[0] for _ in range(5)] == [8, 2, 5, 0, 0]
    assert first.is_closed
    assert not second.is_closed
    chain.close()
    assert second.is_closed


def test_another_layout_is_shown_before_its_frames() -> None:
    second = Held(5, rate=48000, n_channels=2)
    chain = Chain(Path("a.ogg"), [lambda: Held(3), lambda: second])
    assert chain.read_block(np.empty((8, 1), dtype=np.float32)) == (3, None)
    assert chain.read_block(np.empty((8, 1), dtype=np.float32)) == (0, None)
    assert (chain.samplerate, chain.channels) == (48000, 2)
    assert chain.read_block(np.empty((8, 2), dtype=np.float32)) == (5, None)
    assert chain.read_block(np.empty((8, 2), dtype=np.float32)) == (0, None)


def test_a_broken_or_impossible_stream_ends_the_sound_with_a_reason() -> None:
    for part, words in (
        (broken, "cannot be"),
        (lambda: Held(9, rate=5), "sample_rate=5 that must"),
    ):
        chain = Chain(Path("a.ogg"), [lambda: Held(3), part, lambda: Held(3)])
        assert chain.read_block(np.empty((8, 1), dtype=np.float32)) == (3, None)
        n_read, trouble = chain.read_block(np.empty((8, 1), dtype=np.float32))
        assert n_read == 0
        assert words in (trouble or "")


# (sample rate, channels, tone in Hz) of the parts
JOINS = {
    "mono jingle": [(44100, 1, 500.0), (44100, 2, 1000.0)],
    "stereo, then mono": [(44100, 2, 500.0), (44100, 1, 1000.0)],
    "44.1, then 48 kHz": [(44100, 2, 500.0), (48000, 2, 1000.0)],
    "low first": [(8000, 1, 500.0), (44100, 2, 9000.0)],
    "three": [(48000, 2, 500.0), (22050, 1, 1000.0), (32000, 2, 2000.0)],
    "there and back": [(44100, 1, 500.0), (48000, 1, 1000.0), (44100, 1, 1500.0)],
    "through the common rate": [(22050, 1, 500.0), (44100, 1, 1000.0), (22050, 2, 1500.0)],
}
SECONDS = 3.0


def joined(path: Path, form: str, parts: list[tuple[int, int, float]]) -> Path:
    pieces = []
    for rate, n_channels, frequency in parts:
        samples = np.tile(tone(SECONDS, rate, frequency=frequency)[:, None], (1, n_channels))
        pieces.append(write(path, samples, rate, **FORMATS[form]).read_bytes())
    path.write_bytes(b"".join(pieces))
    return path


def assert_heard(path: Path, parts: list[tuple[int, int, float]], *, off_seconds: float) -> None:
    waveform = load_waveform(path)
    n_parts = len(parts)
    assert waveform.duration_seconds == pytest.approx(n_parts * SECONDS, abs=n_parts * off_seconds)
    assert "partial" not in waveform.facts.flags
    for number, (_, _, frequency) in enumerate(parts):
        # the middle second of the part
        start = round((number * SECONDS + 1) * waveform.sample_rate)
        piece = waveform.samples[start : start + waveform.sample_rate]
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece))))
        assert abs(spectrum.argmax() - frequency) <= 1
        assert np.abs(piece).max() == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("name", JOINS)
@pytest.mark.parametrize("form", ["mp3", "ogg-vorbis", "ogg-opus"])
def test_a_file_whose_format_changes_is_heard_to_its_end(
    tmp_path: Path, form: str, name: str
) -> None:
    parts = JOINS[name]
    if form == "ogg-opus":  # which has few rates
        parts = [(48000 if rate > 24000 else 8000, n, min(f, 3000)) for rate, n, f in parts]
    assert_heard(joined(tmp_path / "a.bin", form, parts), parts, off_seconds=0.1)


@needs_ffmpeg
@pytest.mark.parametrize("name", JOINS)
def test_an_adts_file_whose_format_changes_is_heard_to_its_end(tmp_path: Path, name: str) -> None:
    path, pieces = tmp_path / "a.aac", []
    for rate, n_channels, frequency in JOINS[name]:
        source = f"aevalsrc=0.5*sin(2*PI*{frequency}*t):s={rate}:d={SECONDS}"
        command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-c:a", "aac"]
        pan = "|".join(f"c{k}=c0" for k in range(n_channels))
        command += ["-b:a", "96k", "-af", f"pan={n_channels}c|{pan}", str(path)]
        subprocess.run(command, check=True, timeout=60)
        pieces.append(path.read_bytes())
    path.write_bytes(b"".join(pieces))
    assert_heard(path, JOINS[name], off_seconds=0.15)


def test_tags_between_parts_and_damage_in_them_are_passed_over(tmp_path: Path) -> None:
    path = joined(tmp_path / "a.mp3", "mp3", [(44100, 1, 500.0)])
    first = path.read_bytes()
    second = joined(path, "mp3", [(48000, 2, 1000.0)]).read_bytes()
    tags = b"TAG".ljust(128, b"x") + b"ID3\x04\x00\x00\x00\x00\x02\x00" + bytes(256)
    path.write_bytes(first + tags + b"\xff\x00junk" * 99 + second)
    assert_heard(path, [(44100, 1, 500.0), (48000, 2, 1000.0)], off_seconds=0.12)


def test_a_lone_frame_with_other_bits_is_damage_and_no_stream(tmp_path: Path) -> None:
    path = joined(tmp_path / "a.mp3", "mp3", [(44100, 2, 500.0)])
    data = bytearray(path.read_bytes())
    place = data.find(data[:2], len(data) // 2)
    data[place + 3] |= 0xC0  # one frame says that it is mono
    path.write_bytes(data)
    decoder = open_audio(path)
    assert not isinstance(decoder._sound, Chain)
    decoder._sound.close()


def test_facts_are_those_of_the_longest_part(tmp_path: Path) -> None:
    jingle = write(tmp_path / "j.mp3", tone(1.0, 22050), 22050, **FORMATS["mp3"]).read_bytes()
    song = write(tmp_path / "s.mp3", np.ones((5 * 48000, 2)) * 0.1, 48000, **FORMATS["mp3"])
    song.write_bytes(jingle + song.read_bytes())
    facts = load_waveform(song).facts
    assert (facts.sample_rate, facts.n_channels) == (48000, 2)
    assert facts.duration_seconds == pytest.approx(6.0, abs=0.1)
