"""Every way in which a file is known to break a pipeline, built by the tests themselves.

row: the test, here or in the file named before it
    FLAC of 3 kB that claims 2**36 samples: a_flac_header_that_claims_all_there_can_be
    WAV of 944 bytes at 1 Hz: a_wav_file_at_one_hertz_is_refused_before_resampling
    WAV of 1 kB that claims 4 GB: a_wav_header_that_claims_4_gb
    OGG of 240 kB, an hour of silence: an_hour_of_silence_takes_little_memory
    NaN or Inf in a float WAV: decoder, samples_that_are_no_numbers_are_refused
    VBR MP3 without a Xing header: mpeg_stream, an_mp3_file_without_a_length_is_read_to_its_end
    truncated MP3, truncated FLAC: libsndfile, a_cut_file_is_flagged_truncated
    `x.mp3` that holds ffconcat: ffmpeg, references_to_other_files_are_not_followed
    empty, HTML or zip named `.mp3`: containers, what_is_no_sound_is_not_audio
    a task that segfaults: a_worker_that_is_lost_costs_one_file
    one-shot write of a long OGG/Vorbis: long_sound_is_written_in_blocks

rule: the tests
    1 regular file, size, magic bytes: decode, a_missing_file_a_folder_and_an_empty_file,
      a_pipe_is_refused_and_not_waited_for, every_format_gives_its_tone;
      decoder, length_and_size_have_limits
    2 killable worker with limits: a_worker_that_is_lost_costs_one_file,
      three_hours_take_little_memory; worker, processor_time_is_limited_unit_by_unit,
      workers_hold_nothing_heavy
    3 sample rate, channels, length: sound, odd_sample_rates_are_refused,
      too_many_channels_are_refused; the_length_after_resampling_has_the_cap_too
    4 lengths counted, NaN, silence, truncated, partial: decoder, mpeg_stream, flac, ogg, and here
    5 ffmpeg for the rest, restricted, killed with its worker: ffmpeg, child
    6 quarantine, max_bad_fraction: features, scripts
    7 kinds of AudioError: every_kind_of_fault_has_a_file
"""

import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from genre.audio.decode import DecodeConfig, load_waveform, open_audio
from genre.errors import AudioError, AudioErrorKind, ExecutionError
from genre.execution import ExecutionConfig, run_units
from tests.encoded import needs_ffmpeg
from tests.sounds import FORMATS, fault_of, tone, write

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, on Linux only")
ROOT = Path(__file__).resolve().parents[1]
MB = 2**20


def peak_memory_of(path: Path) -> tuple[float, float]:
    """Decode a file in a process of its own; give its seconds and the most memory held, in MB."""
    # getrusage would also count what the process that started this one held
    code = (
        "import re, sys; from pathlib import Path; from genre.audio.decode import open_audio\n"
        "decoder = open_audio(Path(sys.argv[1])); n = sum(map(len, decoder.resampled_blocks()))\n"
        "status = Path('/proc/self/status').read_text()\n"
        "print(n / 22050, re.search('VmHWM: *([0-9]+) kB', status.replace(chr(9), ' '))[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True, cwd=ROOT
    )
    seconds, kilobytes = done.stdout.split()
    return float(seconds), float(kilobytes) / 1024


@needs_proc
def test_a_flac_header_that_claims_all_there_can_be(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", tone(0.5, 44100), **FORMATS["flac"])
    content = bytearray(path.read_bytes())
    content[21:26] = bytes([content[21] | 0x0F]) + b"\xff" * 4
    path.write_bytes(content)
    seconds, memory = peak_memory_of(path)
    assert seconds == pytest.approx(0.5, abs=0.001)
    assert memory < 100


def test_a_wav_file_at_one_hertz_is_refused_before_resampling(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.zeros(450), 1)
    assert path.stat().st_size == 944
    fault = fault_of(path)
    assert fault.kind is AudioErrorKind.UNSUPPORTED
    assert "sample_rate=1 that must be" in fault.message


def wav(data: bytes, *, riff: int, size: int, form: bytes | None = None) -> bytes:
    """Write a WAV file by hand: mono, 16 bits, 44.1 kHz unless `form` says otherwise."""
    form = form or struct.pack("<HHIIHH", 1, 1, 44100, 88200, 2, 16)
    head = b"RIFF" + struct.pack("<I", riff) + b"WAVEfmt " + struct.pack("<I", len(form)) + form
    return head + b"data" + struct.pack("<I", size) + data


PCM = (tone(1.0, 44100) * 32767).astype("<i2").tobytes()


@needs_proc
def test_a_wav_header_that_claims_4_gb(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(PCM[:20_000], riff=0xFFFFFFF0, size=0xFFFFFFCC))
    seconds, memory = peak_memory_of(path)
    assert seconds == pytest.approx(10_000 / 44100, abs=0.001)
    assert memory < 100


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, len(PCM), len(PCM) * 3])
@pytest.mark.parametrize("riff", [0, 0xFFFFFFFF, 0x7FFFFFFF, 4, len(PCM) + 36])
def test_wav_sizes_that_are_wrong(tmp_path: Path, riff: int, size: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(PCM, riff=riff, size=size))
    assert load_waveform(path).duration_seconds == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize("size", [0, 1])
def test_a_wav_file_that_says_it_has_no_sound(tmp_path: Path, size: int) -> None:
    # programs that were stopped leave a size of 0; libsndfile then reads to the end, or nothing
    path = tmp_path / "a.wav"
    path.write_bytes(wav(PCM, riff=0, size=size))
    try:
        found = str(load_waveform(path).duration_seconds)
    except AudioError as error:
        found = error.kind.value
    assert found in ("1.0", "too_short")


@pytest.mark.parametrize("mask", [0, 0x3, 0xFFFFFFFF, 0x80000000, 0x0F])
def test_an_extensible_wav_file_of_any_layout(tmp_path: Path, mask: int) -> None:
    guid = bytes.fromhex("0100000000001000800000aa00389b71")
    form = struct.pack("<HHIIHHHHI", 0xFFFE, 2, 22050, 88200, 4, 16, 22, 16, mask) + guid
    path = tmp_path / "a.wav"
    path.write_bytes(wav(PCM, riff=len(PCM) + 60, size=len(PCM), form=form))
    waveform = load_waveform(path)
    assert (waveform.facts.n_channels, waveform.duration_seconds) == (2, 1.0)


@needs_proc
def test_an_hour_of_silence_takes_little_memory(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.ogg", np.zeros((3600 * 8000,), np.float32), 8000, **FORMATS["ogg-vorbis"]
    )
    assert path.stat().st_size < 500_000
    seconds, memory = peak_memory_of(path)
    assert seconds == pytest.approx(3600, abs=1)
    assert memory < 100


def long_mp3(path: Path, seconds: float) -> Path:
    """Write a long MP3 by repeating the frames of a short one, without a length in its head."""
    samples = np.stack([noise(10.0), noise(10.0) + tone(10.0, 44100)], axis=1) / 2
    options = {**FORMATS["mp3"], "bitrate_mode": "CONSTANT"}
    content = write(path, samples, **options).read_bytes()
    frames = content[content.find(content[:2], 4) :]
    path.write_bytes(frames * round(seconds / 10))
    return path


@needs_proc
@pytest.mark.slow
def test_three_hours_take_little_memory(tmp_path: Path) -> None:
    path = long_mp3(tmp_path / "a.mp3", 3 * 3600)
    assert path.stat().st_size > 100 * MB
    seconds, memory = peak_memory_of(path)
    assert seconds == pytest.approx(3 * 3600, rel=0.01)
    assert memory < 100


def test_the_length_after_resampling_has_the_cap_too(tmp_path: Path) -> None:
    # 8 kHz to 22,050 Hz: what is counted is time, which resampling does not change
    path = write(tmp_path / "a.wav", tone(3.0, 8000), 8000)
    config = DecodeConfig(max_seconds=2.0, block_frames=1000)
    decoder = open_audio(path, config)
    n_samples = 0
    try:
        for block in decoder.resampled_blocks():
            n_samples += len(block)
    except AudioError as error:
        kind = error.kind
    assert kind is AudioErrorKind.TOO_LONG
    assert n_samples <= 2.0 * 22050


def page_starts(ogg: bytes) -> list[int]:
    starts, position = [], 0
    while position < len(ogg):
        starts.append(position)
        n_segments = ogg[position + 26]
        position += 27 + n_segments + sum(ogg[position + 27 : position + 27 + n_segments])
    return starts


def noise(seconds: float, sample_rate: int = 44100) -> np.ndarray:
    return np.random.default_rng(3).normal(0, 0.1, round(seconds * sample_rate))


@pytest.mark.parametrize("name", ["ogg-vorbis", "ogg-opus"])
def test_an_ogg_file_cut_between_pages_is_flagged(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.ogg", noise(6.0, 48000), 48000, **FORMATS[name])
    content = path.read_bytes()
    assert load_waveform(path).facts.flags == ()
    starts = page_starts(content)
    path.write_bytes(content[: starts[len(starts) * 3 // 4]])
    waveform = load_waveform(path)
    assert "truncated" in waveform.facts.flags
    assert 2.0 < waveform.duration_seconds < 5.5


@pytest.mark.parametrize("name", ["ogg-vorbis", "ogg-opus"])
def test_ogg_streams_behind_each_other_are_read_to_the_end(tmp_path: Path, name: str) -> None:
    first = write(tmp_path / "a.ogg", noise(2.0, 48000), 48000, **FORMATS[name]).read_bytes()
    other = write(tmp_path / "b.ogg", tone(3.0, 48000), 48000, **FORMATS[name]).read_bytes()
    path = tmp_path / "c.ogg"
    path.write_bytes(first + other + first)
    waveform = load_waveform(path)
    assert waveform.duration_seconds == pytest.approx(7.0, abs=0.01)
    assert waveform.facts.flags == ()
    middle = waveform.samples[3 * 22050 : 4 * 22050]
    assert np.abs(np.fft.rfft(middle)).argmax() == 440
    path.write_bytes(first + other[: len(other) // 2])
    assert "truncated" in load_waveform(path).facts.flags


@needs_proc
def test_no_file_stays_open(tmp_path: Path) -> None:
    link = write(tmp_path / "a.ogg", noise(0.2), **FORMATS["ogg-vorbis"]).read_bytes()
    flac = write(tmp_path / "a.flac", noise(2.0), **FORMATS["flac"])
    (tmp_path / "chain.ogg").write_bytes(link * 30)
    (tmp_path / "short.flac").write_bytes(with_claimed_length(flac.read_bytes(), 4410))
    (tmp_path / "broken.ogg").write_bytes(link[:300])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for name in ("chain.ogg", "short.flac", "a.flac"):
        decoder = open_audio(tmp_path / name)
        held = [len(list(Path("/proc/self/fd").iterdir())) for _ in decoder.blocks()]
        assert max(held) <= before + 2
        assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert fault_of(tmp_path / "broken.ogg").kind is AudioErrorKind.CORRUPT
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_an_ogg_stream_of_another_kind_behind_the_first_is_heard_too(tmp_path: Path) -> None:
    first = write(tmp_path / "a.ogg", tone(2.0, 48000), 48000, **FORMATS["ogg-vorbis"])
    other = write(tmp_path / "b.ogg", tone(2.0, 44100), 44100, **FORMATS["ogg-vorbis"])
    path = tmp_path / "c.ogg"
    path.write_bytes(first.read_bytes() + other.read_bytes())
    waveform = load_waveform(path)
    assert waveform.duration_seconds == pytest.approx(4.0, abs=0.01)
    assert waveform.facts.flags == ()


def with_claimed_length(flac: bytes, n_frames: int) -> bytes:
    changed = bytearray(flac)
    changed[21:26] = bytes([changed[21] & 0xF0]) + struct.pack(">I", n_frames)
    return bytes(changed)


@pytest.mark.parametrize("tag", [b"", b"ID3\x04\x00\x00\x00\x00\x00\x05hello"])
def test_a_flac_header_that_claims_less_than_there_is(tmp_path: Path, tag: bytes) -> None:
    path = write(tmp_path / "a.flac", noise(4.0), **FORMATS["flac"])
    whole = load_waveform(path).samples
    path.write_bytes(tag + with_claimed_length(path.read_bytes(), 44100))
    waveform = load_waveform(path)
    assert waveform.facts.flags == ("truncated",)  # that is: the header says another length
    assert np.array_equal(waveform.samples, whole)


@pytest.mark.parametrize("seconds", [0.2, 4.0, 60.0])
def test_no_flac_file_is_thought_longer_than_it_is(tmp_path: Path, seconds: float) -> None:
    path = write(tmp_path / "a.flac", noise(seconds), **FORMATS["flac"])
    assert load_waveform(path).facts.flags == ()


def id3(n_bytes: int, content: bytes = b"") -> bytes:
    size = bytes(n_bytes >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + size + content.ljust(n_bytes, b"\0")[: len(content) or n_bytes]


PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\xff\xfb\x90\x00" * 20_000


@pytest.mark.parametrize(
    "before",
    [id3(300) + id3(5000), id3(10) * 3, id3(len(PICTURE), PICTURE) + id3(200)],
    ids=["two", "three", "picture"],
)
@pytest.mark.parametrize("name", ["mp3", "flac", "wav", "ogg-vorbis"])
def test_sound_behind_several_tags_is_read(tmp_path: Path, name: str, before: bytes) -> None:
    path = write(tmp_path / "a.x", tone(2.0, 44100), **FORMATS[name])
    path.write_bytes(before + path.read_bytes())
    waveform = load_waveform(path)
    assert waveform.duration_seconds == pytest.approx(2.0, abs=0.06)
    assert waveform.facts.flags == ()


def test_a_tag_that_claims_more_than_the_file_has(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(2.0, 44100), **FORMATS["mp3"])
    path.write_bytes(id3(100_000_000, b"TIT2 something") + path.read_bytes())
    assert load_waveform(path).duration_seconds == pytest.approx(2.0, abs=0.1)
    path.write_bytes(id3(100_000_000, b"TIT2 something"))
    assert fault_of(path).kind is AudioErrorKind.NOT_AUDIO


def ape(items: bytes) -> bytes:
    def end(flags: int) -> bytes:
        return b"APETAGEX" + struct.pack("<IIII", 2000, len(items) + 32, 1, flags) + bytes(8)

    return end(0xA0000000) + items + end(0x80000000)


@pytest.mark.parametrize("bitrate_mode", ["CONSTANT", "VARIABLE"])
def test_pictures_and_tags_around_an_mp3_are_no_sound(tmp_path: Path, bitrate_mode: str) -> None:
    options = {**FORMATS["mp3"], "bitrate_mode": bitrate_mode}
    path = write(tmp_path / "a.mp3", tone(3.0, 44100), **options)
    bare = path.read_bytes()
    frames = bare[bare.find(bare[:2], 4) :]
    id3v1 = b"TAG" + frames[:125]
    for sound in (bare, frames):
        for tail in (ape(frames[:5000]), id3v1, ape(PICTURE) + id3v1, id3(3000, frames[:3000])):
            path.write_bytes(id3(len(PICTURE), PICTURE) + sound + tail)
            waveform = load_waveform(path)
            assert waveform.duration_seconds == pytest.approx(3.0, abs=0.1)
            assert waveform.facts.flags == ()


def test_a_vbri_header_that_is_wrong_is_not_believed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(3.0, 44100), **FORMATS["mp3"])
    bare = path.read_bytes()
    start = bare.find(bare[:2], 4)
    vbri = bytearray(bare[:start])
    vbri[4:] = bytes(len(vbri) - 4)
    n_bytes, n_frames = len(bare) - start, 9_999
    vbri[36:58] = b"VBRI" + struct.pack(">HHHII", 1, 0, 75, n_bytes, n_frames) + bytes(4)
    path.write_bytes(bytes(vbri) + bare[start:])
    waveform = load_waveform(path)
    assert waveform.duration_seconds == pytest.approx(3.0, abs=0.1)
    assert waveform.facts.flags == ("truncated",)


def free_format(mp3: bytes, n_bytes: int) -> bytes:
    """Write constant-rate frames of MPEG 1 layer III again as free format, all of one length."""
    out, position = b"", 0
    while position + 4 <= len(mp3):
        padding = mp3[position + 2] >> 1 & 1
        length = 144 * 128_000 // 44_100 + padding
        frame = bytearray(mp3[position : position + length])
        frame[2] &= 0x0D  # bit rate 0 means free; no padding
        out += bytes(frame[:n_bytes]).ljust(n_bytes, b"\0")
        position += length
    return out


def test_an_mp3_file_of_free_format_has_its_length(tmp_path: Path) -> None:
    # at constant 128 kbit/s: the reservoir of bits is what would break when frames are lengthened
    path = tmp_path / "a.mp3"
    silent = bytes([0xFF, 0xFB, 0x90, 0xC0]).ljust(417, b"\0")
    path.write_bytes(free_format(silent * 200, 420))
    waveform = load_waveform(path)
    assert waveform.duration_seconds == pytest.approx(200 * 1152 / 44100, abs=0.1)
    assert waveform.facts.flags == ("silent",)


def test_codecs_are_not_heard_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.mp3", noise(3.0), **FORMATS["mp3"])
    content = bytearray(path.read_bytes())
    for start in range(2000, len(content), 900):
        content[start : start + 40] = bytes(40)
    path.write_bytes(content)
    assert load_waveform(path).duration_seconds > 0.5
    os.write(2, b"the terminal is there again")
    assert capfd.readouterr().err == "the terminal is there again"


def act(name: str) -> float:
    if name == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    if name == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "hang":
        time.sleep(60)
    if name == "grow":
        bytearray(10**10)
    return load_waveform(Path(name)).duration_seconds


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_worker_that_is_lost_costs_one_file(tmp_path: Path) -> None:
    good = str(write(tmp_path / "a.wav", tone(1.0, 44100)))
    bad = str(tmp_path / "missing.wav")
    units = [good, "segfault", good, "hang", good, "killed", bad, "grow", good]
    config = ExecutionConfig(n_workers=2, timeout_seconds=3.0, memory_mb=1000)
    ends = [
        (outcome.unit, outcome.result if outcome.error is None else outcome.error.kind.value)
        for outcome in run_units(act, units, config=config)
        if outcome.error is None or isinstance(outcome.error, AudioError | ExecutionError)
    ]
    expected = [(good, 1.0)] * 4 + [("segfault", "crashed"), ("hang", "timeout")]
    expected += [("killed", "crashed"), (bad, "missing"), ("grow", "out_of_memory")]
    assert sorted(ends, key=str) == sorted(expected, key=str)


def test_long_sound_is_written_in_blocks() -> None:
    # soundfile.write hands a whole array to libsndfile, which breaks on a long one in Vorbis
    for path in (ROOT / "genre").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "soundfile.write(" not in text or "VORBIS" not in text.upper(), path


def test_every_kind_of_fault_has_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    whole = write(tmp_path / "a.wav", tone(1.0, 44100))
    files = {
        AudioErrorKind.EMPTY: b"",
        AudioErrorKind.NOT_AUDIO: b"<html>",
        AudioErrorKind.UNSUPPORTED: b"\x00\x00\x00\x20ftypM4A ",
        AudioErrorKind.CORRUPT: b"fLaC" + bytes(100),
        AudioErrorKind.TOO_SHORT: wav(PCM[:2000], riff=2036, size=2000),
    }
    faults = {
        AudioErrorKind.MISSING: fault_of(tmp_path / "no"),
        AudioErrorKind.UNSAFE: fault_of(tmp_path),
    }
    for kind, content in files.items():
        (tmp_path / kind.value).write_bytes(content)
        faults[kind] = fault_of(tmp_path / kind.value)
    faults[AudioErrorKind.TOO_LONG] = fault_of(whole, DecodeConfig(max_seconds=0.5))
    faults[AudioErrorKind.TOO_LARGE] = fault_of(whole, DecodeConfig(max_bytes=10))
    assert {kind: fault.kind for kind, fault in faults.items()} == {kind: kind for kind in faults}
    # the other two are the worker's: test_a_worker_that_is_lost_costs_one_file
    assert set(AudioErrorKind) - set(faults) == {AudioErrorKind.TIMEOUT, AudioErrorKind.CRASHED}
    for fault in faults.values():
        assert "\n" not in fault.message
        assert fault.message.startswith(("path=", str(tmp_path)))


@pytest.mark.real
@needs_ffmpeg
def test_the_hostile_files_end_well_and_without_a_sound(
    shared_data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ends: dict[str, int] = {}
    for path in sorted((shared_data / "hostile").rglob("*")):
        started = time.monotonic()
        try:
            waveform = load_waveform(path)
            assert np.isfinite(waveform.samples).all()
            end = f"{waveform.facts.container} sound"
        except AudioError as error:
            end = error.kind.value
        assert time.monotonic() - started < 10
        ends[end] = ends.get(end, 0) + 1
    assert capfd.readouterr().err == ""
    assert ends["mp4 sound"] >= 15
    assert ends["asf sound"] >= 2
    assert ends["speex sound"] >= 2
    assert sum(n for end, n in ends.items() if end.endswith("sound")) > 180
    assert "timeout" not in ends
    assert "crashed" not in ends
